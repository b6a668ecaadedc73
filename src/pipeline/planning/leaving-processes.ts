import type { GoalPlan } from '../../engine/plan/plan.ts';
import { netnsId } from '../../model/ids.ts';
import type { UnmanagedObject } from '../../model/kind.ts';
import type { Machine } from '../../model/machine.ts';
import { operationsOf } from '../../model/operation.ts';
import { type ProcessesByNetns, readProcessesByNetns } from '../run/destroy-warnings.ts';

/** The processes in namespaces that a plan deletes. */
export function readLeavingProcesses(machine: Machine, { plan, live }: GoalPlan): ProcessesByNetns {
  const deleted = operationsOf(plan).filter(({ id, netns, action }) => action === 'delete' && id === netnsId(netns));
  if (deleted.length === 0) return new Map();
  const found = readProcessesByNetns(
    machine,
    deleted.map(({ netns }) => netns),
  );
  // What netform started it ends itself.
  const own = new Set(live.all('process').flatMap(({ answer: { pids } }) => pids));
  return new Map([...found].map(([netns, holders]) => [netns, holders.filter(({ pid }) => !own.has(pid))]));
}

/** A line for each of those processes: `process 4332 (nginx)`. */
export const processLines = (processes: ProcessesByNetns): readonly UnmanagedObject[] =>
  [...processes].flatMap(([netns, holders]) =>
    holders.map(({ pid, name }) => ({
      ...{ netns, noun: 'process', name: `${pid} (${name})`, role: 'running' as const, remove: null },
      text: 'keeps running, in a namespace without a name',
    })),
  );
