import { kindOf, recordedResources } from '../goal.ts';
import type { GoalPlan } from './plan.ts';

/** Why parts of the lab stay on the machine although the goal no longer has them: one sentence for each. */
export function findKeepReasons({ goal, found, live }: GoalPlan): readonly string[] {
  const desired = new Set(goal.desired.map(({ id }) => id));
  return recordedResources(goal).flatMap((resource) => {
    const recorded = goal.recorded.get(resource.id);
    const there = found.get(resource.id);
    if (desired.has(resource.id) || goal.heldByOthers.has(resource.id) || !recorded || !there?.spec) return [];
    return kindOf(goal, resource).keepReason?.(recorded, there.spec, live) ?? [];
  });
}
