import { routeName, tableName } from '../../model/ids.ts';
import type { AddressLive, RouteLive } from '../../model/kernel/live-state.ts';
import type { MonitorObject } from '../../model/kernel/monitor-event.ts';
import { RTPROT_KERNEL, RTPROT_REDIRECT } from '../../model/kernel/rtnetlink.ts';
import { dumpAddresses } from '../netlink/address.ts';
import { dumpLinks, linkNamer } from '../netlink/link-dump.ts';
import type { RawLink } from '../netlink/links/raw-link.ts';
import { dumpRoutes } from '../netlink/route.ts';

/** Things by what tells them apart in one namespace. */
export type MonitorObjectIndex = Map<string, MonitorObject>;

/** Every link, address and route of a socket's namespace, but for what the kernel makes by itself; and its links. */
export function dumpMonitorObjects(socket: number): {
  readonly things: MonitorObjectIndex;
  readonly links: readonly RawLink[];
} {
  const links = dumpLinks(socket);
  const nameOf = linkNamer(links);
  const things: MonitorObjectIndex = new Map();
  const put = (thing: MonitorObject | null) => thing && things.set(monitorObjectKey(thing), thing);
  for (const link of links) put(linkMonitorObject(link, nameOf));
  for (const address of dumpAddresses(socket, nameOf)) put(addressMonitorObject(address));
  for (const route of dumpRoutes(socket, nameOf)) put(routeMonitorObject(route));
  return { things, links };
}

/** Identifies an object among those of its namespace: the same object has the same key before and after a change. */
export function monitorObjectKey({ what, name, dev, route }: MonitorObject): string {
  return `${what} ${name} ${route === null ? dev : [route.table, route.tos ?? 0].join(' ')}`;
}

/** A link as the monitor reports it; `nameOf` gives the name of a link by its index. */
export const linkMonitorObject = (link: RawLink, nameOf: (index: number) => string): MonitorObject => ({
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
export function addressMonitorObject({ dev, prefix, scope, dadFailed }: AddressLive): MonitorObject | null {
  if (scope === 'link' || LOOPBACK_ADDRESSES.has(`${dev} ${prefix}`)) return null;
  return { what: 'address', name: prefix, dev, facts: { duplicate: dadFailed }, route: null, mark: null };
}

/** Null: one that follows from an address. */
export function routeMonitorObject(found: RouteLive): MonitorObject | null {
  const { to, table, metric, type, hops, src, mtu, protocol, tos } = found;
  if (protocol === RTPROT_KERNEL || protocol === RTPROT_REDIRECT) return null;
  const ways = hops.map(({ via, dev }) => [via === null ? '' : `via ${via} `, `dev ${dev ?? '?'}`].join(''));
  const facts = { type, ways, src, mtu, table: tableName(table) };
  const route = { to, table, metric, ...(tos === undefined ? {} : { tos }) };
  return { what: 'route', name: routeName({ to, metric }), dev: null, facts, route, mark: null };
}

const LOOPBACK_ADDRESSES = new Set(['lo 127.0.0.1/8', 'lo ::1/128']);
