import type { LinkLive } from '../../model/kernel/live-state.ts';
import type { LinkKinds } from '../../model/link-kind.ts';
import { groupBy } from '../../model/values/group-by.ts';
import { catchErrno } from '../errno.ts';
import type { RawLink } from '../netlink/links/raw-link.ts';
import { readNsid } from '../netlink/nsid.ts';
import type { NetnsSession } from '../netns/sessions.ts';

/** The links of one namespace, with its session. */
export type NetnsLinks = { readonly session: NetnsSession; readonly links: readonly RawLink[] };
type VethPeerLive = NonNullable<LinkLive['peer']>;
type RawVethEnd = { readonly session: NetnsSession; readonly link: RawLink };

const UNKNOWN_PEER: VethPeerLive = { netns: null, name: null };

/**
 * The other end of each veth end, by namespace and index. Ends in two namespaces that point at each other's indexes are a
 * pair if one namespace knows the other by the number in its link, and the other link has a number, too. It is the one with
 * fewer ends that is asked: the kernel walks through all that a namespace knows (`__peernet2id` in net/core/net_namespace.c).
 * A number that is not assigned (-1: the peer's namespace is being removed, or was never seen from here) names none, and
 * indexes alone prove nothing.
 */
export function findVethPeers(
  all: readonly NetnsLinks[],
  linkKinds: LinkKinds,
  numberOf: NsidLookup = lookUpNsid,
): (netns: string, index: number) => VethPeerLive | null {
  const ends = all.flatMap(({ session, links }) =>
    links.filter((link) => isPairEnd(link, linkKinds)).map((link): RawVethEnd => ({ session, link })),
  );
  const byIndexes = groupBy(ends, ({ link }) => `${link.index}>${link.lower}`);
  const byNetns = groupBy(ends, ({ session }) => session.netns);
  const countOf = ({ session }: RawVethEnd): number => byNetns.get(session.netns)?.length ?? 0;
  const peers = new Map<string, VethPeerLive>();
  const nsids = new Map<string, number>();
  const isPeer = (end: RawVethEnd, other: RawVethEnd): boolean => {
    if (end.link.lowerNsid === null) return other.session === end.session;
    if (other.session === end.session) return false;
    const key = `${end.session.netns}/${other.session.netns}`;
    const known = nsids.get(key) ?? numberOf(end.session, other.session);
    nsids.set(key, known);
    return known >= 0 && known === end.link.lowerNsid;
  };
  const isPair = (end: RawVethEnd, other: RawVethEnd): boolean => {
    if (hasNsid(end.link) !== hasNsid(other.link)) return false;
    if (countOf(end) < countOf(other)) return isPeer(end, other);
    return isPeer(other, end) && (countOf(end) > countOf(other) || isPeer(end, other));
  };
  for (const end of ends) {
    const key = vethEndKey(end);
    if (peers.has(key)) continue;
    const candidates = byIndexes.get(`${end.link.lower}>${end.link.index}`) ?? [];
    const other = candidates.find((candidate) => !peers.has(vethEndKey(candidate)) && isPair(end, candidate));
    peers.set(key, other ? { netns: other.session.netns, name: other.link.name } : UNKNOWN_PEER);
    if (other) peers.set(vethEndKey(other), { netns: end.session.netns, name: end.link.name });
  }
  return (netns, index) => peers.get(`${netns}/${index}`) ?? null;
}

/** By what number a namespace knows another; -1 when it does not. */
type NsidLookup = (from: NetnsSession, to: NetnsSession) => number;

/** Asks the kernel. */
export const lookUpNsid: NsidLookup = (from, to) =>
  catchErrno(['EINVAL', 'ENOENT'], () => readNsid(from.socket, to.fd)) ?? -1;

const hasNsid = ({ lowerNsid }: RawLink): boolean => lowerNsid !== null && lowerNsid >= 0;

const isPairEnd = ({ kind, lower }: RawLink, linkKinds: LinkKinds): boolean =>
  lower !== null && kind !== null && linkKinds.get(kind)?.pair === true;

const vethEndKey = ({ session, link }: RawVethEnd): string => `${session.netns}/${link.index}`;
