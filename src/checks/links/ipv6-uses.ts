import { atKey, atValue, type SourceLocation } from '../../model/diagnostics/source-location.ts';
import { sysctlName } from '../../model/ids.ts';
import type { Lab } from '../../model/lab.ts';
import { appendTo } from '../../model/values/group-by.ts';
import { type LinkSummary, linkSummaries, linkSummaryKey } from './link-summaries.ts';

/** Something of IPv6 that the lab puts on a link: an address, a route or a neighbour, for which the link needs IPv6. */
export type Ipv6Use = {
  /** `fd00:1::2/64`, `the route to fd00:9::/64`, `the neighbour fd00:1::9`, `net.ipv6.conf.eth0.accept_ra`. */
  readonly words: string;
  readonly at: SourceLocation;
  /** It is a sysctl of the link. */
  readonly isSetting?: true;
};

/** By `red/eth0`, what of IPv6 the file puts on each link: addresses first, then routes, neighbours and settings. */
export function ipv6UsesByLink(lab: Lab): ReadonlyMap<string, readonly Ipv6Use[]> {
  const uses = new Map<string, Ipv6Use[]>();
  const add = (netns: string, dev: string, use: Ipv6Use): void =>
    appendTo(uses, linkSummaryKey({ netns, name: dev }), use);
  for (const { netns, dev, prefixes, at } of lab.addresses) {
    for (const prefix of prefixes.filter(isIpv6)) add(netns, dev, { words: prefix, at: atKey(at) });
  }
  for (const { netns, to, hops, at } of lab.routes.filter((route) => isIpv6(route.to) && !route.implied)) {
    for (const { dev } of hops) add(netns, dev, { words: `the route to ${to}`, at: atValue(at) });
  }
  for (const { netns, dev, to, at } of lab.neighbours.filter((neighbour) => isIpv6(neighbour.to)))
    add(netns, dev, { words: `the neighbour ${to}`, at: atValue(at) });
  for (const { netns, key, reason, at } of lab.sysctls) {
    const [, dev] = LINK_SYSCTL.exec(key) ?? [];
    if (dev !== undefined && reason === null)
      add(netns, dev, { words: sysctlName(key), at: atKey(at), isSetting: true });
  }
  return uses;
}

const LINK_SYSCTL = /^net\/ipv6\/(?:conf|neigh)\/([^/]+)\/(?!disable_ipv6$)/;

const isIpv6 = (text: string): boolean => text.includes(':');

/** The links of a lab, `lo` of each namespace included. */
export const linksWithLoopback = (lab: Lab): readonly LinkSummary[] => [
  ...linkSummaries(lab),
  ...['host', ...lab.namespaces.map(({ name }) => name)].map((netns) => ({
    ...{ netns, name: 'lo', words: `${netns}:lo`, mac: null, mtu: null, at: [] },
  })),
];
