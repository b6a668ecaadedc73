import type { Diagnostic } from '../model/diagnostics/diagnostic.ts';
import type { StateEntry } from '../model/kind.ts';
import type { Machine } from '../model/machine.ts';
import { type Operation, operationsOf, type Plan } from '../model/operation.ts';
import { applyAndVerify, type VerifyResult } from './apply/apply-and-verify.ts';
import { type ConvergeOptions, type StepFailure, toStepFailure } from './apply/events.ts';
import type { ExecutionContext } from './apply/execute.ts';
import { nextState } from './apply/next-state.ts';
import { rollBack } from './apply/rollback.ts';
import type { Goal } from './goal.ts';
import { type GoalPlan, planGoal } from './plan/plan.ts';

export type ConvergeResult = {
  readonly plan: Plan;
  /** Objects that are in the way: then nothing was changed. */
  readonly diagnostics: readonly Diagnostic[];
  /** The machine is as the goal says; read, not believed. */
  readonly applied: boolean;
  readonly rolledBack: 'not-needed' | 'complete' | 'incomplete';
  /** `shouldStop` ended it. */
  readonly stopped: boolean;
  /** What the machine refused, in the run and in its rollback. May be there although applied: it went well later. */
  readonly failures: readonly StepFailure[];
  /** What was not as wanted after all rounds although nothing was refused. */
  readonly unsettled: readonly Operation[];
  /** What would still have to happen: after a rollback towards the old state, with `continue` towards the goal. */
  readonly leftovers: readonly Operation[];
  /** What the state shall say; null: what it says already. */
  readonly recorded: readonly StateEntry[] | null;
};

/** Makes the machine as the goal says, or as it was. Reads, plans, executes and reads again. */
export const converge = async (machine: Machine, goal: Goal, options: ConvergeOptions = {}): Promise<ConvergeResult> =>
  convergePlan(machine, planGoal(machine, goal), options);

/** Converges to the goal with a plan that was just made, and agreed to. */
export async function convergePlan(
  machine: Machine,
  planned: GoalPlan,
  options: ConvergeOptions,
): Promise<ConvergeResult> {
  const { goal } = planned;
  const result = initialResult(planned);
  if (planned.diagnostics.some((one) => one.severity === 'error')) return result;
  const recorded = nextState(goal, planned.found);
  options.journal?.begin(planned.plan, planned.before);
  const touched = new Set<string>();
  const way = { goal: adoptionGoal(goal, planned.found), options, touched };
  const { failures, stopped, left, reached } = await applyPlan(machine, { planned, recorded, run: way });
  const ended = { ...result, failures, stopped };
  if (reached) return { ...ended, applied: true, recorded };
  const unsettled = failures.length === 0 && !stopped ? left : [];
  if (options.onFailure === 'continue' && !stopped) return { ...ended, unsettled, leftovers: left };
  options.onRollback?.();
  const back = await rollBack(machine, { goal, before: planned.before, touched, options });
  const rolledBack = back.reached ? 'complete' : 'incomplete';
  return { ...ended, unsettled, rolledBack, failures: [...failures, ...back.failures], leftovers: back.left };
}

const initialResult = ({ plan, diagnostics }: GoalPlan): ConvergeResult => ({
  plan,
  diagnostics,
  applied: false,
  rolledBack: 'not-needed',
  stopped: false,
  failures: [],
  unsettled: [],
  leftovers: [],
  recorded: null,
});

/** The goal as if the state already knew what is taken over. */
function adoptionGoal(goal: Goal, found: GoalPlan['found']): Goal {
  if (goal.foreign !== 'adopt') return goal;
  const taken = goal.desired
    .filter(({ id }) => found.get(id)?.owner === 'foreign')
    .map(({ origin: _origin, note: _note, ...rest }) => [rest.id, { ...rest, before: null }] as const);
  return { ...goal, recorded: new Map([...goal.recorded, ...taken]) };
}

type PlanAttempt = {
  readonly planned: GoalPlan;
  readonly recorded: readonly StateEntry[];
  readonly run: ExecutionContext;
};

/**
 * To the goal and its record. What is thrown on the way (a full disk, a machine that cannot be read, a bug of ours) is a
 * failure like any other: it is undone.
 */
async function applyPlan(machine: Machine, { planned, recorded, run }: PlanAttempt): Promise<VerifyResult> {
  try {
    const nothing = planned.plan.stages.length === 0;
    const settled: VerifyResult = nothing ? NO_CHANGE : await applyAndVerify(machine, planned, run);
    if (settled.reached) run.options.journal?.commit(recorded);
    return settled;
  } catch (error) {
    return { failures: [toStepFailure(error)], left: operationsOf(planned.plan), stopped: false, reached: false };
  }
}

const NO_CHANGE: VerifyResult = { failures: [], left: [], stopped: false, reached: true };
