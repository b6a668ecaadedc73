import { parseEgressTable } from '../../../src/kernel/read/needs/egress-table.ts';
import type { Instruction } from '../../../src/model/instruction.ts';
import type { EgressTableLive, QueueLive } from '../../../src/model/kernel/live-state.ts';
import { type FakeNetns, linkOf, netnsOf, refuse, type World } from './world.ts';

/** A root queue of the handle, in the place of whichever there is. */
export function setQueue(world: World, one: Instruction & { do: 'queue.set' }): void {
  const link = linkOf(netnsOf(world, one.netns), one.dev);
  if (one.kind === 'netem' && !world.hasNetem) throw refuse('ENOENT', 'Specified qdisc kind is unknown');
  if (link.queue?.handle === one.handle && link.queue.kind !== one.kind) throw refuse('EINVAL', 'Invalid qdisc name');
  link.queue = { kind: one.kind, handle: one.handle, impairment: one.impairment };
}

export function deleteQueue(world: World, { netns, dev, handle }: Instruction & { do: 'queue.delete' }): void {
  const link = linkOf(netnsOf(world, netns), dev);
  if (link.queue?.handle !== handle) throw refuse('EINVAL', 'Invalid handle');
  link.queue = null;
}

/** Its chain is on a link. */
export function replaceEgressTable(world: World, one: Instruction & { do: 'nft.replace' }): void {
  const netns = netnsOf(world, one.netns);
  const { dev } = parseEgressTable(one.script);
  if (dev === null) throw refuse('NFT', `the script does not make ${one.table}`);
  linkOf(netns, dev);
  netns.egressTables.set(one.table, one.script);
}

export function deleteEgressTable(world: World, { netns, table }: Instruction & { do: 'nft.delete' }): void {
  if (!netnsOf(world, netns).egressTables.delete(table)) throw refuse('ENOENT', `no table ${table}`);
}

/** The chain goes with its link, the table stays. */
export function forgetChains(netns: FakeNetns, dev: string): void {
  for (const [table, script] of netns.egressTables)
    if (parseEgressTable(script).dev === dev)
      netns.egressTables.set(table, script.replace(/\tchain egress \{[^}]*\}\n/, ''));
}

export const queuesIn = (netns: FakeNetns): readonly QueueLive[] =>
  [...netns.links.values()].flatMap(({ name, queue }) =>
    queue === null
      ? []
      : [
          {
            ...{ dev: name, kind: queue.kind, place: `${queue.handle} root`, rootHandle: queue.handle },
            ...{ impairment: queue.impairment, altered: false },
          },
        ],
  );

export function egressTableIn(netns: FakeNetns, table: string): EgressTableLive | null {
  const script = netns.egressTables.get(table);
  return script === undefined ? null : parseEgressTable(script);
}
