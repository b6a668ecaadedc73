import { NETFORM_PROTOCOL, type RouteValue } from '../../model/instruction.ts';
import type { RouteLive } from '../../model/kernel/live-state.ts';
import { RT_SCOPE_LINK, RT_SCOPE_UNIVERSE, RT_TABLE_LOCAL } from '../../model/kernel/rtnetlink.ts';
import { familyOf } from '../../net/address.ts';
import {
  addressBytes,
  afOf,
  bytesAttribute,
  decodeIpAddress,
  decodeU32,
  familyOfAf,
  ipBytes,
  type NetlinkAttributes,
  nestedAttribute,
  optionalAttribute,
  parseAttributes,
  parseNestedAttributes,
  u32Attribute,
} from '../../net/netlink-attributes.ts';
import { requirePrefix } from '../../net/prefix.ts';
import { type NetlinkMessage, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE } from './message.ts';
import { dumpMessages } from './socket.ts';

// linux/rtnetlink.h
export const RTM_NEWROUTE = 24;
export const RTM_DELROUTE = 25;
export const RTM_GETROUTE = 26;
export const RTMSG_LENGTH = 12;
const RTNEXTHOP_LENGTH = 8;
const RTM_F_CLONED = 0x200;
export const RTA_DST = 1;
export const RTA_OIF = 4;
const RTA_GATEWAY = 5;
const RTA_PRIORITY = 6;
const RTA_PREFSRC = 7;
const RTA_METRICS = 8;
const RTA_MULTIPATH = 9;
export const RTA_TABLE = 15;
const RTA_VIA = 18;
const RTAX_MTU = 2;
const RTNH_F_ONLINK = 4;

const UNSPECIFIED_ADDRESS = { 4: '0.0.0.0', 6: '::' } as const;

/** RTN_* of linux/rtnetlink.h. */
const ROUTE_TYPES = { unicast: 1, blackhole: 6, unreachable: 7, prohibit: 8 } as const;

const typeNames = new Map<number, RouteValue['type']>([
  [ROUTE_TYPES.unicast, 'unicast'],
  [ROUTE_TYPES.blackhole, 'blackhole'],
  [ROUTE_TYPES.unreachable, 'unreachable'],
  [ROUTE_TYPES.prohibit, 'prohibit'],
]);

type RouteMessageHop = RouteValue['hops'][number];
type LinkIndexLookup = (dev: string) => number;
type LinkNameLookup = (index: number) => string;

/** Adds a route; EEXIST when there is one of the same destination, table and metric. */
export const addRouteMessage = (route: RouteValue, indexOf: LinkIndexLookup): NetlinkMessage => ({
  type: RTM_NEWROUTE,
  flags: NLM_F_CREATE | NLM_F_EXCL,
  header: rtmsg(route),
  attributes: [
    ...keyAttributes(route, indexOf),
    ...optionalAttribute(route.mtu, (mtu) => nestedAttribute(RTA_METRICS, [u32Attribute(RTAX_MTU, mtu)])),
  ],
});

/** Puts a route in the place of the one of the same destination, table and metric, or adds it. */
export const replaceRouteMessage = (route: RouteValue, indexOf: LinkIndexLookup): NetlinkMessage => ({
  ...addRouteMessage(route, indexOf),
  flags: NLM_F_REPLACE | NLM_F_CREATE,
});

/** Deletes a route by its full key: a field that is absent or 0 would match any. */
export const deleteRouteMessage = (route: RouteValue, indexOf: LinkIndexLookup): NetlinkMessage => ({
  type: RTM_DELROUTE,
  flags: 0,
  header: rtmsg(route),
  attributes: keyAttributes(route, indexOf),
});

/**
 * The routes of a socket's namespace: of the types that a route can have here, of every table but `local`, with hops in
 * the kernel's order. Entries for certain source addresses only are left out.
 */
export function dumpRoutes(socket: number, nameOf: LinkNameLookup): readonly RouteLive[] {
  const message = { type: RTM_GETROUTE, flags: 0, header: Buffer.alloc(RTMSG_LENGTH), attributes: [] };
  const routes = dumpMessages(socket, message, (body) => decodeRouteMessage(body, nameOf));
  // A change in the middle of a dump makes the kernel repeat IPv6 routes, without saying so.
  return [...new Map(routes.map((route) => [JSON.stringify(route), route])).values()];
}

/** Null: not one that a route can be here. struct rtmsg: u8 family, dst_len, src_len, tos, table, protocol, scope, type; u32 flags. */
export function decodeRouteMessage(body: Buffer, nameOf: LinkNameLookup): RouteLive | null {
  const family = familyOfAf(body.readUInt8(0));
  const type = typeNames.get(body.readUInt8(7));
  if (!family || !type || body.readUInt8(2) !== 0 || body.readUInt32LE(8) & RTM_F_CLONED) return null;
  const route = parseAttributes(body, RTMSG_LENGTH);
  const table = decodeU32(route.get(RTA_TABLE)) ?? body.readUInt8(4);
  if (table === RT_TABLE_LOCAL) return null;
  const destination = route.get(RTA_DST);
  const source = route.get(RTA_PREFSRC);
  return {
    to: `${destination ? decodeIpAddress(destination) : UNSPECIFIED_ADDRESS[family]}/${body.readUInt8(1)}`,
    type,
    hops: type === 'unicast' ? decodeHops(route, body.readUInt32LE(8), nameOf) : [],
    src: source ? decodeIpAddress(source) : null,
    metric: decodeU32(route.get(RTA_PRIORITY)) ?? 0,
    table,
    mtu: decodeU32(parseNestedAttributes(route.get(RTA_METRICS)).get(RTAX_MTU)),
    protocol: body.readUInt8(5),
  };
}

/** struct rtmsg: u8 family, dst_len, src_len, tos, table, protocol, scope, type; u32 flags. */
function rtmsg(route: RouteValue): Buffer {
  const { family, length } = requirePrefix(route.to);
  const direct = route.type === 'unicast' && route.hops.every((hop) => hop.via === null);
  const scope = family === 4 && direct ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
  const table = route.table < 256 ? route.table : 0;
  const [hop] = route.hops;
  const header = Buffer.from([
    afOf(family),
    length,
    0,
    0,
    table,
    route.protocol ?? NETFORM_PROTOCOL,
    scope,
    ROUTE_TYPES[route.type],
    0,
    0,
    0,
    0,
  ]);
  header.writeUInt32LE(route.hops.length === 1 && hop?.onlink ? RTNH_F_ONLINK : 0, 8);
  return header;
}

function keyAttributes(route: RouteValue, indexOf: LinkIndexLookup): readonly Buffer[] {
  const to = requirePrefix(route.to);
  return [
    ...(to.length > 0 ? [bytesAttribute(RTA_DST, ipBytes(to))] : []),
    u32Attribute(RTA_TABLE, route.table),
    ...(route.metric > 0 ? [u32Attribute(RTA_PRIORITY, route.metric)] : []),
    ...optionalAttribute(route.src, (src) => bytesAttribute(RTA_PREFSRC, addressBytes(src))),
    ...hopAttributes(route, indexOf),
  ];
}

function hopAttributes(route: RouteValue, indexOf: LinkIndexLookup): readonly Buffer[] {
  const family = familyOf(route.to);
  const [only] = route.hops;
  if (!only) return [];
  if (route.hops.length === 1) return [...gatewayAttributes(only, family), u32Attribute(RTA_OIF, indexOf(only.dev))];
  return [
    bytesAttribute(RTA_MULTIPATH, Buffer.concat(route.hops.map((hop) => rtnexthop(hop, family, indexOf(hop.dev))))),
  ];
}

/** struct rtnexthop: u16 length, u8 flags, u8 hops (the weight minus one), i32 index; then its attributes. */
function rtnexthop(hop: RouteMessageHop, family: 4 | 6, index: number): Buffer {
  const whole = Buffer.concat([Buffer.alloc(RTNEXTHOP_LENGTH), ...gatewayAttributes(hop, family)]);
  whole.writeUInt16LE(whole.length, 0);
  whole.writeUInt8(hop.onlink ? RTNH_F_ONLINK : 0, 2);
  whole.writeUInt8(hop.weight - 1, 3);
  whole.writeInt32LE(index, 4);
  return whole;
}

/** RTA_VIA (struct rtvia: u16 family, address) when the gateway is of the other family. */
function gatewayAttributes({ via }: RouteMessageHop, family: 4 | 6): readonly Buffer[] {
  if (via === null) return [];
  if (familyOf(via) === family) return [bytesAttribute(RTA_GATEWAY, addressBytes(via))];
  return [bytesAttribute(RTA_VIA, Buffer.concat([Buffer.from([afOf(familyOf(via)), 0]), addressBytes(via)]))];
}

function decodeHops(route: NetlinkAttributes, flags: number, nameOf: LinkNameLookup): readonly RouteMessageHop[] {
  const several = route.get(RTA_MULTIPATH);
  if (several) return decodeNexthops(several, nameOf);
  const index = decodeU32(route.get(RTA_OIF));
  if (index === null) return [];
  return [{ via: decodeVia(route), dev: nameOf(index), weight: 1, onlink: (flags & RTNH_F_ONLINK) !== 0 }];
}

function decodeNexthops(payload: Buffer, nameOf: LinkNameLookup): readonly RouteMessageHop[] {
  const hops: RouteMessageHop[] = [];
  for (let at = 0; at + RTNEXTHOP_LENGTH <= payload.length; ) {
    const length = payload.readUInt16LE(at);
    if (length < RTNEXTHOP_LENGTH || at + length > payload.length) break;
    hops.push({
      via: decodeVia(parseAttributes(payload.subarray(at, at + length), RTNEXTHOP_LENGTH)),
      dev: nameOf(payload.readInt32LE(at + 4)),
      weight: payload.readUInt8(at + 3) + 1,
      onlink: (payload.readUInt8(at + 2) & RTNH_F_ONLINK) !== 0,
    });
    at += (length + 3) & ~3;
  }
  return hops;
}

function decodeVia(hop: NetlinkAttributes): string | null {
  const address = hop.get(RTA_GATEWAY) ?? hop.get(RTA_VIA)?.subarray(2);
  return address ? decodeIpAddress(address) : null;
}
