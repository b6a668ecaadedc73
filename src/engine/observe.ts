import { sameJson } from '../model/json.ts';
import type { Kind } from '../model/kind.ts';
import type { Live } from '../model/live.ts';
import type { Found, Resource } from '../model/resource.ts';
import { contextOf, type Goal, kindOf, recordedResources, subjectsOf } from './goal.ts';

/** What is there under each desired or recorded id. */
export const observe = (live: Live, goal: Goal): ReadonlyMap<string, Found> =>
  new Map(subjectsOf(goal).map((resource) => [resource.id, look(live, goal, resource)]));

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

const UNKNOWN = "it carries this lab's mark, but the state of this machine does not know it";
