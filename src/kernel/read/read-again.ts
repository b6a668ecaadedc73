import type { Instruction } from '../../model/instruction.ts';
import type { LinkLive, NetnsLive } from '../../model/kernel/live-state.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import { withNamespaces } from '../../model/kernel/with-namespaces.ts';
import type { KernelContext } from '../kernel-context.ts';
import { readKernelState } from './index.ts';

/**
 * Reads the namespaces of a batch again, and leaves the rest as it was read. The machine's own is always among them, because
 * links elsewhere can be above its own. The other end of a pair in a namespace that is not among them is the one that it
 * was: a link keeps its index and its peer as long as it exists.
 */
export function readNamespacesAgain(tools: KernelContext, live: LiveState, batch: readonly Instruction[]): LiveState {
  const namespaces = touchedNamespaces(batch);
  const known = live.all('namespace').filter(({ need: { netns } }) => netns === 'host' || namespaces.has(netns));
  const now = readKernelState(
    tools,
    known.map(({ need }) => need),
  );
  const newer = known.map(({ need, answer: before }): [string, NetnsLive | null] => {
    const answer = now.get(need);
    return [need.netns, answer && withKnownPeers(answer, before)];
  });
  return withNamespaces(live, new Map(newer), now.ms);
}

/** The namespaces that a batch changes. */
export const touchedNamespaces = (batch: readonly Instruction[]): ReadonlySet<string> =>
  new Set(
    batch.flatMap((one) => [...('netns' in one ? [one.netns] : []), ...(one.do === 'link.move' ? [one.to.netns] : [])]),
  );

/** A namespace as it is now, with the peers that it had in namespaces that were not read (`isRead`). */
export function withKnownPeers(
  now: NetnsLive,
  before: NetnsLive,
  isRead: (netns: string) => boolean = () => false,
): NetnsLive {
  if (now.cookie !== before.cookie) return now;
  const byIndex = new Map([...before.links.values()].map((link) => [link.index, link]));
  const links = [...now.links].map(([name, link]): [string, LinkLive] => {
    const old = byIndex.get(link.index);
    const isSame = link.peer?.netns === null && old?.mac === link.mac && old.kind === link.kind;
    return [name, isSame && !isRead(old.peer?.netns ?? '') ? { ...link, peer: old.peer } : link];
  });
  return { ...now, links: new Map(links) };
}
