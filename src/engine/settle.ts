import { setTimeout } from 'node:timers/promises';
import type { Recorded } from '../model/kind.ts';
import type { Machine } from '../model/machine.ts';
import { type Operation, operationsOf } from '../model/operation.ts';
import { announcements } from './announcements.ts';
import { awaitCarriers } from './carriers.ts';
import { execute, type Run } from './execute.ts';
import type { Goal } from './goal.ts';
import { type Planned, plan } from './plan.ts';
import type { StepFailure } from './run.ts';
import { scopeOf } from './scope.ts';

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
 * Executes a plan and reads the machine again, as far as the plan can have an effect, until nothing is left to do: some
 * things settle late (carrier, the end of a veth in a deleted namespace), some are lost as a side effect (routes of a
 * link that went down for a moment).
 */
export async function settle(machine: Machine, planned: Planned, run: Run): Promise<Settled> {
  const wait = run.options.wait ?? setTimeout;
  const failures: StepFailure[] = [];
  let goal = run.goal;
  let next = planned;
  const done: Operation[] = [];
  const ready = async (settled: Settled): Promise<Settled> => {
    await awaitCarriers(machine, next.live, wait);
    if (run.goal.recorded.size > 0) await machine.announce(announcements(planned.live, next.live));
    return settled;
  };
  for (let round = 0; ; round++) {
    const outcome = await execute(machine, next.plan, { ...run, goal });
    done.push(...operationsOf(next.plan));
    goal = withMade(goal, operationsOf(next.plan), run.touched);
    const scope = scopeOf(goal, done);
    failures.push(...outcome.failures);
    const failed = outcome.failed && run.options.onFailure !== 'continue';
    next = plan(machine, scope);
    const ended = { failures, stopped: outcome.stopped, left: operationsOf(next.plan) };
    if (outcome.stopped || failed) return { ...ended, reached: false };
    if (isEmpty(next)) return await ready({ ...ended, reached: true });
    if (round === REPAIRS || next.diagnostics.length > 0) return { ...ended, reached: false };
    await wait(WAIT_MS * 2 ** round);
    next = plan(machine, scope);
    if (isEmpty(next)) return await ready({ ...ended, left: [], reached: true });
    if (next.diagnostics.length > 0) return { ...ended, left: operationsOf(next.plan), reached: false };
  }
}

/**
 * The goal as if the state already said what was just made: some things carry no mark, and only the state can say that
 * they are ours. Of what was changed in place it stays with the old state, so that what is left of that is seen.
 */
function withMade(goal: Goal, operations: readonly Operation[], touched: ReadonlySet<string>): Goal {
  const made = operations.flatMap(({ action, kind, id, netns, after, dependsOn, within }): [string, Recorded][] => {
    const isNew = action !== 'update' || !goal.recorded.has(id);
    return isNew && after && touched.has(id)
      ? [[id, { kind, id, netns, spec: after, dependsOn, within, before: null }]]
      : [];
  });
  return made.length === 0 ? goal : { ...goal, recorded: new Map([...goal.recorded, ...made]) };
}

const isEmpty = (planned: Planned): boolean => planned.plan.stages.length === 0;
