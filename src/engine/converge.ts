import type { Diagnostic } from '../model/diagnostic.ts';
import type { Recorded } from '../model/kind.ts';
import type { Machine } from '../model/machine.ts';
import { type Operation, operationsOf, type Plan } from '../model/operation.ts';
import type { Run } from './execute.ts';
import type { Goal } from './goal.ts';
import { nextState } from './next-state.ts';
import { type Planned, plan } from './plan.ts';
import { failed, type Options, type StepFailure } from './run.ts';
import { type Settled, settle } from './settle.ts';
import { undo } from './undo.ts';

export type Result = {
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
  readonly recorded: readonly Recorded[] | null;
};

/** Makes the machine as the goal says, or as it was. Reads, plans, executes and reads again. */
export const converge = async (machine: Machine, goal: Goal, options: Options = {}): Promise<Result> =>
  convergeFrom(machine, plan(machine, goal), { goal, options });

/** The same with a plan that was just made, and shown to somebody who agreed. */
export async function convergeFrom(
  machine: Machine,
  planned: Planned,
  run: { readonly goal: Goal; readonly options: Options },
): Promise<Result> {
  const { goal, options } = run;
  const result = resultOf(planned);
  if (planned.diagnostics.some((one) => one.severity === 'error')) return result;
  const recorded = nextState(goal, planned.found);
  options.journal?.begin(planned.plan, planned.before);
  const touched = new Set<string>();
  const way = { goal: adopting(goal, planned.found), options, touched };
  const { failures, stopped, left, reached } = await attempt(machine, { planned, recorded, run: way });
  const ended = { ...result, failures, stopped };
  if (reached) return { ...ended, applied: true, recorded };
  const unsettled = failures.length === 0 && !stopped ? left : [];
  if (options.onFailure === 'continue' && !stopped) return { ...ended, unsettled, leftovers: left };
  options.onRollback?.();
  const back = await undo(machine, { goal, before: planned.before, touched, options });
  const rolledBack = back.reached ? 'complete' : 'incomplete';
  return { ...ended, unsettled, rolledBack, failures: [...failures, ...back.failures], leftovers: back.left };
}

const resultOf = ({ plan, diagnostics }: Planned): Result => ({
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
function adopting(goal: Goal, found: Planned['found']): Goal {
  if (goal.foreign !== 'adopt') return goal;
  const taken = goal.desired
    .filter(({ id }) => found.get(id)?.owner === 'foreign')
    .map(({ origin: _origin, note: _note, ...rest }) => [rest.id, { ...rest, before: null }] as const);
  return { ...goal, recorded: new Map([...goal.recorded, ...taken]) };
}

type Attempt = { readonly planned: Planned; readonly recorded: readonly Recorded[]; readonly run: Run };

/**
 * To the goal and its record. What is thrown on the way (a full disk, a machine that cannot be read, a bug of ours) is a
 * failure like any other: it is undone.
 */
async function attempt(machine: Machine, { planned, recorded, run }: Attempt): Promise<Settled> {
  try {
    const nothing = planned.plan.stages.length === 0;
    const settled: Settled = nothing ? NOTHING : await settle(machine, planned, run);
    if (settled.reached) run.options.journal?.commit(recorded);
    return settled;
  } catch (error) {
    return { failures: [failed(error)], left: operationsOf(planned.plan), stopped: false, reached: false };
  }
}

const NOTHING: Settled = { failures: [], left: [], stopped: false, reached: true };
