import { type ConvergeResult, convergePlan } from '../../engine/converge.ts';
import type { GoalPlan } from '../../engine/plan/plan.ts';
import { EXIT, type NetformError, netformError } from '../../model/error.ts';
import type { StateEntry } from '../../model/kind.ts';
import { operationsOf } from '../../model/operation.ts';
import type { ProgressDisplay } from '../../model/results/progress.ts';
import type { State } from '../../model/state.ts';
import { elapsedMs } from '../../model/values/elapsed.ts';
import { readState } from '../../store/state.ts';
import { startRollbackTimer } from '../recovery/start-rollback-timer.ts';
import type { Session } from '../session.ts';
import { collectGarbage } from '../v8-tuning.ts';
import { incompleteRunError, runFailureError } from './run-errors.ts';
import { newRunId, openRunJournal, type RunJournal } from './run-journal.ts';
import { watchSignals } from './signals.ts';

/** How a plan that the user agreed to is run. */
export type PlanRun = {
  /** As the user typed it. */
  readonly command: string;
  readonly confirmSeconds: number | null;
  /** The lab's state after the run; null when the lab is gone. */
  readonly next: (recorded: readonly StateEntry[]) => State | null;
  readonly display: () => ProgressDisplay;
  readonly onFailure: 'rollback' | 'continue';
};

/**
 * Executes a plan: each step is in the journal before it is done, and the state is written after the last one. Gives
 * milliseconds. Throws when the goal is not reached, with what was rolled back. A signal rolls the run back.
 */
export async function runPlan(session: Session, planned: GoalPlan, run: PlanRun): Promise<number> {
  const { machine, store, progress } = session;
  const { command, next, confirmSeconds, onFailure } = run;
  const { lab } = planned.goal;
  const runId = newRunId();
  const watch = watchSignals(progress);
  try {
    const timed = confirmSeconds === null ? null : { lab, run: runId, seconds: confirmSeconds };
    const confirm = timed && (await startRollbackTimer(store, timed));
    const previous = readState(store, lab);
    const record = openRunJournal(store, { goal: planned.goal, command, next, confirm, runId, previous });
    const isLarge = operationsOf(planned.plan).length > LARGE_PLAN_OPERATIONS;
    const start = elapsedMs();
    const display = run.display();
    const result = await convergePlan(machine, planned, {
      onFailure,
      journal: record.journal,
      shouldStop: () => watch.exitCode() !== null,
      events: display.event,
      onRollback: display.rollback,
      ...(isLarge ? { freeMemory: collectGarbage } : {}),
    }).finally(display.close);
    if (result.status !== 'reached') throw abandonRun(record, result, { onFailure, signal: watch.exitCode() });
    record.finish();
    return elapsedMs() - start;
  } finally {
    watch.release();
  }
}

/** From here on a collection takes less of the run than what it frees is of its memory. */
const LARGE_PLAN_OPERATIONS = 1000;

type RunEnd = { readonly onFailure: PlanRun['onFailure']; readonly signal: number | null };

function abandonRun(record: RunJournal, result: ConvergeResult, { onFailure, signal }: RunEnd): NetformError {
  const isWhole = result.rollback === null || result.rollback.status === 'reached';
  record.abandon(isWhole ? 'closed' : 'open');
  const [first] = result.failures;
  if (first?.code === 'E_STATE' && !record.isTouched()) {
    const hint = 'nothing was changed; make room for it, then run it again';
    return netformError('E_STATE', EXIT.internal, first.message, { hint });
  }
  const isIncomplete = onFailure === 'continue' && result.status !== 'stopped';
  return isIncomplete ? incompleteRunError(result) : runFailureError(result, signal);
}
