import { type ConvergeResult, convergePlan } from '../../engine/converge.ts';
import type { Goal } from '../../engine/goal.ts';
import type { GoalPlan } from '../../engine/plan/plan.ts';
import { EXIT, type NetformError, netformError } from '../../model/error.ts';
import type { StateEntry } from '../../model/kind.ts';
import type { Machine } from '../../model/machine.ts';
import type { PlanView } from '../../model/results/plan-view.ts';
import type { ProgressDisplay } from '../../model/results/progress.ts';
import type { State } from '../../model/state.ts';
import { readState } from '../../store/state.ts';
import { STORE_PATHS } from '../../store/store-paths.ts';
import { startRollbackTimer } from '../recovery/start-rollback-timer.ts';
import { incompleteRunError, runFailureError } from './run-errors.ts';
import { newRunId, openRunJournal, type RunJournal } from './run-journal.ts';
import { type SignalWatch, watchSignals } from './signals.ts';

/** A plan that somebody agreed to, and what is needed to carry it out. */
export type PlanRun = {
  readonly goal: Goal;
  readonly interaction: { readonly progress: (view: PlanView) => ProgressDisplay };
  readonly view: PlanView;
  readonly onFailure: 'rollback' | 'continue';
  /** As the user typed it. */
  readonly command: string;
  readonly confirmSeconds: number | null;
  /** What the state shall say afterwards; null: the lab is gone. */
  readonly next: (recorded: readonly StateEntry[]) => State | null;
};

/**
 * Makes the machine as planned, written down in the journal before each step, and the state after the last one. Gives
 * milliseconds. Throws when it came to nothing, saying what was undone. Signals end it by rollback.
 */
export async function runPlan(machine: Machine, planned: GoalPlan, execution: PlanRun): Promise<number> {
  const { goal, command, next, confirmSeconds, onFailure } = execution;
  const run = newRunId();
  const watch = watchSignals();
  try {
    const confirm = confirmSeconds === null ? null : await startRollbackTimer(goal.lab, run, confirmSeconds);
    const kept = openRunJournal({
      goal,
      command,
      next,
      confirm,
      runId: run,
      previous: readState(STORE_PATHS, goal.lab),
    });
    const start = performance.now();
    const result = await convergeWithProgress(machine, planned, { execution, kept, watch });
    if (result.applied) {
      kept.finish();
      return performance.now() - start;
    }
    kept.abandon(result.rolledBack === 'incomplete' ? 'open' : 'closed');
    const [first] = result.failures;
    if (first?.code === 'E_STATE' && !kept.isTouched()) throw nothingChangedError(first.message);
    const goesOn = onFailure === 'continue' && !result.stopped;
    throw (goesOn ? incompleteRunError : runFailureError)(result, watch.exitCode());
  } finally {
    watch.release();
  }
}

const nothingChangedError = (message: string): NetformError =>
  netformError('E_STATE', EXIT.internal, message, { hint: 'nothing was changed; make room for it, then run it again' });

type PlanRunHandles = { readonly execution: PlanRun; readonly kept: RunJournal; readonly watch: SignalWatch };

async function convergeWithProgress(
  machine: Machine,
  planned: GoalPlan,
  { execution, kept, watch }: PlanRunHandles,
): Promise<ConvergeResult> {
  const { goal, interaction: run, view, onFailure } = execution;
  const progress = run.progress(view);
  const shouldStop = () => watch.exitCode() !== null;
  await progress.begun;
  try {
    const hooks = { events: progress.event, onRollback: progress.rollback, journal: kept.journal };
    return await convergePlan(machine, planned, { goal, options: { onFailure, shouldStop, ...hooks } });
  } finally {
    await progress.close();
  }
}
