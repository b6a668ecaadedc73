import type { GoalPlan } from '../../engine/plan/plan.ts';
import type { Holder } from '../../model/kernel/live-state.ts';
import type { Machine } from '../../model/machine.ts';
import { operationsOf } from '../../model/operation.ts';
import type { Progress } from '../../model/results/progress.ts';
import { NO_MARK, objectPhrase } from '../../model/values/object-phrase.ts';
import type { Session } from '../session.ts';

/** Warns about objects of the lab that stay, because they no longer carry its mark. */
export function warnLeftBehind(progress: Progress, { goal, plan, found }: GoalPlan): void {
  const going = new Set(operationsOf(plan).map(({ id }) => id));
  for (const { id, within } of goal.recorded.values()) {
    const there = found.get(id);
    if (there?.owner !== 'foreign' || there.spec === null || goal.recorded.get(id)?.before) continue;
    if (within.length > 0 && within.every((container) => going.has(container))) continue;
    const remedy = there.remedy === undefined ? '' : ` (${there.remedy})`;
    const reason =
      there.whose === null || there.whose === NO_MARK ? "it no longer carries netform's mark" : there.whose;
    progress.warn(`${objectPhrase(id)} is left as it is: ${reason}${remedy}`);
  }
}

/** The processes in each of some namespaces. */
export type ProcessesByNetns = ReadonlyMap<string, readonly Holder[]>;

/** The processes in namespaces, before these go. */
export function readProcessesByNetns(machine: Machine, namespaces: readonly string[]): ProcessesByNetns {
  const live = machine.read(
    namespaces.filter((netns) => netns !== 'host').map((netns) => ({ need: 'processes', netns })),
  );
  return new Map(live.all('processes').map(({ need: { netns }, answer }) => [netns, answer]));
}

/** Warns about processes that still run in namespaces which were deleted. */
export function warnRunningProcesses({ machine, progress }: Session, before: ProcessesByNetns): void {
  const held = [...before].filter(([, holders]) => holders.length > 0);
  if (held.length === 0) return;
  const after = readProcessesByNetns(
    machine,
    held.map(([netns]) => netns),
  );
  for (const [netns, holders] of held) {
    if (after.has(netns)) continue;
    const names = holders.map(({ pid, name }) => `${pid} (${name})`).join(', ');
    progress.warn(`still running in the namespace ${netns}, whose name is deleted: ${names}`);
  }
}
