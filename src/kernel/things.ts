import type { Thing } from '../model/change.ts';
import { routeName, tableName } from '../model/ids.ts';
import type { AddressLive, RouteLive } from '../model/live.ts';
import { dumpAddresses } from './netlink/address.ts';
import { dumpLinks, namer, type RawLink } from './netlink/linkdump.ts';
import { dumpRoutes } from './netlink/routedump.ts';

// linux/rtnetlink.h, RTPROT_*
const REDIRECT = 1;
const KERNEL = 2;

/** Things by what tells them apart in one namespace. */
export type Things = Map<string, Thing>;

/** Every link, address and route of a socket's namespace, but for what the kernel makes by itself; and its links. */
export function dumpThings(socket: number): { readonly things: Things; readonly links: readonly RawLink[] } {
  const links = dumpLinks(socket);
  const nameOf = namer(links);
  const things: Things = new Map();
  const put = (thing: Thing | null) => thing && things.set(keyOf(thing), thing);
  for (const link of links) put(linkThing(link, nameOf));
  for (const address of dumpAddresses(socket, nameOf)) put(addressThing(address));
  for (const route of dumpRoutes(socket, nameOf)) put(routeThing(route));
  return { things, links };
}

export function keyOf({ what, name, dev, route }: Thing): string {
  return `${what} ${name} ${route === null ? dev : route.table}`;
}

export const linkThing = (link: RawLink, nameOf: (index: number) => string): Thing => ({
  what: 'link',
  name: link.name,
  dev: link.name,
  facts: {
    up: link.up,
    carrier: link.carrier,
    mac: link.mac,
    mtu: link.mtu,
    master: link.master === null ? null : nameOf(link.master),
  },
  route: null,
  mark: link.alias,
});

/** Null: one that every link, or every `lo`, has. */
export function addressThing({ dev, prefix, scope, dadFailed }: AddressLive): Thing | null {
  if (scope === 'link' || LOOPBACK.has(`${dev} ${prefix}`)) return null;
  return { what: 'address', name: prefix, dev, facts: { duplicate: dadFailed }, route: null, mark: null };
}

/** Null: one that follows from an address. */
export function routeThing({ to, table, metric, type, hops, src, mtu, protocol }: RouteLive): Thing | null {
  if (protocol === KERNEL || protocol === REDIRECT) return null;
  const ways = hops.map(({ via, dev }) => [via === null ? '' : `via ${via} `, `dev ${dev ?? '?'}`].join(''));
  const facts = { type, ways, src, mtu, table: tableName(table) };
  return { what: 'route', name: routeName({ to, metric }), dev: null, facts, route: { to, table, metric }, mark: null };
}

const LOOPBACK = new Set(['lo 127.0.0.1/8', 'lo ::1/128']);
