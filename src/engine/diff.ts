import { type Diagnostic, problem } from '../model/diagnostic.ts';
import { type Spec, sameJson } from '../model/json.ts';
import type { Operation } from '../model/operation.ts';
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

/** What has to happen so that what is found becomes the goal. Empty when it is the goal already. */
export function diff(goal: Goal, found: ReadonlyMap<string, Found>): Difference {
  const desired = new Set(goal.desired.map((resource) => resource.id));
  const looked = subjectsOf(goal).flatMap((resource): readonly Looked[] => {
    const there = found.get(resource.id);
    return there ? [{ resource, found: there }] : [];
  });
  const drafts = looked.flatMap((one) => (desired.has(one.resource.id) ? keep(goal, one) : letGo(goal, one)));
  const operations = cascade(goal, drafts, found);
  const explicit = new Map(operations.map((operation) => [operation.id, operation]));
  // What stands in a container that goes away anyhow is in nobody's way.
  const inTheWay = goal.foreign !== 'refuse' ? [] : looked.filter(isForeign);
  const diagnostics = inTheWay
    .filter(({ resource }) => explicit.get(resource.id)?.takenBy === null)
    .map(({ resource, found: { whose } }) => foreignObject(resource, whose));
  return { operations, diagnostics };
}

function keep(goal: Goal, one: Looked): readonly Operation[] {
  const { resource, found } = one;
  const recorded = goal.recorded.get(resource.id);
  const cause = recorded && (found.spec === null || sameJson(recorded.spec, resource.spec)) ? 'drift' : 'file';
  if (found.spec === null) return [operation(resource, 'create', { before: null, after: resource.spec, cause })];
  if (isForeign(one) && goal.foreign === 'leave') return [];
  if (!isForeign(one) && sameJson(found.spec, resource.spec)) return [];
  const immutable = kindOf(goal, resource).immutable;
  const before = found.spec;
  const fixed = immutable.some((field) => !sameJson(before[field], resource.spec[field]));
  return [operation(resource, fixed ? 'replace' : 'update', { before, after: resource.spec, cause })];
}

function letGo(goal: Goal, one: Looked): readonly Operation[] {
  const { resource, found } = one;
  const recorded = goal.recorded.get(resource.id);
  if (found.spec === null || !recorded) return [];
  if (found.owner === 'shared' && goal.heldByOthers.has(resource.id)) return [];
  if (isForeign(one) && goal.foreign === 'leave') return [];
  const target = kindOf(goal, resource).released(recorded, found.spec);
  if (target === null) return [operation(resource, 'delete', { before: found.spec, after: null, cause: 'file' })];
  if (sameJson(target, found.spec)) return [];
  return [operation(resource, 'update', { before: found.spec, after: target, cause: 'file' })];
}

const isForeign = (one: Looked): boolean => one.found.owner === 'foreign' && one.found.spec !== null;

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

function foreignObject(resource: Resource, whose: string | null): Diagnostic {
  const at = resource.origin && atKey(resource.origin);
  return problem('foreign-object', at, `${resource.id} is already there: ${whose ?? "no mark of netform's"}`, {
    foreign: true,
    hint: 'remove or rename one of the two, or run again with --adopt to take it over',
  });
}
