import { setTimeout } from 'node:timers/promises';
import type { Spec } from '../../model/json.ts';
import type { StateEntry } from '../../model/kind.ts';
import type { Machine } from '../../model/machine.ts';
import { type Operation, operationsOf } from '../../model/operation.ts';
import type { Goal } from '../goal.ts';
import { type GoalPlan, planGoal } from '../plan/plan.ts';
import { affectedGoal } from './affected.ts';
import type { AttemptResult, StepFailure } from './events.ts';
import { type ExecutionContext, executePlan } from './execute.ts';

/** How often what is not as wanted after a run is waited for and done again, and how long the first wait is. */
const MAX_REPAIRS = 3;
const FIRST_REPAIR_WAIT_MS = 40;

/**
 * Executes a plan and reads what it can have an effect on again, until nothing remains to be done: some things settle late
 * (carrier, the peer of a veth in a deleted namespace), some are lost as a side effect (routes of a link that went down for
 * a moment).
 */
export async function applyAndVerify(
  machine: Machine,
  planned: GoalPlan,
  run: ExecutionContext,
): Promise<AttemptResult> {
  const wait = run.options.wait ?? setTimeout;
  const failures: StepFailure[] = [];
  const done: Operation[] = [];
  let { goal } = run;
  let next = planned;
  const result = (status: AttemptResult['status']): AttemptResult => ({
    status,
    failures,
    remaining: operationsOf(next.plan),
  });
  for (let round = 0; ; round++) {
    const executed = await executePlan(machine, next.plan, { ...run, goal });
    const operations = operationsOf(next.plan);
    done.push(...operations);
    failures.push(...executed.failures);
    goal = withRestoring(withCreated(goal, operations, run.touched), operations, run.touched);
    const scope = affectedGoal(goal, done);
    next = planGoal(machine, scope);
    if (executed.status === 'stopped') return result('stopped');
    if (executed.status === 'failed' && run.options.onFailure !== 'continue') return result('failed');
    if (isEmptyPlan(next)) break;
    if (round === MAX_REPAIRS || next.diagnostics.length > 0) return result('failed');
    await wait(FIRST_REPAIR_WAIT_MS * 2 ** round);
    next = planGoal(machine, scope);
    if (isEmptyPlan(next)) break;
    if (next.diagnostics.length > 0) return result('failed');
  }
  await machine.afterRun({ before: run.goal.recorded.size > 0 ? planned.live : null, after: next.live });
  return result('reached');
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

/** The goal that still restores what the run has begun to restore, also where only a part of it was done. */
function withRestoring(goal: Goal, operations: readonly Operation[], touched: ReadonlySet<string>): Goal {
  const desired = new Set(goal.desired.map(({ id }) => id));
  const begun = operations.flatMap(({ action, id, after }): [string, Spec][] =>
    action === 'update' && after && touched.has(id) && !desired.has(id) ? [[id, after]] : [],
  );
  return begun.length === 0 ? goal : { ...goal, restoring: new Map([...(goal.restoring ?? []), ...begun]) };
}

const isEmptyPlan = (planned: GoalPlan): boolean => planned.plan.stages.length === 0;
