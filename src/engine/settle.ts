import { setTimeout } from 'node:timers/promises';
import type { Machine } from '../model/machine.ts';
import { type Operation, operationsOf } from '../model/operation.ts';
import { execute } from './execute.ts';
import type { Goal } from './goal.ts';
import { type Planned, plan } from './plan.ts';
import type { Options, StepFailure } from './run.ts';

/** How often what is not as wanted after a run is waited for and done again, and how long the first wait is. */
const REPAIRS = 3;
const WAIT_MS = 40;

export type Settled = {
  readonly failures: readonly StepFailure[];
  /** The run came to its end, and the machine was read and is as the goal says. */
  readonly reached: boolean;
  /** What would still have to happen. */
  readonly left: readonly Operation[];
  readonly stopped: boolean;
};

/**
 * Executes a plan and reads the machine again until nothing is left to do: some things settle late (carrier, the end of
 * a veth in a deleted namespace), some are lost as a side effect (routes of a link that went down for a moment).
 */
export async function settle(
  machine: Machine,
  planned: Planned,
  run: { readonly goal: Goal; readonly options: Options },
): Promise<Settled> {
  const wait = run.options.wait ?? setTimeout;
  const failures: StepFailure[] = [];
  let next = planned;
  for (let round = 0; ; round++) {
    const outcome = await execute(machine, next.plan, run);
    failures.push(...outcome.failures);
    const failed = outcome.failures.length > 0 && run.options.onFailure !== 'continue';
    next = plan(machine, run.goal);
    const ended = { failures, stopped: outcome.stopped, left: operationsOf(next.plan) };
    if (outcome.stopped || failed) return { ...ended, reached: false };
    if (isEmpty(next)) return { ...ended, reached: true };
    if (round === REPAIRS || next.diagnostics.length > 0) return { ...ended, reached: false };
    await wait(WAIT_MS * 2 ** round);
    next = plan(machine, run.goal);
    if (isEmpty(next)) return { ...ended, left: [], reached: true };
    if (next.diagnostics.length > 0) return { ...ended, left: operationsOf(next.plan), reached: false };
  }
}

const isEmpty = (planned: Planned): boolean => planned.plan.stages.length === 0;
