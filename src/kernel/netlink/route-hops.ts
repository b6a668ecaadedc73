import type { RouteValue } from '../../model/instruction.ts';
import type { UnknownAttribute } from '../../model/kernel/unknown-attribute.ts';
import { familyOf } from '../../net/address.ts';
import {
  addressBytes,
  addressFamilyNumber,
  bytesAttribute,
  decodeIpAddress,
  decodeU32,
  type NetlinkAttributes,
  parseAttributes,
  u32Attribute,
} from '../../net/netlink-attributes.ts';
import {
  HOP_ATTRIBUTES,
  RTA_CACHEINFO,
  RTA_GATEWAY,
  RTA_MULTIPATH,
  RTA_NH_ID,
  RTA_OIF,
  RTA_VIA,
  RTNH_F_ONLINK,
} from './route-attributes.ts';
import { listUnknownAttributes, listUnknownFlags } from './unknown-attributes.ts';

// linux/rtnetlink.h
const RTNEXTHOP_LENGTH = 8;
/** RTNH_F_DEAD, RTNH_F_OFFLOAD, RTNH_F_LINKDOWN, RTNH_F_UNRESOLVED, RTNH_F_TRAP: what the hop is at the moment. */
const STATE_FLAGS = 0x1 | 0x8 | 0x10 | 0x20 | 0x40;
/** RTNH_F_PERVASIVE. */
const FLAG_NAMES: ReadonlyMap<number, string> = new Map([[0x2, 'pervasive']]);

type RouteMessageHop = RouteValue['hops'][number];

/** The name of a link by its index. */
export type LinkNameLookup = (index: number) => string;

/** RTA_GATEWAY or RTA_VIA with RTA_OIF of one hop, RTA_MULTIPATH of several, RTA_NH_ID of a next hop object. */
export function hopAttributes(route: RouteValue, indexOf: (dev: string) => number): readonly Buffer[] {
  const object = route.unknown?.find(({ name }) => name === 'nhid');
  if (object) return [u32Attribute(RTA_NH_ID, Number(object.value))];
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
  return [
    bytesAttribute(RTA_VIA, Buffer.concat([Buffer.from([addressFamilyNumber(familyOf(via)), 0]), addressBytes(via)])),
  ];
}

type DecodedHops = {
  readonly hops: readonly RouteMessageHop[];
  /** What hops have that the language lacks. */
  readonly unknown: readonly UnknownAttribute[];
};

/** The hops of a route in the kernel's order; `flags` are those of rtmsg, which a single hop has. */
export function decodeHops(route: NetlinkAttributes, flags: number, nameOf: LinkNameLookup): DecodedHops {
  const unknown = listLifetime(route.get(RTA_CACHEINFO));
  const several = route.get(RTA_MULTIPATH);
  if (several) {
    const { hops, unknown: more } = decodeNexthops(several, nameOf);
    return { hops, unknown: [...unknown, ...more] };
  }
  const index = decodeU32(route.get(RTA_OIF));
  const own = [...unknown, ...listUnknownFlags(flags & RTNH_FLAGS, { known: KNOWN_FLAGS, named: FLAG_NAMES })];
  if (index === null) return { hops: [], unknown: own };
  const hop = { via: decodeVia(route), dev: nameOf(index), weight: 1, onlink: (flags & RTNH_F_ONLINK) !== 0 };
  return { hops: [hop], unknown: own };
}

/** The flags above these are of the route, and none of them a setting. */
const RTNH_FLAGS = 0xff;
const KNOWN_FLAGS = RTNH_F_ONLINK | STATE_FLAGS;

/** struct rta_cacheinfo: u32 clntref, lastuse; i32 expires (hundredths of a second). The time that is left says nothing. */
const listLifetime = (payload: Buffer | undefined): readonly UnknownAttribute[] =>
  payload && payload.length >= 12 && payload.readInt32LE(8) !== 0 ? [{ name: 'lifetime', value: 'limited' }] : [];

function decodeNexthops(payload: Buffer, nameOf: LinkNameLookup): DecodedHops {
  const hops: RouteMessageHop[] = [];
  const unknown: UnknownAttribute[] = [];
  for (let at = 0; at + RTNEXTHOP_LENGTH <= payload.length; ) {
    const length = payload.readUInt16LE(at);
    if (length < RTNEXTHOP_LENGTH || at + length > payload.length) break;
    const hop = payload.subarray(at, at + length);
    const flags = hop.readUInt8(2);
    hops.push({
      via: decodeVia(parseAttributes(hop, RTNEXTHOP_LENGTH)),
      dev: nameOf(hop.readInt32LE(4)),
      weight: hop.readUInt8(3) + 1,
      onlink: (flags & RTNH_F_ONLINK) !== 0,
    });
    unknown.push(
      ...listUnknownFlags(flags, { known: KNOWN_FLAGS, named: FLAG_NAMES }),
      ...listUnknownAttributes(hop, RTNEXTHOP_LENGTH, HOP_ATTRIBUTES),
    );
    at += (length + 3) & ~3;
  }
  return { hops, unknown };
}

function decodeVia(hop: NetlinkAttributes): string | null {
  const address = hop.get(RTA_GATEWAY) ?? hop.get(RTA_VIA)?.subarray(2);
  return address ? decodeIpAddress(address) : null;
}
