import { type Spec, sameJson } from '../model/json.ts';
import type { Kind } from '../model/kind.ts';
import type { Live } from '../model/live.ts';
import type { Found, Resource } from '../model/resource.ts';
import { contextOf, type Goal, kindOf, recordedResources, subjectsOf } from './goal.ts';

/** What is there under each desired or recorded id. */
export function observe(live: Live, goal: Goal): ReadonlyMap<string, Found> {
  const names = namesOf(goal);
  return new Map(subjectsOf(goal).map((resource) => [resource.id, lookByName({ live, goal, names }, resource)]));
}

/**
 * What a run has to come back to: the same, but what the state knows is looked at as the state describes it. Of a cable
 * that shall lead elsewhere, for example, the old far end is then in it too.
 */
export function observeBefore(live: Live, goal: Goal, found: ReadonlyMap<string, Found>): ReadonlyMap<string, Found> {
  const desired = new Map(goal.desired.map((resource) => [resource.id, resource.spec]));
  const changed = recordedResources(goal).filter(({ id, spec }) => !sameJson(desired.get(id) ?? spec, spec));
  const asRecorded = changed.map((one): readonly [string, Found] => {
    const before = look(live, goal, one);
    const spec = unionOf(kindOf(goal, one), before.spec, found.get(one.id)?.spec ?? null);
    return [one.id, { ...before, spec }];
  });
  return new Map([...found, ...asRecorded]);
}

function unionOf(kind: Kind, one: Found['spec'], other: Found['spec']): Found['spec'] {
  return one && other && kind.union ? kind.union(one, other) : one;
}

/** Ours is what carries our mark and is known to the state, or to the journal of a run that was ended half-way. */
function look(live: Live, goal: Goal, resource: Resource): Found {
  const context = contextOf(goal, resource.id);
  const found = kindOf(goal, resource).observe(live, resource, context);
  if (found.owner !== 'ours' || found.spec === null || context.recorded || context.interrupted) return found;
  if (goal.heldByOthers.has(resource.id)) return { ...found, owner: 'foreign', whose: 'another lab has made it' };
  return { ...found, owner: 'foreign', whose: UNKNOWN, stray: true };
}

const UNKNOWN = "it carries this lab's mark, but netform has no record of it";

type Names = {
  /** By name: the resource that the state says has it. */
  readonly had: ReadonlyMap<string, Resource>;
  /** By name: the id that shall have it, and has it already as far as the state says. */
  readonly has: ReadonlyMap<string, string>;
  readonly desired: ReadonlySet<string>;
};

type Around = { readonly live: Live; readonly goal: Goal; readonly names: Names };

/** The names of links go from one resource of the lab to another, of which only one can be what is found under them. */
function lookByName({ live, goal, names }: Around, resource: Resource): Found {
  const found = look(live, goal, resource);
  if (found.spec === null) return found;
  const isOthers = names.desired.has(resource.id) ? isStillOthers : isOthersNow;
  return isOthers({ live, goal, names }, resource, found.spec) ? { spec: null, owner: 'ours', whose: null } : found;
}

/** It is not made yet, and what has its name goes before. */
function isStillOthers({ live, goal, names }: Around, resource: Resource): boolean {
  if (goal.recorded.has(resource.id)) return false;
  return placesOf(goal, resource).some((place) => {
    const other = names.had.get(place);
    if (!other || other.id === resource.id) return false;
    const { owner, spec } = look(live, goal, other);
    return owner === 'ours' && spec !== null;
  });
}

/** It has gone, and what has its names has come after. */
function isOthersNow({ goal, names }: Around, resource: Resource, spec: Spec): boolean {
  const places = placesOf(goal, { ...resource, spec });
  return places.length > 0 && places.every((place) => (names.has.get(place) ?? resource.id) !== resource.id);
}

function namesOf(goal: Goal): Names {
  const desired = goal.desired.filter(({ id }) => goal.recorded.has(id));
  return {
    had: new Map(recordedResources(goal).flatMap((one) => placesOf(goal, one).map((place) => [place, one]))),
    has: new Map(desired.flatMap((one) => placesOf(goal, one).map((place) => [place, one.id]))),
    desired: new Set(goal.desired.map(({ id }) => id)),
  };
}

const placesOf = (goal: Goal, { kind, id, spec }: Pick<Resource, 'kind' | 'id' | 'spec'>): readonly string[] =>
  kindOf(goal, { kind, id }).places?.(spec) ?? [];
