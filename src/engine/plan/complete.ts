import type { LiveState } from '../../model/kernel/need.ts';
import { type Goal, kindOf } from '../goal.ts';

/** The goal with what only the machine knows of its desired specs, such as when a container started. */
export function completeGoal(goal: Goal, live: LiveState): Goal {
  const desired = goal.desired.map((resource) => {
    const { complete } = kindOf(goal, resource);
    return complete ? { ...resource, spec: complete(resource.spec, live) } : resource;
  });
  return desired.every((resource, i) => resource === goal.desired[i]) ? goal : { ...goal, desired };
}
