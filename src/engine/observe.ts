import { sameJson } from '../model/json.ts';
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
  return new Map([...found, ...changed.map((one) => [one.id, look(live, goal, one)] as const)]);
}

const look = (live: Live, goal: Goal, resource: Resource): Found =>
  kindOf(goal, resource).observe(live, resource, contextOf(goal, resource.id));
