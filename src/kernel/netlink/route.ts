import { PROTOCOL, type RouteValue } from '../../model/instruction.ts';
import { familyOf } from '../../net/address.ts';
import { prefixOf } from '../../net/prefix.ts';
import { addressBytes, afOf, bytes, bytesOf, given, nested, u32 } from './attributes.ts';
import type { Message } from './message.ts';

// linux/rtnetlink.h
const RTM_NEWROUTE = 24;
const RTM_DELROUTE = 25;
const NLM_F_REPLACE_CREATE = 0x500;
const NLM_F_CREATE_EXCL = 0x600;
const RTA_DST = 1;
const RTA_OIF = 4;
const RTA_GATEWAY = 5;
const RTA_PRIORITY = 6;
const RTA_PREFSRC = 7;
const RTA_METRICS = 8;
const RTA_MULTIPATH = 9;
const RTA_TABLE = 15;
const RTA_VIA = 18;
const RTAX_MTU = 2;
const RTNH_F_ONLINK = 4;
const RT_SCOPE_UNIVERSE = 0;
const RT_SCOPE_LINK = 253;

/** RTN_* of linux/rtnetlink.h. */
export const ROUTE_TYPES = { unicast: 1, blackhole: 6, unreachable: 7, prohibit: 8 } as const;

type Hop = RouteValue['hops'][number];
type IndexOf = (dev: string) => number;

/** Adds a route; EEXIST when there is one of the same destination, table and metric. */
export const addRoute = (route: RouteValue, indexOf: IndexOf): Message => ({
  type: RTM_NEWROUTE,
  flags: NLM_F_CREATE_EXCL,
  header: rtmsg(route),
  attributes: [...key(route, indexOf), ...given(route.mtu, (mtu) => nested(RTA_METRICS, [u32(RTAX_MTU, mtu)]))],
});

/** Puts a route in the place of the one of the same destination, table and metric, or adds it. */
export const replaceRoute = (route: RouteValue, indexOf: IndexOf): Message => ({
  ...addRoute(route, indexOf),
  flags: NLM_F_REPLACE_CREATE,
});

/** Deletes a route by its full key: a field that is absent or 0 would match any. */
export const deleteRoute = (route: RouteValue, indexOf: IndexOf): Message => ({
  type: RTM_DELROUTE,
  flags: 0,
  header: rtmsg(route),
  attributes: key(route, indexOf),
});

/** struct rtmsg: u8 family, dst_len, src_len, tos, table, protocol, scope, type; u32 flags. */
function rtmsg(route: RouteValue): Buffer {
  const { family, length } = prefixOf(route.to);
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
    route.protocol ?? PROTOCOL,
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

function key(route: RouteValue, indexOf: IndexOf): readonly Buffer[] {
  const to = prefixOf(route.to);
  return [
    ...(to.length > 0 ? [bytes(RTA_DST, bytesOf(to))] : []),
    u32(RTA_TABLE, route.table),
    ...(route.metric > 0 ? [u32(RTA_PRIORITY, route.metric)] : []),
    ...given(route.src, (src) => bytes(RTA_PREFSRC, addressBytes(src))),
    ...hops(route, indexOf),
  ];
}

function hops(route: RouteValue, indexOf: IndexOf): readonly Buffer[] {
  const family = familyOf(route.to);
  const [only] = route.hops;
  if (!only) return [];
  if (route.hops.length === 1) return [...gateway(only, family), u32(RTA_OIF, indexOf(only.dev))];
  return [bytes(RTA_MULTIPATH, Buffer.concat(route.hops.map((hop) => rtnexthop(hop, family, indexOf(hop.dev)))))];
}

/** struct rtnexthop: u16 length, u8 flags, u8 hops (the weight minus one), i32 index; then its attributes. */
function rtnexthop(hop: Hop, family: 4 | 6, index: number): Buffer {
  const whole = Buffer.concat([Buffer.alloc(8), ...gateway(hop, family)]);
  whole.writeUInt16LE(whole.length, 0);
  whole.writeUInt8(hop.onlink ? RTNH_F_ONLINK : 0, 2);
  whole.writeUInt8(hop.weight - 1, 3);
  whole.writeInt32LE(index, 4);
  return whole;
}

/** RTA_VIA (struct rtvia: u16 family, address) when the gateway is of the other family. */
function gateway({ via }: Hop, family: 4 | 6): readonly Buffer[] {
  if (via === null) return [];
  if (familyOf(via) === family) return [bytes(RTA_GATEWAY, addressBytes(via))];
  return [bytes(RTA_VIA, Buffer.concat([Buffer.from([afOf(familyOf(via)), 0]), addressBytes(via)]))];
}
