import { NETFORM_PROTOCOL, type RouteValue } from '../../model/instruction.ts';
import { familyOf } from '../../net/address.ts';
import { requirePrefix } from '../../net/prefix.ts';
import {
  addressBytes,
  afOf,
  bytesAttribute,
  ipBytes,
  nestedAttribute,
  optionalAttribute,
  u32Attribute,
} from './attributes.ts';
import type { NetlinkMessage } from './message.ts';

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

type RouteMessageHop = RouteValue['hops'][number];
type LinkIndexLookup = (dev: string) => number;

/** Adds a route; EEXIST when there is one of the same destination, table and metric. */
export const addRouteMessage = (route: RouteValue, indexOf: LinkIndexLookup): NetlinkMessage => ({
  type: RTM_NEWROUTE,
  flags: NLM_F_CREATE_EXCL,
  header: rtmsg(route),
  attributes: [
    ...keyAttributes(route, indexOf),
    ...optionalAttribute(route.mtu, (mtu) => nestedAttribute(RTA_METRICS, [u32Attribute(RTAX_MTU, mtu)])),
  ],
});

/** Puts a route in the place of the one of the same destination, table and metric, or adds it. */
export const replaceRouteMessage = (route: RouteValue, indexOf: LinkIndexLookup): NetlinkMessage => ({
  ...addRouteMessage(route, indexOf),
  flags: NLM_F_REPLACE_CREATE,
});

/** Deletes a route by its full key: a field that is absent or 0 would match any. */
export const deleteRouteMessage = (route: RouteValue, indexOf: LinkIndexLookup): NetlinkMessage => ({
  type: RTM_DELROUTE,
  flags: 0,
  header: rtmsg(route),
  attributes: keyAttributes(route, indexOf),
});

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
  const whole = Buffer.concat([Buffer.alloc(8), ...gatewayAttributes(hop, family)]);
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
