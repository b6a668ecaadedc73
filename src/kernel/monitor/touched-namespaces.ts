import type { LinkLive, NetnsLive } from '../../model/kernel/live-state.ts';
import { type FactIndex, type LiveState, liveStateOf, putFact, type Query } from '../../model/kernel/need.ts';
import type { LinkKinds } from '../../model/link-kind.ts';
import { withKnownPeers } from '../read/read-again.ts';

type NamespaceReading = {
  /** What is known of all; what is read goes there. */
  readonly facts: FactIndex;
  /** The namespaces that are asked about. */
  readonly names: ReadonlySet<string>;
  /** Those of them that have to be read. */
  readonly touched: readonly string[];
  readonly read: (needs: Query) => LiveState;
  readonly linkKinds: LinkKinds;
};

type NewerNamespace = {
  readonly netns: string;
  readonly before: NetnsLive | null;
  readonly answer: NetnsLive | null;
};

/**
 * Reads namespaces again. A pair has two ends, and each is announced in its own namespace only: where one was renamed, moved
 * or deleted, the namespace of the other is read, too. So is the host where a link stands on one of its links.
 */
export function readTouchedNamespaces(reading: NamespaceReading): void {
  const { facts, names, touched, read } = reading;
  const wanted = new Set(touched);
  const known = liveStateOf(facts, 0);
  while (wanted.size > 0) {
    const now = read([...wanted].map((netns) => ({ need: 'namespace', netns })));
    const newer = [...wanted].map((netns): NewerNamespace => {
      const before = known.get({ need: 'namespace', netns });
      const found = now.get({ need: 'namespace', netns });
      const answer = found && before ? withKnownPeers(found, before, (name) => wanted.has(name)) : found;
      return { netns, before, answer };
    });
    const missing = newer
      .flatMap((one) => concerned(one, reading))
      .filter((name) => names.has(name) && !wanted.has(name));
    if (missing.length === 0) {
      for (const { netns, answer } of newer) putFact(facts, { need: { need: 'namespace', netns }, answer });
      return;
    }
    for (const netns of missing) wanted.add(netns);
  }
}

/** The other namespaces that a change of one concerns. */
function concerned(
  { netns, before, answer }: NewerNamespace,
  { names, linkKinds }: NamespaceReading,
): readonly string[] {
  if (netns === 'host') return isAnotherHost(before, answer) ? [...names] : movedPeers(netns, before, answer);
  const standsOnHost = [before, answer].some((live) => live !== null && hasLowerLink(live, linkKinds));
  return [...movedPeers(netns, before, answer), ...(standsOnHost || hasNewPair(before, answer) ? ['host'] : [])];
}

const hasLowerLink = ({ links }: NetnsLive, linkKinds: LinkKinds): boolean =>
  [...links.values()].some(
    ({ kind, peer }) => peer === null && kind !== null && linkKinds.get(kind)?.netlink.hasLinkAttribute === true,
  );

/** An end of a pair that was not there: the other one may be in the host. */
function hasNewPair(before: NetnsLive | null, now: NetnsLive | null): boolean {
  const old = linksByIndex(before?.cookie === now?.cookie ? before : null);
  return [...(now?.links.values() ?? [])].some(({ index, peer }) => peer?.netns === null && !old.has(index));
}

/** The namespaces whose links were peers of links that are not what they were. */
function movedPeers(netns: string, before: NetnsLive | null, now: NetnsLive | null): readonly string[] {
  if (before === null) return [];
  const byIndex = linksByIndex(now);
  return [...before.links.values()].flatMap(({ index, name, peer }) => {
    if (peer === null || peer.netns === null || peer.netns === netns) return [];
    const link = now?.cookie === before.cookie ? byIndex.get(index) : undefined;
    return link?.name === name && link.peer?.netns === peer.netns && link.peer.name === peer.name ? [] : [peer.netns];
  });
}

/** Whether a link that others may stand on came, went or has another name: those others are in any namespace. */
function isAnotherHost(before: NetnsLive | null, now: NetnsLive | null): boolean {
  if (before === null || now === null) return false;
  const names = (live: NetnsLive): string =>
    [...live.links.values()].flatMap(({ index, name, peer }) => (peer === null ? [`${index} ${name}`] : [])).join('\n');
  return names(before) !== names(now);
}

const linksByIndex = (live: NetnsLive | null): ReadonlyMap<number, LinkLive> =>
  new Map([...(live?.links.values() ?? [])].map((link) => [link.index, link]));
