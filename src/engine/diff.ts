import { type Diagnostic, problem } from '../model/diagnostic.ts';
import { type Spec, sameJson } from '../model/json.ts';
import type { Live } from '../model/live.ts';
import type { Change, Operation } from '../model/operation.ts';
import { atKey } from '../model/place.ts';
import type { Found, Resource } from '../model/resource.ts';
import { cascade } from './cascade.ts';
import { changesOf } from './changes.ts';
import { type Goal, kindOf, subjectsOf } from './goal.ts';

export type Difference = {
  /** In no order; at most one an id. */
  readonly operations: readonly Operation[];
  /** The objects that are not ours and in the way. Nothing may be executed when there is one. */
  readonly diagnostics: readonly Diagnostic[];
};

type Looked = { readonly resource: Resource; readonly found: Found };

/** The machine as it was read, and what is there as the state describes it. */
type Seen = { readonly live: Live; readonly before: ReadonlyMap<string, Found> };

/** What has to happen so that what is found becomes the goal. Empty when it is the goal already. */
export function diff(goal: Goal, found: ReadonlyMap<string, Found>, seen: Seen): Difference {
  const desired = new Set(goal.desired.map((resource) => resource.id));
  const looked = subjectsOf(goal).flatMap((resource): readonly Looked[] => {
    const there = found.get(resource.id);
    return there ? [{ resource, found: there }] : [];
  });
  const drafts = looked.flatMap((one) =>
    desired.has(one.resource.id) ? keep(goal, one, seen) : letGo(goal, one, seen),
  );
  const operations = cascade(goal, drafts, found);
  const explicit = new Map(operations.map((operation) => [operation.id, operation]));
  const diagnostics = looked.flatMap((one) => {
    const planned = explicit.get(one.resource.id);
    // What stands in a container that goes away anyhow is in nobody's way.
    if (goal.foreign === 'leave' || !isForeign(one) || planned?.takenBy !== null) return [];
    const remedy = remedyFor(goal, one, { isDesired: desired.has(one.resource.id) });
    return remedy === null ? [] : [foreignObject(one, remedy)];
  });
  return { operations, diagnostics };
}

function keep(goal: Goal, one: Looked, { before }: Seen): readonly Operation[] {
  const { resource, found } = one;
  const recorded = goal.recorded.get(resource.id);
  const cause: Operation['cause'] =
    recorded && (found.spec === null || sameJson(recorded.spec, resource.spec)) ? 'drift' : 'file';
  const canMake = kindOf(goal, resource).canMake?.(resource.spec) ?? true;
  if (found.spec === null && !canMake) return [];
  if (found.spec === null) return [operation(resource, 'create', { before: null, after: resource.spec, cause })];
  if (isForeign(one) && goal.foreign === 'leave') return [];
  if (!isForeign(one) && sameJson(found.spec, resource.spec)) return [];
  const fixed = fixedFields(goal, one).length > 0;
  if (fixed && !canMake) return [];
  const states = { before: found.spec, after: resource.spec, cause };
  const draft = operation(resource, fixed ? 'replace' : 'update', states);
  const byHand = cause === 'file' && recorded ? byHandOf(recorded.spec, before.get(resource.id)?.spec ?? null) : [];
  return [
    {
      ...draft,
      ...(byHand.length > 0 ? { byHand } : {}),
      ...(isForeign(one) ? { takenFrom: found.whose ?? "no mark of netform's" } : {}),
    },
  ];
}

function letGo(goal: Goal, one: Looked, { live }: Seen): readonly Operation[] {
  const { resource, found } = one;
  const recorded = goal.recorded.get(resource.id);
  if (found.spec === null || !recorded) return [];
  if (found.owner === 'shared' && goal.heldByOthers.has(resource.id)) return [];
  if (isForeign(one) && goal.foreign === 'leave') return [];
  const target = kindOf(goal, resource).released(recorded, found.spec, live);
  if (target === null) return [operation(resource, 'delete', { before: found.spec, after: null, cause: 'file' })];
  if (sameJson(target, found.spec)) return [];
  const back = operation(resource, 'update', { before: found.spec, after: target, cause: 'file' });
  return [found.owner === 'ours' ? { ...back, givenBack: true } : back];
}

const isForeign = (one: Looked): boolean => one.found.owner === 'foreign' && one.found.spec !== null;

const fixedFields = (goal: Goal, { resource, found }: Looked): readonly string[] =>
  kindOf(goal, resource).immutable.filter((field) => !sameJson(found.spec?.[field], resource.spec[field]));

/** What somebody changed since it was recorded; what was not recorded does not count. */
const byHandOf = (recorded: Spec, found: Spec | null): readonly Change[] =>
  found === null ? [] : changesOf(recorded, found).filter(({ before }) => before !== null);

/** What to do about a foreign object; null: it is taken over. */
function remedyFor(goal: Goal, one: Looked, { isDesired }: { readonly isDesired: boolean }): string | null {
  const { resource, found } = one;
  if (!isDesired) return `netform forget ${goal.lab} --resource ${resource.id} lets go of it and leaves it as it is`;
  if (found.remedy !== undefined) return found.remedy;
  const fixed = found.stray ? [] : fixedFields(goal, one);
  if (fixed.length > 0) return 'remove or rename one of the two: it is too different to be taken over';
  return goal.foreign === 'adopt' ? null : 'remove or rename one of the two, or run again with --adopt to take it over';
}

function operation(
  resource: Resource,
  action: Operation['action'],
  states: { readonly before: Spec | null; readonly after: Spec | null; readonly cause: Operation['cause'] },
): Operation {
  const { kind, id, netns, dependsOn, within, origin, note } = resource;
  const { before, after } = states;
  const changes = before && after ? changesOf(before, after) : [];
  return { action, kind, id, netns, ...states, changes, takenBy: null, dependsOn, within, origin, note };
}

function foreignObject({ resource, found: { whose } }: Looked, remedy: string): Diagnostic {
  const at = resource.origin && atKey(resource.origin);
  return problem('foreign-object', at, `${resource.id} is already there: ${whose ?? "no mark of netform's"}`, {
    foreign: true,
    hint: remedy,
  });
}
