import type { Operation } from '../model/operation.ts';
import type { Found, Resource } from '../model/resource.ts';
import { type Goal, subjectsOf } from './goal.ts';

/**
 * Adds what the kernel does by itself. What stands in a replaced container, or only in containers that go, is
 * replaced with it (or goes, when nobody wants it any more); in the second case its delete is taken by the container's.
 */
export function cascade(
  goal: Goal,
  drafts: readonly Operation[],
  found: ReadonlyMap<string, Found>,
): readonly Operation[] {
  const operations = new Map(drafts.map((draft) => [draft.id, draft]));
  const subjects = new Map(subjectsOf(goal).map((resource) => [resource.id, resource]));
  const dependents = dependentsOf(goal, subjects.values());
  const desired = new Set(goal.desired.map((resource) => resource.id));
  const reached = [...operations.keys()];
  for (const id of reached) {
    for (const inside of dependents.get(id) ?? []) {
      const moved = follow(goal, inside, { operations, desired, spec: found.get(inside.id)?.spec ?? null });
      if (!moved) continue;
      operations.set(inside.id, moved);
      reached.push(inside.id);
    }
  }
  return [...operations.values()].map((operation) => taken(goal, operation, operations));
}

type Around = {
  readonly operations: ReadonlyMap<string, Operation>;
  readonly desired: ReadonlySet<string>;
  readonly spec: Operation['before'];
};

function dependentsOf(goal: Goal, resources: Iterable<Resource>): ReadonlyMap<string, readonly Resource[]> {
  const dependents = new Map<string, Resource[]>();
  for (const resource of resources) {
    for (const container of containersOf(goal, resource)) {
      const list = dependents.get(container);
      if (list) list.push(resource);
      else dependents.set(container, [resource]);
    }
  }
  return dependents;
}

/** Where it stands now: as recorded, or as desired when it never was. */
const containersOf = (goal: Goal, one: { readonly id: string; readonly within: readonly string[] }) =>
  goal.recorded.get(one.id)?.within ?? one.within;

/** What becomes of a thing in a container that has an operation; null: nothing new. */
function follow(goal: Goal, inside: Resource, around: Around): Operation | null {
  const now = around.operations.get(inside.id);
  if (around.spec === null || (now && now.action !== 'update')) return null;
  const actions = containersOf(goal, inside).map((id) => around.operations.get(id)?.action ?? 'kept');
  const gone = actions.every((action) => action !== 'kept' && action !== 'update');
  if (!gone && !actions.includes('replace')) return null;
  if (!around.desired.has(inside.id)) return now ? { ...now, action: 'delete', after: null, changes: [] } : null;
  if (now) return { ...now, action: 'replace', cause: 'cascade' };
  const { kind, id, netns, spec, dependsOn, within, origin, note } = inside;
  return {
    action: 'replace',
    kind,
    id,
    netns,
    before: around.spec,
    after: spec,
    changes: [],
    cause: 'cascade',
    takenBy: null,
    dependsOn,
    within,
    origin,
    note,
  };
}

function taken(goal: Goal, operation: Operation, operations: ReadonlyMap<string, Operation>): Operation {
  if (operation.action !== 'delete' && operation.action !== 'replace') return operation;
  const containers = containersOf(goal, operation);
  const allGo = containers.every((id) => {
    const action = operations.get(id)?.action;
    return action !== undefined && action !== 'update';
  });
  return allGo ? { ...operation, takenBy: containers[0] ?? null } : operation;
}
