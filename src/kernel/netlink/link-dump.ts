import type { BridgeValue, VxlanValue } from '../../model/instruction.ts';
import { catchErrno } from '../errno.ts';
import {
  decodeI32,
  decodeIpAddress,
  decodeMac,
  decodeString,
  decodeU8,
  decodeU16,
  decodeU32,
  type NetlinkAttributes,
  parseAttributes,
  parseNestedAttributes,
  u32Attribute,
} from './attributes.ts';
import { ifinfomsg } from './link.ts';
import { dumpMessages, requestReply } from './socket.ts';

// linux/rtnetlink.h, linux/if.h
const RTM_GETLINK = 18;
const RTEXT_FILTER_SKIP_STATS = 8;
const IFF_UP = 1;
const IFF_RUNNING = 0x40;
const IFF_LOWER_UP = 0x10000;
const IFINFOMSG_LENGTH = 16;
// linux/if_link.h
const IFLA_ADDRESS = 1;
const IFLA_IFNAME = 3;
const IFLA_MTU = 4;
const IFLA_LINK = 5;
const IFLA_MASTER = 10;
const IFLA_LINKINFO = 18;
const IFLA_INFO_KIND = 1;
const IFLA_INFO_DATA = 2;
const IFLA_INFO_SLAVE_KIND = 4;
const IFLA_INFO_SLAVE_DATA = 5;
const IFLA_BR_TOPOLOGY_CHANGE = 14;
const IFLA_BRPORT_MODE = 4;
const IFLA_IFALIAS = 20;
const IFLA_GROUP = 27;
const IFLA_EXT_MASK = 29;
const IFLA_LINK_NETNSID = 37;
const TICKS_PER_SECOND = 100;

/** A link as one namespace sees it, with indexes where people want names. */
export type RawLink = {
  readonly index: number;
  readonly name: string;
  readonly kind: string | null;
  readonly mac: string;
  readonly mtu: number;
  readonly up: boolean;
  readonly carrier: boolean;
  /** The kernel has acted on the carrier. */
  readonly running: boolean;
  readonly group: number;
  readonly alias: string | null;
  readonly master: number | null;
  /** IFLA_LINK: of a veth its peer. */
  readonly lower: number | null;
  /** The namespace of `lower` as this namespace numbers it; null: this one. */
  readonly lowerNsid: number | null;
  readonly bridge: BridgeValue | null;
  /** Of a bridge whose spanning tree changes. */
  readonly changing?: true;
  /** Null also of a vxlan with a setting that netform does not make. */
  readonly vxlan: RawVxlan | null;
  readonly hairpin: boolean | null;
};

export type RawVxlan = Omit<VxlanValue, 'dev'> & { readonly dev: number | null };

/** All links of a socket's namespace. */
export const dumpLinks = (socket: number): readonly RawLink[] =>
  dumpMessages(socket, { ...GET_LINK, header: ifinfomsg() }, decodeLinkMessage);

const GET_LINK = {
  type: RTM_GETLINK,
  flags: 0,
  // Without the statistics a dump is a quarter shorter.
  attributes: [u32Attribute(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS)],
};

/** The name of one link; null when there is none of that index. */
export const readLinkName = (socket: number, index: number): string | null =>
  catchErrno(
    ['ENODEV'],
    () => decodeLinkMessage(requestReply(socket, { ...GET_LINK, header: ifinfomsg({ index }) })).name,
  );

/** Names by index; `#7` for a link that was deleted meanwhile. */
export function linkNamer(links: readonly RawLink[]): (index: number) => string {
  const names = new Map(links.map(({ index, name }) => [index, name]));
  return (index) => names.get(index) ?? `#${index}`;
}

/** A link message (RTM_NEWLINK, RTM_DELLINK) after its nlmsghdr. */
export function decodeLinkMessage(body: Buffer): RawLink {
  const flags = body.readUInt32LE(8);
  const link = parseAttributes(body, IFINFOMSG_LENGTH);
  const info = parseNestedAttributes(link.get(IFLA_LINKINFO));
  const kind = decodeString(info.get(IFLA_INFO_KIND));
  return {
    index: body.readInt32LE(4),
    name: decodeString(link.get(IFLA_IFNAME)) ?? '',
    kind,
    mac: decodeMac(link.get(IFLA_ADDRESS)),
    mtu: decodeU32(link.get(IFLA_MTU)) ?? 0,
    up: (flags & IFF_UP) !== 0,
    carrier: (flags & IFF_LOWER_UP) !== 0,
    running: (flags & IFF_RUNNING) !== 0,
    group: decodeU32(link.get(IFLA_GROUP)) ?? 0,
    alias: decodeString(link.get(IFLA_IFALIAS)),
    master: decodeU32(link.get(IFLA_MASTER)),
    lower: decodeU32(link.get(IFLA_LINK)),
    lowerNsid: decodeI32(link.get(IFLA_LINK_NETNSID)),
    bridge: kind === 'bridge' ? decodeBridge(info.get(IFLA_INFO_DATA)) : null,
    ...(kind === 'bridge' && isTopologyChange(info.get(IFLA_INFO_DATA)) ? { changing: true } : {}),
    vxlan: kind === 'vxlan' ? decodeVxlan(info.get(IFLA_INFO_DATA)) : null,
    hairpin:
      decodeString(info.get(IFLA_INFO_SLAVE_KIND)) === 'bridge'
        ? decodeU8(parseNestedAttributes(info.get(IFLA_INFO_SLAVE_DATA)).get(IFLA_BRPORT_MODE)) === 1
        : null,
  };
}

/** IFLA_BR_* of linux/if_link.h. */
function decodeBridge(payload: Buffer | undefined): BridgeValue {
  const data = parseNestedAttributes(payload);
  return {
    forwardDelay: (decodeU32(data.get(1)) ?? 0) / TICKS_PER_SECOND,
    ageing: (decodeU32(data.get(4)) ?? 0) / TICKS_PER_SECOND,
    stp: (decodeU32(data.get(5)) ?? 0) !== 0,
    priority: decodeU16(data.get(6)) ?? 0,
    multicastSnooping: decodeU8(data.get(23)) === 1,
  };
}

const isTopologyChange = (payload: Buffer | undefined): boolean =>
  decodeU8(parseNestedAttributes(payload).get(IFLA_BR_TOPOLOGY_CHANGE)) === 1;

/** IFLA_VXLAN_* of linux/if_link.h; the port is in network byte order. */
function decodeVxlan(payload: Buffer | undefined): RawVxlan | null {
  const data = parseNestedAttributes(payload);
  const remote = data.get(2) ?? data.get(16);
  const local = data.get(4) ?? data.get(17);
  const id = decodeU32(data.get(1)) ?? 0;
  if (!remote || isMulticast(remote) || !hasDefaultOptions(data)) return null;
  return {
    id,
    remote: decodeIpAddress(remote),
    local: local?.some((byte) => byte !== 0) ? decodeIpAddress(local) : null,
    dev: decodeU32(data.get(3)) || null,
    port: data.get(15)?.readUInt16BE() ?? 0,
  };
}

const isMulticast = (address: Buffer): boolean =>
  address.length === 4 ? ((address[0] ?? 0) & 0xf0) === 0xe0 : address[0] === 0xff;

/** Learning, and without ttl, tos, proxy, rsc, l2miss, l3miss and collect_metadata: as a new one is. */
const hasDefaultOptions = (data: NetlinkAttributes): boolean =>
  decodeU8(data.get(7)) === 1 && [5, 6, 11, 12, 13, 14, 25].every((type) => (decodeU8(data.get(type)) ?? 0) === 0);
