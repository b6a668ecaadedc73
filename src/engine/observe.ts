import type { Live } from '../model/live.ts';
import type { Found } from '../model/resource.ts';
import { contextOf, type Goal, kindOf, subjectsOf } from './goal.ts';

/** What is there under each desired or recorded id. */
export function observe(live: Live, goal: Goal): ReadonlyMap<string, Found> {
  return new Map(
    subjectsOf(goal).map((resource) => [
      resource.id,
      kindOf(goal, resource).observe(live, resource, contextOf(goal, resource.id)),
    ]),
  );
}
