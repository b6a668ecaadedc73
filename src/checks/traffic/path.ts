import type { LabRoute } from '../../model/lab.ts';
import { formatAddress, type IpAddress } from '../../net/address.ts';
import { createPrefixLookup, type PrefixLookup } from '../../net/longest-prefix-match.ts';
import { type Prefix, prefixContainsText, requirePrefix } from '../../net/prefix.ts';
import type { Network, NetworkAddress, NetworkLan } from './network.ts';

/** What a namespace does with packets to a prefix: keeps them, puts them on a link, or follows a route. */
type ForwardingEntry = { readonly prefix: Prefix } & (
  | { readonly by: 'address' }
  | { readonly by: 'link'; readonly dev: string }
  | { readonly by: 'route'; readonly route: LabRoute }
);

/** Where a namespace sends a packet; `nowhere`: it has no route; `unknown`: the lab alone does not tell. */
export type NextStep =
  | { readonly to: 'netns'; readonly netns: string; readonly dev: string; readonly source: string | null }
  | { readonly to: 'self' | 'nowhere' | 'unknown' };

/** The way of a packet: the namespaces from the first to the last one that has it, and how it ends there. */
export type PacketPath = {
  readonly steps: readonly { readonly netns: string; readonly dev: string; readonly source: string | null }[];
  readonly last: string;
  readonly end: 'arrived' | 'nowhere' | 'unknown';
};

/** Finds the ways of packets. Routing tables are built when they are first asked for. */
export type PathFinder = {
  readonly next: (netns: string, address: IpAddress) => NextStep;
  /** The way to an address; it has arrived in the namespace `until`, too, when there is one. */
  readonly follow: (netns: string, address: IpAddress, until?: string) => PacketPath;
};

/** A path finder for a network. */
export function createPathFinder(network: Network): PathFinder {
  const tables = new Map<string, PrefixLookup<ForwardingEntry>>();
  const tableOf = (netns: string): PrefixLookup<ForwardingEntry> => {
    const table = tables.get(netns) ?? createPrefixLookup(forwardingEntries(network, netns), ({ prefix }) => prefix);
    tables.set(netns, table);
    return table;
  };
  const next = (netns: string, address: IpAddress): NextStep => {
    if (network.netnsWithRules.has(netns)) return { to: 'unknown' };
    const entry = tableOf(netns)(address);
    // The machine and containers have routes of their own.
    if (entry === null) return { to: network.foreign.has(netns) ? 'unknown' : 'nowhere' };
    return entry.by === 'address' ? { to: 'self' } : stepTo(network, netns, entry, address);
  };
  return { next, follow: (netns, address, until) => followPath(network, next, { netns, address, until }) };
}

/** In the order in which the kernel prefers those of one prefix. */
function forwardingEntries(network: Network, netns: string): readonly ForwardingEntry[] {
  const addresses = network.addressesByNetns.get(netns) ?? [];
  const routes = network.routesByNetns.get(netns) ?? [];
  return [
    ...addresses.map(({ prefix: { family, value, length }, dev }): ForwardingEntry => {
      // All addresses of a subnet on lo are the namespace's own.
      const own = dev === 'lo' ? length : family === 4 ? 32 : 128;
      return { by: 'address', prefix: { family, value, length: own } };
    }),
    ...addresses
      .filter(({ dev }) => dev !== 'lo')
      .map(({ connected, dev }): ForwardingEntry => ({ by: 'link', prefix: connected, dev })),
    ...routes
      .toSorted((a, b) => a.metric - b.metric)
      .map((route): ForwardingEntry => ({ by: 'route', prefix: requirePrefix(route.to), route })),
  ];
}

function stepTo(
  network: Network,
  netns: string,
  entry: Exclude<ForwardingEntry, { by: 'address' }>,
  address: IpAddress,
): NextStep {
  const hop = entry.by === 'link' ? { via: null, dev: entry.dev } : entry.route.hops[0];
  const isOne = entry.by === 'link' || (entry.route.type === 'unicast' && entry.route.hops.length === 1);
  const lan = hop && network.lanByDev.get(`${netns}/${hop.dev}`);
  if (!hop || !isOne || !lan) return { to: 'unknown' };
  const neighbour = hop.via ?? formatAddress(address);
  const owner = lanOwner(network, lan, neighbour);
  if (owner === null) return { to: 'unknown' };
  const written = entry.by === 'route' ? entry.route.src : null;
  const source = written ?? sourceTowards(lan.members.get(netns) ?? [], hop.dev, neighbour);
  return { to: 'netns', netns: owner, dev: hop.dev, source };
}

/** The namespace on a LAN that answers for an address: Linux answers ARP for the addresses of all of its links. Null: none. */
export function lanOwner({ owners }: Network, lan: NetworkLan, address: string): string | null {
  const near = lan.owners.get(address);
  if (near !== undefined || address.includes(':')) return near ?? null;
  const all = owners.get(address) ?? [];
  if (all.length <= lan.members.size) return all.find(({ netns }) => lan.members.has(netns))?.netns ?? null;
  const netns = new Set(all.map((one) => one.netns));
  return [...lan.members.keys()].find((one) => netns.has(one)) ?? null;
}

/** The address that the kernel takes for packets to a neighbour: one of its subnet, else the first of the link. */
function sourceTowards(addresses: readonly NetworkAddress[], dev: string, neighbour: string): string | null {
  const own = addresses.filter((one) => one.dev === dev && one.address.includes(':') === neighbour.includes(':'));
  return (own.find(({ text }) => prefixContainsText(text, neighbour)) ?? own[0])?.address ?? null;
}

function followPath(
  network: Network,
  next: PathFinder['next'],
  {
    netns,
    address,
    until,
  }: { readonly netns: string; readonly address: IpAddress; readonly until: string | undefined },
): PacketPath {
  const steps: PacketPath['steps'][number][] = [];
  const seen = new Set<string>();
  for (let here = netns; ; ) {
    if (here === until) return { steps, last: here, end: 'arrived' };
    const step = next(here, address);
    if (step.to === 'self') return { steps, last: here, end: 'arrived' };
    const isForwarded = here === netns || network.forwards(here, address.family);
    if (!isForwarded || seen.has(here)) return { steps, last: here, end: 'unknown' };
    if (step.to !== 'netns') return { steps, last: here, end: step.to };
    seen.add(here);
    steps.push({ netns: here, dev: step.dev, source: step.source });
    here = step.netns;
  }
}
