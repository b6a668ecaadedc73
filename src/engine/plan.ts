import type { Diagnostic } from '../model/diagnostic.ts';
import type { Live } from '../model/live.ts';
import type { Machine } from '../model/machine.ts';
import type { Plan } from '../model/operation.ts';
import type { Found } from '../model/resource.ts';
import { diff } from './diff.ts';
import type { Goal } from './goal.ts';
import { observe, observeBefore } from './observe.ts';
import { order } from './order.ts';
import { queryOf } from './query.ts';

export type Planned = {
  readonly plan: Plan;
  /** Objects that are in the way. The plan must not be executed when there is one. */
  readonly diagnostics: readonly Diagnostic[];
  /** What is there now, by id. */
  readonly found: ReadonlyMap<string, Found>;
  /** The same as a rollback needs it. */
  readonly before: ReadonlyMap<string, Found>;
  readonly live: Live;
};

/** Reads the machine and says what has to happen. Writes nothing. */
export const plan = (machine: Machine, goal: Goal): Planned => planFrom(machine.read(queryOf(goal)), goal);

/** The same for a machine that has been read (with `queryOf(goal)`, at least). */
export function planFrom(live: Live, goal: Goal): Planned {
  const found = observe(live, goal);
  const before = observeBefore(live, goal, found);
  const { operations, diagnostics } = diff(goal, found, { live, before });
  const read = { namespaces: live.netns.size, ms: live.ms };
  const plan = { lab: goal.lab, uid: goal.uid, stages: order(goal, operations), read };
  return { plan, diagnostics, found, before, live };
}
