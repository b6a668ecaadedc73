import type { Diagnostic } from '../model/diagnostics/diagnostic.ts';
import type { StateEntry } from '../model/kind.ts';
import type { Machine } from '../model/machine.ts';
import { operationsOf, type Plan } from '../model/operation.ts';
import { applyAndVerify } from './apply/apply-and-verify.ts';
import { type AttemptResult, type ConvergeOptions, failedAttempt } from './apply/events.ts';
import { nextState, withRevisions } from './apply/next-state.ts';
import { rollBack } from './apply/rollback.ts';
import type { Goal } from './goal.ts';
import { type GoalPlan, planGoal } from './plan/plan.ts';

/** How a run ended, and how its rollback did. */
export type ConvergeResult = AttemptResult & {
  readonly plan: Plan;
  /** Foreign objects that are in the way; when one is an error, nothing was changed. */
  readonly diagnostics: readonly Diagnostic[];
  /** Null: nothing was rolled back, because the goal was reached, nothing was begun, or `onFailure` is `continue`. */
  readonly rollback: AttemptResult | null;
  /** The state after the run; null when it stays as it is. */
  readonly recorded: readonly StateEntry[] | null;
};

/** Reaches the goal, or restores what was there: reads, plans, executes and verifies. */
export const converge = async (machine: Machine, goal: Goal, options: ConvergeOptions = {}): Promise<ConvergeResult> =>
  convergePlan(machine, planGoal(machine, goal), options);

/**
 * Reaches the goal of a plan that was just made, or restores what was there. An exception on the way (a full disk, a
 * machine that cannot be read, a bug) is a failure like any other.
 */
export async function convergePlan(
  machine: Machine,
  planned: GoalPlan,
  options: ConvergeOptions,
): Promise<ConvergeResult> {
  const { goal, plan, diagnostics, found, before } = planned;
  const result = { plan, diagnostics, rollback: null, recorded: null };
  if (diagnostics.some((one) => one.severity === 'error')) return { ...result, ...NOTHING_DONE, status: 'failed' };
  const entries = nextState(goal, found);
  let recorded = entries;
  options.journal?.begin(plan, before);
  const touched = new Set<string>();
  let attempt: AttemptResult = NOTHING_DONE;
  try {
    const context = { goal: adoptionGoal(goal, found), options, touched };
    options.freeMemory?.();
    if (plan.stages.length > 0) attempt = await applyAndVerify(machine, planned, context);
    recorded = withRevisions(entries, [attempt.verified ?? new Map(), found]);
    if (attempt.status === 'reached') options.journal?.commit(recorded);
  } catch (error) {
    attempt = failedAttempt(error, operationsOf(plan));
  }
  if (attempt.status === 'reached') return { ...result, ...attempt, recorded };
  if (options.onFailure === 'continue' && attempt.status !== 'stopped') return { ...result, ...attempt };
  options.onRollback?.();
  return { ...result, ...attempt, rollback: await rollBack(machine, { goal, before, touched, options }) };
}

const NOTHING_DONE: AttemptResult = { status: 'reached', failures: [], remaining: [] };

/** The goal as if the state already recorded the objects that are adopted. */
function adoptionGoal(goal: Goal, found: GoalPlan['found']): Goal {
  if (goal.foreign !== 'adopt') return goal;
  const taken = goal.desired
    .filter(({ id }) => found.get(id)?.owner === 'foreign')
    .map(({ origin: _origin, note: _note, ...rest }): [string, StateEntry] => [rest.id, { ...rest, before: null }]);
  return { ...goal, recorded: new Map([...goal.recorded, ...taken]) };
}
