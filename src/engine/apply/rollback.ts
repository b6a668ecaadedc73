import type { Machine } from '../../model/machine.ts';
import { operationsOf, type Stage } from '../../model/operation.ts';
import type { Goal } from '../goal.ts';
import { planGoal } from '../plan/plan.ts';
import { applyAndVerify } from './apply-and-verify.ts';
import { type AttemptResult, type ConvergeOptions, type ExecutionJournal, failedAttempt } from './events.ts';
import { type RollbackBaseline, rollbackGoal } from './rollback-goal.ts';

/** A run to roll back: its goal, what it found, and the ids that it changed or was about to change. */
export type RollbackRequest = {
  readonly goal: Goal;
  readonly before: RollbackBaseline;
  readonly touched: ReadonlySet<string>;
  readonly options: Pick<ConvergeOptions, 'events' | 'wait'> & { readonly journal?: Pick<ExecutionJournal, 'intent'> };
};

/** Goes back to what was found, never stopping at a failure or a signal. Throws nothing: it says what is left. */
export async function rollBack(
  machine: Machine,
  { goal, before, touched, options }: RollbackRequest,
): Promise<AttemptResult> {
  const { events, wait, journal } = options;
  const interrupted = new Set(touched);
  const back = { ...rollbackGoal(goal, before, touched), interrupted };
  const quiet: ConvergeOptions = {
    onFailure: 'continue',
    journal: intentJournal(journal, interrupted),
    ...(events && { events }),
    ...(wait && { wait }),
  };
  try {
    return await applyAndVerify(machine, planGoal(machine, back), { goal: back, options: quiet, touched: new Set() });
  } catch (error) {
    return failedAttempt(error, remainingOperations(machine, back));
  }
}

/** Of a rollback only what it meant to do is written down, and a journal that cannot be written does not stop it. */
const intentJournal = (journal: RollbackRequest['options']['journal'], interrupted: Set<string>): ExecutionJournal => ({
  begin: () => {},
  intent: (stage: Stage) => {
    for (const { id } of stage.operations) interrupted.add(id);
    try {
      journal?.intent(stage);
    } catch {
      // What is written already says which run is to be undone.
    }
  },
  done: () => {},
  commit: () => {},
});

function remainingOperations(machine: Machine, goal: Goal): AttemptResult['remaining'] {
  try {
    return operationsOf(planGoal(machine, goal).plan);
  } catch {
    return [];
  }
}
