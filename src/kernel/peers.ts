import type { LinkLive } from '../model/live.ts';
import { unless } from './errno.ts';
import { groupBy } from './group.ts';
import type { RawLink } from './netlink/linkdump.ts';
import { nsidOf } from './netlink/nsid.ts';
import type { Session } from './sessions.ts';

export type NetnsLinks = { readonly session: Session; readonly links: readonly RawLink[] };
type Peer = NonNullable<LinkLive['peer']>;
type End = { readonly session: Session; readonly link: RawLink };

const UNKNOWN: Peer = { netns: null, name: null };

/**
 * The other end of each veth end, by namespace and index. Ends in two namespaces that point at each other's indexes are a
 * pair if one namespace knows the other by the number in its link, and the other link has a number, too. It is the one with
 * fewer ends that is asked: the kernel walks through all that a namespace knows (`__peernet2id` in net/core/net_namespace.c).
 * A number that is not assigned (-1: the peer's namespace is being removed, or was never seen from here) names none, and
 * indexes alone prove nothing.
 */
export function findPeers(
  all: readonly NetnsLinks[],
  numberOf: NumberOf = nsidIn,
): (netns: string, index: number) => Peer | null {
  const ends = all.flatMap(({ session, links }) => links.filter(isVeth).map((link): End => ({ session, link })));
  const byIndexes = groupBy(ends, ({ link }) => `${link.index}>${link.lower}`);
  const byNetns = groupBy(ends, ({ session }) => session.netns);
  const countOf = ({ session }: End): number => byNetns.get(session.netns)?.length ?? 0;
  const peers = new Map<string, Peer>();
  const nsids = new Map<string, number>();
  const isPeer = (end: End, other: End): boolean => {
    if (end.link.lowerNsid === null) return other.session === end.session;
    if (other.session === end.session) return false;
    const key = `${end.session.netns}/${other.session.netns}`;
    const known = nsids.get(key) ?? numberOf(end.session, other.session);
    nsids.set(key, known);
    return known >= 0 && known === end.link.lowerNsid;
  };
  const isPair = (end: End, other: End): boolean => {
    if (hasNumber(end.link) !== hasNumber(other.link)) return false;
    if (countOf(end) < countOf(other)) return isPeer(end, other);
    return isPeer(other, end) && (countOf(end) > countOf(other) || isPeer(end, other));
  };
  for (const end of ends) {
    const key = keyOf(end);
    if (peers.has(key)) continue;
    const candidates = byIndexes.get(`${end.link.lower}>${end.link.index}`) ?? [];
    const other = candidates.find((candidate) => !peers.has(keyOf(candidate)) && isPair(end, candidate));
    peers.set(key, other ? { netns: other.session.netns, name: other.link.name } : UNKNOWN);
    if (other) peers.set(keyOf(other), { netns: end.session.netns, name: end.link.name });
  }
  return (netns, index) => peers.get(`${netns}/${index}`) ?? null;
}

/** By what number a namespace knows another; -1 when it does not. */
type NumberOf = (from: Session, to: Session) => number;

const nsidIn: NumberOf = (from, to) => unless(['EINVAL', 'ENOENT'], () => nsidOf(from.socket, to.fd)) ?? -1;

const hasNumber = ({ lowerNsid }: RawLink): boolean => lowerNsid !== null && lowerNsid >= 0;

const isVeth = (link: RawLink): boolean => link.kind === 'veth' && link.lower !== null;

const keyOf = ({ session, link }: End): string => `${session.netns}/${link.index}`;
