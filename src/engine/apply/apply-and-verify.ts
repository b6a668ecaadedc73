import { setTimeout } from 'node:timers/promises';
import type { StateEntry } from '../../model/kind.ts';
import type { Machine } from '../../model/machine.ts';
import { type Operation, operationsOf } from '../../model/operation.ts';
import type { Goal } from '../goal.ts';
import { type GoalPlan, planGoal } from '../plan/plan.ts';
import { affectedGoal } from './affected.ts';
import type { StepFailure } from './events.ts';
import { type ExecutionContext, executePlan } from './execute.ts';
import { movedAddresses } from './moved-addresses.ts';
import { awaitCarriers } from './wait-for-carrier.ts';

/** How often what is not as wanted after a run is waited for and done again, and how long the first wait is. */
const MAX_REPAIRS = 3;
const FIRST_REPAIR_WAIT_MS = 40;

export type VerifyResult = {
  readonly failures: readonly StepFailure[];
  /** The run came to its end, and the machine was read and is as the goal says. */
  readonly reached: boolean;
  /** What would still have to happen. */
  readonly left: readonly Operation[];
  readonly stopped: boolean;
};

/**
 * Executes a plan and reads the machine again, as far as the plan can have an effect, until nothing is left to do: some
 * things settle late (carrier, the end of a veth in a deleted namespace), some are lost as a side effect (routes of a
 * link that went down for a moment).
 */
export async function applyAndVerify(
  machine: Machine,
  planned: GoalPlan,
  run: ExecutionContext,
): Promise<VerifyResult> {
  const wait = run.options.wait ?? setTimeout;
  const failures: StepFailure[] = [];
  let goal = run.goal;
  let next = planned;
  const done: Operation[] = [];
  const ready = async (settled: VerifyResult): Promise<VerifyResult> => {
    await awaitCarriers(machine, next.live, wait);
    if (run.goal.recorded.size > 0) await machine.announce(movedAddresses(planned.live, next.live));
    return settled;
  };
  for (let round = 0; ; round++) {
    const outcome = await executePlan(machine, next.plan, { ...run, goal });
    done.push(...operationsOf(next.plan));
    goal = withCreated(goal, operationsOf(next.plan), run.touched);
    const scope = affectedGoal(goal, done);
    failures.push(...outcome.failures);
    const failed = outcome.failed && run.options.onFailure !== 'continue';
    next = planGoal(machine, scope);
    const ended = { failures, stopped: outcome.stopped, left: operationsOf(next.plan) };
    if (outcome.stopped || failed) return { ...ended, reached: false };
    if (isEmpty(next)) return await ready({ ...ended, reached: true });
    if (round === MAX_REPAIRS || next.diagnostics.length > 0) return { ...ended, reached: false };
    await wait(FIRST_REPAIR_WAIT_MS * 2 ** round);
    next = planGoal(machine, scope);
    if (isEmpty(next)) return await ready({ ...ended, left: [], reached: true });
    if (next.diagnostics.length > 0) return { ...ended, left: operationsOf(next.plan), reached: false };
  }
}

/**
 * The goal as if the state already said what was just made: some things carry no mark, and only the state can say that
 * they are ours. Of what was changed in place it stays with the old state, so that what is left of that is seen.
 */
function withCreated(goal: Goal, operations: readonly Operation[], touched: ReadonlySet<string>): Goal {
  const made = operations.flatMap(({ action, kind, id, netns, after, dependsOn, within }): [string, StateEntry][] => {
    const isNew = action !== 'update' || !goal.recorded.has(id);
    return isNew && after && touched.has(id)
      ? [[id, { kind, id, netns, spec: after, dependsOn, within, before: null }]]
      : [];
  });
  return made.length === 0 ? goal : { ...goal, recorded: new Map([...goal.recorded, ...made]) };
}

const isEmpty = (planned: GoalPlan): boolean => planned.plan.stages.length === 0;
