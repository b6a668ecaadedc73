import { NETFORM_PROTOCOL, type RouteOptions, type RouteScope, type RouteValue } from '../../model/instruction.ts';
import type { RouteLive } from '../../model/kernel/live-state.ts';
import {
  RT_SCOPE_HOST,
  RT_SCOPE_LINK,
  RT_SCOPE_UNIVERSE,
  RT_TABLE_LOCAL,
  RTPROT_KERNEL,
} from '../../model/kernel/rtnetlink.ts';
import type { UnknownAttribute } from '../../model/kernel/unknown-attribute.ts';
import { familyOf } from '../../net/address.ts';
import {
  addressBytes,
  addressFamilyNumber,
  bytesAttribute,
  decodeIpAddress,
  decodeU8,
  decodeU32,
  familyOfAf,
  ipBytes,
  type NetlinkAttributes,
  optionalAttribute,
  parseAttributes,
  u8Attribute,
  u32Attribute,
} from '../../net/netlink-attributes.ts';
import { requirePrefix } from '../../net/prefix.ts';
import { decodeOnce, type NetlinkMessage, NLM_F_APPEND, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE } from './message.ts';
import { formatRealms, parseRealms } from './realms.ts';
import {
  ROUTE_ATTRIBUTES,
  RTA_DST,
  RTA_FLOW,
  RTA_METRICS,
  RTA_PREF,
  RTA_PREFSRC,
  RTA_PRIORITY,
  RTA_SRC,
  RTA_TABLE,
  RTNH_F_ONLINK,
} from './route-attributes.ts';
import { decodeHops, hopAttributes, type LinkNameLookup } from './route-hops.ts';
import { decodeMetrics, metricsAttribute } from './route-metrics.ts';
import { dumpMessages } from './socket.ts';
import { listUnknownAttributes, withUnknown } from './unknown-attributes.ts';

// linux/rtnetlink.h
export const RTM_NEWROUTE = 24;
export const RTM_DELROUTE = 25;
export const RTM_GETROUTE = 26;
export const RTMSG_LENGTH = 12;
const RTM_F_CLONED = 0x200;

const UNSPECIFIED_ADDRESS = { 4: '0.0.0.0', 6: '::' } as const;

/** RTN_* of linux/rtnetlink.h. */
const ROUTE_TYPES = { unicast: 1, local: 2, blackhole: 6, unreachable: 7, prohibit: 8, throw: 9 } as const;

const typeNames = new Map<number, RouteValue['type']>(
  Object.entries(ROUTE_TYPES).map(([name, number]) => [number, name as RouteValue['type']]),
);

/** RT_SCOPE_* of linux/rtnetlink.h. */
const SCOPES = { global: RT_SCOPE_UNIVERSE, site: 200, link: RT_SCOPE_LINK, host: RT_SCOPE_HOST } as const;

/** `enum` ICMPV6_ROUTER_PREF_* of linux/icmpv6.h; 0 is the one in the middle, which every route has. */
const PREFERENCES = { high: 1, low: 3 } as const;

type LinkIndexLookup = (dev: string) => number;

/** Adds a route; EEXIST when there is one of the same destination, table and metric. */
export const addRouteMessage = (route: RouteValue, indexOf: LinkIndexLookup): NetlinkMessage => ({
  type: RTM_NEWROUTE,
  flags: NLM_F_CREATE | NLM_F_EXCL,
  header: rtmsg(route),
  attributes: [
    ...keyAttributes(route, indexOf),
    ...metricsAttribute(route),
    ...optionalAttribute(route.pref, (pref) => u8Attribute(RTA_PREF, PREFERENCES[pref])),
  ],
});

/** Puts a route in the place of the one of the same destination, table and metric, or adds it. */
export const replaceRouteMessage = (route: RouteValue, indexOf: LinkIndexLookup): NetlinkMessage => ({
  ...addRouteMessage(route, indexOf),
  flags: NLM_F_REPLACE | NLM_F_CREATE,
});

/** Adds a route behind those of the same destination, table and metric (IPv4). */
export const appendRouteMessage = (route: RouteValue, indexOf: LinkIndexLookup): NetlinkMessage => ({
  ...addRouteMessage(route, indexOf),
  flags: NLM_F_CREATE | NLM_F_APPEND,
});

/** Deletes a route by its full key: a field that is absent or 0 would match any. */
export const deleteRouteMessage = (route: RouteValue, indexOf: LinkIndexLookup): NetlinkMessage => ({
  type: RTM_DELROUTE,
  flags: 0,
  header: rtmsg(route),
  // IPv4 compares the metrics that are given (`fib_metrics_match` in net/ipv4/fib_semantics.c).
  attributes: [...keyAttributes(route, indexOf), ...(familyOf(route.to) === 4 ? metricsAttribute(route) : [])],
});

/**
 * The routes of a socket's namespace, with hops in the kernel's order. Of the table `local` only those that the kernel did
 * not make by itself.
 */
export function dumpRoutes(
  socket: number,
  nameOf: LinkNameLookup,
  known = new Map<string, RouteLive | null>(),
): readonly RouteLive[] {
  const message = { type: RTM_GETROUTE, flags: 0, header: Buffer.alloc(RTMSG_LENGTH), attributes: [] };
  const decode = decodeOnce(known, (body) => decodeRouteMessage(body, nameOf));
  return withoutRepeated(dumpMessages(socket, message, (body) => (isKernelLocal(body) ? null : decode(body))));
}

/** A change in the middle of a dump makes the kernel repeat IPv6 routes, without saying so. */
function withoutRepeated(routes: readonly RouteLive[]): readonly RouteLive[] {
  const different = [...new Set(routes)];
  const firsts = different.map(({ to, hops }) => `${to} ${hops[0]?.dev}`);
  if (new Set(firsts).size === firsts.length) return different;
  // Two messages of one route can differ in what is not read: when it expires.
  const counts = new Map<string, number>();
  for (const first of firsts) counts.set(first, (counts.get(first) ?? 0) + 1);
  const keyOf = (route: RouteLive, i: number): string =>
    counts.get(firsts[i] ?? '') === 1 ? (firsts[i] ?? '') : JSON.stringify(route);
  return [...new Map(different.map((route, i) => [keyOf(route, i), route])).values()];
}

/** Whether it is of the table `local` and the kernel made it: its number stands in the header. */
const isKernelLocal = (body: Buffer): boolean =>
  body.readUInt8(4) === RT_TABLE_LOCAL && (body.readUInt8(5) === RTPROT_KERNEL || body.readUInt8(5) === 0);

/** Null: not one that a route can be here. struct rtmsg: u8 family, dst_len, src_len, tos, table, protocol, scope, type; u32 flags. */
export function decodeRouteMessage(body: Buffer, nameOf: LinkNameLookup): RouteLive | null {
  const family = familyOfAf(body.readUInt8(0));
  if (!family || body.readUInt32LE(8) & RTM_F_CLONED) return null;
  const route = parseAttributes(body, RTMSG_LENGTH);
  const table = decodeU32(route.get(RTA_TABLE)) ?? body.readUInt8(4);
  const protocol = body.readUInt8(5);
  if (table === RT_TABLE_LOCAL && (protocol === RTPROT_KERNEL || protocol === 0)) return null;
  const destination = route.get(RTA_DST);
  const source = route.get(RTA_PREFSRC);
  const type = typeNames.get(body.readUInt8(7)) ?? 'unicast';
  const { others, ...metrics } = decodeMetrics(route.get(RTA_METRICS));
  const leads = type === 'unicast' || type === 'local';
  const { hops, unknown } = leads ? decodeHops(route, body.readUInt32LE(8), nameOf) : NO_HOPS;
  const value = {
    to: `${destination ? decodeIpAddress(destination) : UNSPECIFIED_ADDRESS[family]}/${body.readUInt8(1)}`,
    ...{ type, hops, src: source ? decodeIpAddress(source) : null },
    metric: decodeU32(route.get(RTA_PRIORITY)) ?? 0,
    ...{ table, protocol, ...metrics },
  };
  return {
    ...value,
    ...decodeOptions(route, { tos: body.readUInt8(3), scope: body.readUInt8(6), value }),
    ...withUnknown(
      unknownKey(body, route),
      others,
      unknown,
      listUnknownAttributes(body, RTMSG_LENGTH, ROUTE_ATTRIBUTES),
    ),
  };
}

const NO_HOPS = { hops: [], unknown: [] };

/** What makes it a route that the language cannot name: its source, its type, its scope by number. */
function unknownKey(body: Buffer, route: NetlinkAttributes): readonly UnknownAttribute[] {
  const [length, type, scope] = [body.readUInt8(2), body.readUInt8(7), body.readUInt8(6)];
  const source = route.get(RTA_SRC);
  const isScope = body.readUInt8(0) !== addressFamilyNumber(4) || Object.values<number>(SCOPES).includes(scope);
  return [
    ...(source ? [{ name: 'from', value: `${decodeIpAddress(source)}/${length}` }] : []),
    ...(typeNames.has(type) ? [] : [{ name: 'type', value: OTHER_TYPES[type] ?? String(type) }]),
    ...(isScope ? [] : [{ name: 'scope', value: String(scope) }]),
  ];
}

/** RTN_BROADCAST, RTN_ANYCAST, RTN_MULTICAST. */
const OTHER_TYPES: { readonly [type: number]: string } = { 3: 'broadcast', 4: 'anycast', 5: 'multicast' };

/** The numbers of the key, also of a route that the language cannot name. */
function decodeUnknownKey(route: RouteValue) {
  const named = new Map(route.unknown?.map(({ name, value }) => [name, value]));
  const from = named.get('from');
  const [type, scope] = [named.get('type'), named.get('scope')];
  const other = Object.entries(OTHER_TYPES).find(([, name]) => name === type)?.[0] ?? type;
  const usual = route.scope === undefined ? usualScope(route) : SCOPES[route.scope];
  return {
    source: from === undefined ? null : requirePrefix(from),
    scope: scope === undefined ? usual : Number(scope),
    type: other === undefined ? ROUTE_TYPES[route.type] : Number(other),
  };
}

function decodeOptions(
  route: NetlinkAttributes,
  header: { readonly tos: number; readonly scope: number; readonly value: RouteValue },
): RouteOptions {
  const { tos, scope, value } = header;
  const [flow, pref] = [decodeU32(route.get(RTA_FLOW)), decodeU8(route.get(RTA_PREF))];
  const scopeName = (Object.keys(SCOPES) as RouteScope[]).find((name) => SCOPES[name] === scope);
  const prefName = (['high', 'low'] as const).find((name) => PREFERENCES[name] === pref);
  const isUsual = familyOf(value.to) === 6 || scope === usualScope(value);
  return {
    ...(tos === 0 ? {} : { tos }),
    ...(flow === null ? {} : { realms: formatRealms(flow) }),
    ...(prefName === undefined ? {} : { pref: prefName }),
    ...(isUsual || scopeName === undefined ? {} : { scope: scopeName }),
  };
}

/** As iproute2 sets it: host for local ones, link for those straight to a link. IPv6 has no scopes. */
function usualScope({ to, type, hops }: RouteValue): number {
  if (familyOf(to) === 6) return RT_SCOPE_UNIVERSE;
  if (type === 'local') return RT_SCOPE_HOST;
  return type === 'unicast' && hops.every((hop) => hop.via === null) ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
}

/** struct rtmsg: u8 family, dst_len, src_len, tos, table, protocol, scope, type; u32 flags. */
function rtmsg(route: RouteValue): Buffer {
  const { family, length } = requirePrefix(route.to);
  const table = route.table < 256 ? route.table : 0;
  const protocol = route.protocol ?? NETFORM_PROTOCOL;
  const [hop] = route.hops;
  const { source, scope, type } = decodeUnknownKey(route);
  const key = [addressFamilyNumber(family), length, source?.length ?? 0, route.tos ?? 0, table, protocol, scope, type];
  const header = Buffer.from([...key, 0, 0, 0, 0]);
  header.writeUInt32LE(route.hops.length === 1 && hop?.onlink ? RTNH_F_ONLINK : 0, 8);
  return header;
}

function keyAttributes(route: RouteValue, indexOf: LinkIndexLookup): readonly Buffer[] {
  const to = requirePrefix(route.to);
  return [
    ...(to.length > 0 ? [bytesAttribute(RTA_DST, ipBytes(to))] : []),
    ...optionalAttribute(decodeUnknownKey(route).source, (source) => bytesAttribute(RTA_SRC, ipBytes(source))),
    u32Attribute(RTA_TABLE, route.table),
    ...(route.metric > 0 ? [u32Attribute(RTA_PRIORITY, route.metric)] : []),
    ...optionalAttribute(route.src, (src) => bytesAttribute(RTA_PREFSRC, addressBytes(src))),
    ...optionalAttribute(route.realms, (realms) => u32Attribute(RTA_FLOW, parseRealms(realms))),
    ...hopAttributes(route, indexOf),
  ];
}
