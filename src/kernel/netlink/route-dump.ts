import type { RouteValue } from '../../model/instruction.ts';
import type { RouteLive } from '../../model/kernel/live-state.ts';
import {
  decodeIpAddress,
  decodeU32,
  familyOfAf,
  type NetlinkAttributes,
  parseAttributes,
  parseNestedAttributes,
} from './attributes.ts';
import { ROUTE_TYPES } from './route.ts';
import { dumpMessages } from './socket.ts';

// linux/rtnetlink.h
const RTM_GETROUTE = 26;
const RTMSG_LENGTH = 12;
const RTNEXTHOP_LENGTH = 8;
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
const RTM_F_CLONED = 0x200;
const RT_TABLE_LOCAL = 255;
const UNSPECIFIED_ADDRESS = { 4: '0.0.0.0', 6: '::' } as const;

const typeNames = new Map<number, RouteValue['type']>([
  [ROUTE_TYPES.unicast, 'unicast'],
  [ROUTE_TYPES.blackhole, 'blackhole'],
  [ROUTE_TYPES.unreachable, 'unreachable'],
  [ROUTE_TYPES.prohibit, 'prohibit'],
]);

type RouteDumpHop = RouteValue['hops'][number];
type LinkNameLookup = (index: number) => string;

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

function decodeHops(route: NetlinkAttributes, flags: number, nameOf: LinkNameLookup): readonly RouteDumpHop[] {
  const several = route.get(RTA_MULTIPATH);
  if (several) return decodeNexthops(several, nameOf);
  const index = decodeU32(route.get(RTA_OIF));
  if (index === null) return [];
  return [{ via: decodeVia(route), dev: nameOf(index), weight: 1, onlink: (flags & RTNH_F_ONLINK) !== 0 }];
}

/** struct rtnexthop: u16 length, u8 flags, u8 hops (the weight minus one), i32 index; then its attributes. */
function decodeNexthops(payload: Buffer, nameOf: LinkNameLookup): readonly RouteDumpHop[] {
  const hops: RouteDumpHop[] = [];
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
