import { type Spec, sameJson } from '../../model/json.ts';
import type { Operation } from '../../model/operation.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import { appendTo } from '../../model/values/group-by.ts';
import { type Goal, subjectsOf } from '../goal.ts';

/**
 * Adds what the kernel does by itself. A resource in a replaced container, or only in deleted containers, is replaced
 * with them (or deleted, when it is not desired any more); in the second case the container's delete includes its own.
 */
export function cascade(
  goal: Goal,
  drafts: readonly Operation[],
  found: ReadonlyMap<string, Observation>,
): readonly Operation[] {
  const operations = new Map(drafts.map((draft) => [draft.id, draft]));
  const subjects = new Map(subjectsOf(goal).map((resource) => [resource.id, resource]));
  const places = containersById(goal, subjects.values(), found);
  const dependents = dependentsByContainer(subjects.values(), places);
  const followers = followersById(goal.desired);
  const desired = new Set(goal.desired.map((resource) => resource.id));
  const reached = [...operations.keys()];
  for (const id of reached) {
    if (operations.get(id)?.action === 'replace') {
      for (const resource of followers.get(id) ?? []) {
        const remade = replacedWith(resource, operations.get(resource.id), found.get(resource.id));
        if (remade) operations.set(resource.id, remade);
      }
    }
    for (const inside of dependents.get(id) ?? []) {
      const containers = places.get(inside.id) ?? [];
      const moved = cascadeTo(inside, { operations, desired, containers, there: found.get(inside.id) });
      if (!moved) continue;
      operations.set(inside.id, moved);
      reached.push(inside.id);
    }
  }
  return [...operations.values()].map((operation) => {
    const { id } = operation;
    if (isElsewhere(subjects.get(id), goal.recorded.get(id), found.get(id)?.spec ?? null)) return operation;
    return markDeletedWith(operation, places.get(id) ?? [], operations);
  });
}

type CascadeContext = {
  readonly operations: ReadonlyMap<string, Operation>;
  readonly desired: ReadonlySet<string>;
  readonly containers: readonly string[];
  readonly there: Observation | undefined;
};

type ContainersById = ReadonlyMap<string, readonly string[]>;

/** The containers that each resource has now: the desired ones when it is in its desired state, otherwise the recorded. */
function containersById(
  goal: Goal,
  resources: Iterable<Resource>,
  found: ReadonlyMap<string, Observation>,
): ContainersById {
  return new Map(
    [...resources].map(({ id, spec, within }) => {
      const recorded = goal.recorded.get(id)?.within;
      const isThere = recorded === undefined || sameJson(found.get(id)?.spec ?? null, spec);
      return [id, isThere ? within : recorded];
    }),
  );
}

/**
 * Whether a thing is perhaps not in the containers that are known: it is neither as recorded nor as desired, so that another
 * hand, or a run that was killed, may have put it elsewhere. It is deleted by itself then.
 */
function isElsewhere(subject: WithSpec | undefined, recorded: WithSpec | undefined, there: Spec | null): boolean {
  return there !== null && ![subject, recorded].some((known) => sameJson(there, known?.spec ?? null));
}

type WithSpec = Pick<Resource, 'spec'>;

function dependentsByContainer(
  resources: Iterable<Resource>,
  places: ContainersById,
): ReadonlyMap<string, readonly Resource[]> {
  const dependents = new Map<string, Resource[]>();
  for (const resource of resources) {
    for (const container of places.get(resource.id) ?? []) appendTo(dependents, container, resource);
  }
  return dependents;
}

function followersById(desired: readonly Resource[]): ReadonlyMap<string, readonly Resource[]> {
  const followers = new Map<string, Resource[]>();
  for (const resource of desired) for (const id of resource.remadeWith ?? []) appendTo(followers, id, resource);
  return followers;
}

/** What becomes of a thing that is made again with another; null: nothing new. */
function replacedWith(
  resource: Resource,
  now: Operation | undefined,
  there: Observation | undefined,
): Operation | null {
  const before = there?.spec ?? null;
  if (before === null || there?.owner === 'foreign' || (now && now.action !== 'update')) return null;
  if (now) return { ...now, action: 'replace', cause: 'cascade' };
  return replacedByCascade(resource, before);
}

/** What becomes of a thing in a container that has an operation; null: nothing new. */
function cascadeTo(inside: Resource, around: CascadeContext): Operation | null {
  const now = around.operations.get(inside.id);
  const before = around.there?.spec ?? null;
  if (before === null || (now && now.action !== 'update')) return null;
  const actions = around.containers.map((id) => around.operations.get(id)?.action ?? 'kept');
  // What another program made does not stand in what is not there yet: it is in the way, and stays.
  const staying = around.there?.owner === 'foreign' ? ['kept', 'update', 'create'] : ['kept', 'update'];
  const gone = actions.every((action) => !staying.includes(action));
  if (!gone && !actions.includes('replace')) return null;
  if (!around.desired.has(inside.id)) return now ? { ...now, action: 'delete', after: null, changes: [] } : null;
  if (now) return { ...now, action: 'replace', cause: 'cascade' };
  return replacedByCascade(inside, before);
}

function replacedByCascade(inside: Resource, before: Spec): Operation {
  const { kind, id, netns, spec, dependsOn, within, origin, note } = inside;
  return {
    action: 'replace',
    kind,
    id,
    netns,
    before,
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

function markDeletedWith(
  operation: Operation,
  containers: readonly string[],
  operations: ReadonlyMap<string, Operation>,
): Operation {
  if (operation.action !== 'delete' && operation.action !== 'replace') return operation;
  const allGo = containers.every((id) => {
    const action = operations.get(id)?.action;
    return action !== undefined && action !== 'update';
  });
  return allGo ? { ...operation, takenBy: containers[0] ?? null } : operation;
}
