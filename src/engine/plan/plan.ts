import type { Diagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import type { Machine } from '../../model/machine.ts';
import type { Plan } from '../../model/operation.ts';
import type { Observation } from '../../model/resource.ts';
import type { Goal } from '../goal.ts';
import { diff } from './diff.ts';
import { observeBefore, observeGoal } from './observe.ts';
import { order } from './order.ts';
import { goalQuery } from './query.ts';

/** A plan, the goal that it reaches, and what it was made from. */
export type GoalPlan = {
  readonly goal: Goal;
  readonly plan: Plan;
  /** Objects that are in the way. The plan must not be executed when there is one. */
  readonly diagnostics: readonly Diagnostic[];
  /** What is there now, by id. */
  readonly found: ReadonlyMap<string, Observation>;
  /** What is there now, by id, in the form that a rollback restores. */
  readonly before: ReadonlyMap<string, Observation>;
  readonly live: LiveState;
};

/** Reads the machine and says what has to happen. Writes nothing. */
export const planGoal = (machine: Machine, goal: Goal): GoalPlan => planFromLive(machine.read(goalQuery(goal)), goal);

/** Plans a goal from a live state that holds at least the answers to `goalQuery(goal)`. Reads nothing. */
export function planFromLive(live: LiveState, goal: Goal): GoalPlan {
  const found = observeGoal(live, goal);
  const before = observeBefore(live, goal, found);
  const { operations, diagnostics } = diff(goal, found, { live, before });
  const read = { namespaces: live.all('namespace').length, ms: live.ms };
  const plan = { lab: goal.lab, uid: goal.uid, stages: order(goal, operations), read };
  return { goal, plan, diagnostics, found, before, live };
}
