import type { Goal } from '../engine/goal.ts';
import type { Planned } from '../engine/plan.ts';
import { mergeQueries } from '../engine/query.ts';
import type { Holder } from '../model/live.ts';
import type { Machine } from '../model/machine.ts';
import { operationsOf } from '../model/operation.ts';
import type { Note } from './notes.ts';

/** Says what the lab lets go of without touching it, because it is not its own any more. */
export function noteLeft(note: Note | undefined, goal: Goal, { plan, found }: Planned): void {
  const going = new Set(operationsOf(plan).map(({ id }) => id));
  for (const { id, within } of goal.recorded.values()) {
    const there = found.get(id);
    if (there?.owner !== 'foreign' || there.spec === null || goal.recorded.get(id)?.before) continue;
    if (within.length > 0 && within.every((container) => going.has(container))) continue;
    const remedy = there.remedy === undefined ? '' : ` (${there.remedy})`;
    note?.(`${id} is left as it is: ${there.whose ?? "no mark of netform's"}${remedy}`);
  }
}

export type Held = ReadonlyMap<string, readonly Holder[]>;

/** The processes in namespaces, before these go. */
export const heldNow = (machine: Machine, namespaces: readonly string[]): Held =>
  machine.read(mergeQueries([{ holders: namespaces.filter((netns) => netns !== 'host') }])).holders;

/** Says which processes run on in namespaces that have gone. */
export function noteHeld(note: Note | undefined, machine: Machine, before: Held): void {
  const held = [...before].filter(([, holders]) => holders.length > 0);
  if (held.length === 0) return;
  const after = heldNow(
    machine,
    held.map(([netns]) => netns),
  );
  for (const [netns, holders] of held) {
    if (after.has(netns)) continue;
    const names = holders.map(({ pid, name }) => `${pid} (${name})`).join(', ');
    note?.(`still running in ${netns}, which has no name any more: ${names}`);
  }
}
