import type { Machine } from '../model/machine.ts';
import { operationsOf, type Stage } from '../model/operation.ts';
import type { Goal } from './goal.ts';
import { plan } from './plan.ts';
import { type Before, rollbackGoal } from './rollback.ts';
import { failed, type Journal, type Options } from './run.ts';
import { type Settled, settle } from './settle.ts';

/** A run that shall be as if it had never been: its goal, what it found, and the ids that it changed or meant to change. */
export type Undo = {
  readonly goal: Goal;
  readonly before: Before;
  readonly touched: ReadonlySet<string>;
  readonly options: Pick<Options, 'events' | 'wait'> & { readonly journal?: Pick<Journal, 'intent'> };
};

/** Goes back to what was found, never stopping at a failure or a signal. Throws nothing: it says what is left. */
export async function undo(machine: Machine, { goal, before, touched, options }: Undo): Promise<Settled> {
  const { events, wait, journal } = options;
  const interrupted = new Set(touched);
  const back = { ...rollbackGoal(goal, before, touched), interrupted };
  const quiet: Options = {
    ...{ onFailure: 'continue', journal: noted(journal, interrupted) },
    ...(events && { events }),
    ...(wait && { wait }),
  };
  try {
    return await settle(machine, plan(machine, back), { goal: back, options: quiet, touched: new Set() });
  } catch (error) {
    return { failures: [failed(error)], left: leftOf(machine, back), stopped: false, reached: false };
  }
}

/** Of a rollback only what it meant to do is written down, and a journal that cannot be written does not stop it. */
const noted = (journal: Undo['options']['journal'], interrupted: Set<string>): Journal => ({
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

function leftOf(machine: Machine, goal: Goal): Settled['left'] {
  try {
    return operationsOf(plan(machine, goal).plan);
  } catch {
    return [];
  }
}
