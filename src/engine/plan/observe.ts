import { type Spec, sameJson } from '../../model/json.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import type { Kind } from '../../model/kind.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import { type Goal, kindContext, kindOf, recordedResources, subjectsOf } from '../goal.ts';

/** What is there under each desired or recorded id. */
export function observeGoal(live: LiveState, goal: Goal): ReadonlyMap<string, Observation> {
  const names = claimOwners(goal);
  return new Map(subjectsOf(goal).map((resource) => [resource.id, observeByClaim({ live, goal, names }, resource)]));
}

/**
 * The observations that a rollback restores: resources of the state are observed as the state describes them. Of a cable
 * that is about to lead elsewhere, for example, they include the old far end.
 */
export function observeBefore(
  live: LiveState,
  goal: Goal,
  found: ReadonlyMap<string, Observation>,
): ReadonlyMap<string, Observation> {
  const desired = new Map(goal.desired.map((resource) => [resource.id, resource.spec]));
  const changed = recordedResources(goal).filter(({ id, spec }) => !sameJson(desired.get(id) ?? spec, spec));
  const asRecorded = changed.map((one): readonly [string, Observation] => {
    const before = observeResource(live, goal, one);
    const spec = mergeSpecs(kindOf(goal, one), before.spec, found.get(one.id)?.spec ?? null);
    return [one.id, { ...before, spec }];
  });
  return new Map([...found, ...asRecorded]);
}

function mergeSpecs(kind: Kind, one: Observation['spec'], other: Observation['spec']): Observation['spec'] {
  return one && other && kind.merge ? kind.merge(one, other) : one;
}

/** An object is ours when it carries our mark and is in the state, or in the journal of an interrupted run. */
function observeResource(live: LiveState, goal: Goal, resource: Resource): Observation {
  const context = kindContext(goal, resource.id);
  const found = kindOf(goal, resource).observe(live, resource, context);
  if (found.owner !== 'ours' || found.spec === null || context.recorded || context.interrupted) return found;
  if (goal.heldByOthers.has(resource.id)) return { ...found, owner: 'foreign', whose: 'another lab has made it' };
  return { ...found, owner: 'foreign', whose: NOT_RECORDED, isOrphaned: true };
}

/** The owner of an object that has the mark of the lab and is in no record, as documents have it. */
export const NOT_RECORDED = "it carries this lab's mark, but netform has no record of it";

type ClaimOwners = {
  /** By name: the resource that the state says has it. */
  readonly recordedByClaim: ReadonlyMap<string, Resource>;
  /** By name: the id that claims it in the goal, and has it already according to the state. */
  readonly desiredIdByClaim: ReadonlyMap<string, string>;
  readonly desired: ReadonlySet<string>;
};

type ClaimLookup = { readonly live: LiveState; readonly goal: Goal; readonly names: ClaimOwners };

/** A link's name can pass from one resource of the lab to another; only one of them is what is found under the name. */
function observeByClaim({ live, goal, names }: ClaimLookup, resource: Resource): Observation {
  const found = observeResource(live, goal, resource);
  if (found.spec === null) return found;
  const isOthers = names.desired.has(resource.id) ? isClaimStillHeld : isClaimTakenOver;
  return isOthers({ live, goal, names }, resource, { ...found, spec: found.spec })
    ? { spec: null, owner: 'ours', whose: null }
    : found;
}

/** It is not made yet, and what has its name goes before. */
function isClaimStillHeld({ live, goal, names }: ClaimLookup, resource: Resource): boolean {
  if (goal.recorded.has(resource.id)) return false;
  return claimsOf(goal, resource).some((place) => {
    const other = names.recordedByClaim.get(place);
    if (!other || other.id === resource.id) return false;
    const { owner, spec } = observeResource(live, goal, other);
    return owner === 'ours' && spec !== null;
  });
}

/** The resource was deleted, and its names were claimed by others since: all of them, or one of what lacks our mark. */
function isClaimTakenOver({ goal, names }: ClaimLookup, resource: Resource, { spec, owner }: FoundThing): boolean {
  const places = claimsOf(goal, { ...resource, spec });
  const isTaken = (place: string): boolean => (names.desiredIdByClaim.get(place) ?? resource.id) !== resource.id;
  return owner === 'foreign' ? places.some(isTaken) : places.length > 0 && places.every(isTaken);
}

type FoundThing = Pick<Observation, 'owner'> & { readonly spec: Spec };

function claimOwners(goal: Goal): ClaimOwners {
  const desired = goal.desired.filter(({ id }) => goal.recorded.has(id));
  return {
    recordedByClaim: new Map(
      recordedResources(goal).flatMap((one) => claimsOf(goal, one).map((place) => [place, one])),
    ),
    desiredIdByClaim: new Map(desired.flatMap((one) => claimsOf(goal, one).map((place) => [place, one.id]))),
    desired: new Set(goal.desired.map(({ id }) => id)),
  };
}

const claimsOf = (goal: Goal, { kind, id, spec }: Pick<Resource, 'kind' | 'id' | 'spec'>): readonly string[] =>
  kindOf(goal, { kind, id }).claims?.(spec) ?? [];
