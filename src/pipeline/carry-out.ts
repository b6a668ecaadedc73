import { convergeFrom, type Result } from '../engine/converge.ts';
import type { Goal } from '../engine/goal.ts';
import type { Planned } from '../engine/plan.ts';
import { EXIT, type NetformError, netformError } from '../model/error.ts';
import type { Recorded } from '../model/kind.ts';
import type { Machine } from '../model/machine.ts';
import type { State } from '../model/state.ts';
import type { PlanView } from '../report/plan.ts';
import type { Progress } from '../report/progress.ts';
import { ROOTS } from '../store/roots.ts';
import { readState } from '../store/state.ts';
import { arm } from './arm.ts';
import { type Kept, keepJournal, newRun } from './journal.ts';
import { failureOf, remainderOf } from './outcome.ts';
import { type Watch, watchSignals } from './signals.ts';

/** A plan that somebody agreed to, and what is needed to carry it out. */
export type Execution = {
  readonly goal: Goal;
  readonly run: { readonly progress: (view: PlanView) => Progress };
  readonly view: PlanView;
  readonly onFailure: 'rollback' | 'continue';
  /** As the user typed it. */
  readonly command: string;
  readonly confirmSeconds: number | null;
  /** What the state shall say afterwards; null: the lab is gone. */
  readonly next: (recorded: readonly Recorded[]) => State | null;
};

/**
 * Makes the machine as planned, written down in the journal before each step, and the state after the last one. Gives
 * milliseconds. Throws when it came to nothing, saying what was undone. Signals end it by rollback.
 */
export async function carryOut(machine: Machine, planned: Planned, execution: Execution): Promise<number> {
  const { goal, command, next, confirmSeconds, onFailure } = execution;
  const run = newRun();
  const watch = watchSignals();
  try {
    const confirm = confirmSeconds === null ? null : await arm(goal.lab, run, confirmSeconds);
    const kept = keepJournal({ goal, command, next, confirm, run, previous: readState(ROOTS, goal.lab) });
    const start = performance.now();
    const result = await converge(machine, planned, { execution, kept, watch });
    if (result.applied) {
      kept.finish();
      return performance.now() - start;
    }
    kept.abandon(result.rolledBack === 'incomplete' ? 'open' : 'closed');
    const [first] = result.failures;
    if (first?.code === 'E_STATE' && !kept.isTouched()) throw nothingDone(first.message);
    const goesOn = onFailure === 'continue' && !result.stopped;
    throw (goesOn ? remainderOf : failureOf)(result, watch.exitCode());
  } finally {
    watch.release();
  }
}

const nothingDone = (message: string): NetformError =>
  netformError('E_STATE', EXIT.internal, message, { hint: 'nothing was changed; make room for it, then run it again' });

type Around = { readonly execution: Execution; readonly kept: Kept; readonly watch: Watch };

async function converge(machine: Machine, planned: Planned, { execution, kept, watch }: Around): Promise<Result> {
  const { goal, run, view, onFailure } = execution;
  const progress = run.progress(view);
  const shouldStop = () => watch.exitCode() !== null;
  await progress.begun;
  try {
    const hooks = { events: progress.event, onRollback: progress.rollback, journal: kept.journal };
    return await convergeFrom(machine, planned, { goal, options: { onFailure, shouldStop, ...hooks } });
  } finally {
    await progress.close();
  }
}
