import { NETFORM_PROTOCOL } from '../../../model/instruction.ts';
import type { NeighbourLive } from '../../../model/kernel/live-state.ts';
import type { UnknownAttribute, WithUnknown } from '../../../model/kernel/unknown-attribute.ts';
import { familyOf } from '../../../net/address.ts';
import {
  addressBytes,
  addressFamilyNumber,
  bytesAttribute,
  decodeIpAddress,
  decodeMac,
  decodeU8,
  decodeU32,
  familyOfAf,
  macBytes,
  parseAttributes,
  u8Attribute,
  u32Attribute,
} from '../../../net/netlink-attributes.ts';
import { type NetlinkMessage, NLM_F_CREATE, NLM_F_REPLACE } from '../message.ts';
import { dumpMessages } from '../socket.ts';
import { type AttributeTable, listUnknownAttributes, listUnknownFlags, withUnknown } from '../unknown-attributes.ts';

/** linux/rtnetlink.h and linux/neighbour.h: messages, attributes and states of neighbours, and of forwarding tables. */
export const RTM_NEWNEIGH = 28;
export const RTM_DELNEIGH = 29;
export const RTM_GETNEIGH = 30;
export const NDMSG_LENGTH = 12;
export const NDA_DST = 1;
export const NDA_LLADDR = 2;
const NDA_CACHEINFO = 3;
const NDA_PROBES = 4;
const NDA_PROTOCOL = 12;
export const NDA_FLAGS_EXT = 15;
export const NUD_NOARP = 0x40;
export const NUD_PERMANENT = 0x80;

const ATTRIBUTES: AttributeTable = {
  known: new Set([NDA_DST, NDA_LLADDR, NDA_CACHEINFO, NDA_PROBES, NDA_PROTOCOL, NDA_FLAGS_EXT]),
  named: new Map(),
};
/** NTF_* of linux/neighbour.h, in the words of `ip neighbour`. */
export const FLAG_NAMES: ReadonlyMap<number, string> = new Map([
  [0x01, 'use'],
  [0x08, 'proxy'],
  [0x10, 'extern_learn'],
  [0x20, 'offload'],
  [0x40, 'sticky'],
  [0x80, 'router'],
]);
const NTF_PROXY = 0x08;
/** NTF_ROUTER is learned, except where someone wrote the entry. */
const NTF_ROUTER = 0x80;
/** NTF_EXT_* of linux/neighbour.h. */
export const EXTENDED_FLAG_NAMES: ReadonlyMap<number, string> = new Map([
  [0x1, 'managed'],
  [0x2, 'locked'],
  [0x4, 'extern_valid'],
]);

/** The kernel takes exactly this flag for the question after proxy entries (`neigh_dump_info` in net/core/neighbour.c). */
const PROXY_HEADER = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NTF_PROXY, 0]);

type PermanentNeighbour = WithUnknown & {
  readonly to: string;
  readonly mac: string;
  readonly protocol?: number;
};

/** Makes or changes a permanent entry; one of ours when no other protocol is given. */
export const setNeighbourMessage = (
  index: number,
  { to, mac, protocol = NETFORM_PROTOCOL, unknown = [] }: PermanentNeighbour,
): NetlinkMessage => ({
  type: RTM_NEWNEIGH,
  flags: NLM_F_REPLACE | NLM_F_CREATE,
  header: ndmsg(index, to, flagsOf(unknown, FLAG_NAMES)),
  attributes: [
    bytesAttribute(NDA_DST, addressBytes(to)),
    bytesAttribute(NDA_LLADDR, macBytes(mac)),
    u8Attribute(NDA_PROTOCOL, protocol),
    ...[flagsOf(unknown, EXTENDED_FLAG_NAMES)].filter(Boolean).map((flags) => u32Attribute(NDA_FLAGS_EXT, flags)),
  ],
});

/** Deletes an entry, or the proxy entry of that address: the kernel keeps them apart. */
export const deleteNeighbourMessage = (index: number, to: string, isProxy = false): NetlinkMessage => ({
  type: RTM_DELNEIGH,
  flags: 0,
  header: ndmsg(index, to, isProxy ? NTF_PROXY : 0),
  attributes: [bytesAttribute(NDA_DST, addressBytes(to))],
});

/** The neighbours of a socket's namespace that have a MAC, without the entries that the kernel makes for multicast. */
export const dumpNeighbours = (socket: number, nameOf: (index: number) => string): readonly NeighbourLive[] =>
  dumpMessages(
    socket,
    { type: RTM_GETNEIGH, flags: 0, header: Buffer.alloc(NDMSG_LENGTH), attributes: [] },
    (body): NeighbourLive | null => {
      const state = body.readUInt16LE(8);
      if (!familyOfAf(body.readUInt8(0)) || state & NUD_NOARP) return null;
      const permanent = (state & NUD_PERMANENT) !== 0;
      const neighbour = parseAttributes(body, NDMSG_LENGTH);
      const to = neighbour.get(NDA_DST);
      const mac = neighbour.get(NDA_LLADDR);
      if (!to || mac?.length !== 6) return null;
      return {
        dev: nameOf(body.readInt32LE(4)),
        to: decodeIpAddress(to),
        mac: decodeMac(mac),
        permanent,
        protocol: decodeU8(neighbour.get(NDA_PROTOCOL)),
        ...withUnknown(
          listUnknownFlags(body.readUInt8(10), { known: permanent ? 0 : NTF_ROUTER, named: FLAG_NAMES }),
          listUnknownFlags(decodeU32(neighbour.get(NDA_FLAGS_EXT)) ?? 0, { known: 0, named: EXTENDED_FLAG_NAMES }),
          listUnknownAttributes(body, NDMSG_LENGTH, ATTRIBUTES),
        ),
      };
    },
  );

/** The addresses that links of a socket's namespace answer for (`ip neighbour add proxy`); the kernel has a table of its own for them. */
export const dumpProxies = (socket: number, nameOf: (index: number) => string): readonly NeighbourLive[] =>
  dumpMessages(socket, { type: RTM_GETNEIGH, flags: 0, header: PROXY_HEADER, attributes: [] }, (body) => {
    const to = parseAttributes(body, NDMSG_LENGTH).get(NDA_DST);
    if (!to || !familyOfAf(body.readUInt8(0)) || (body.readUInt8(10) & NTF_PROXY) === 0) return null;
    return {
      dev: nameOf(body.readInt32LE(4)),
      to: decodeIpAddress(to),
      ...{ mac: '', permanent: true, protocol: null, proxy: true },
      unknown: [{ name: 'proxy', value: '' }],
    };
  });

/** struct ndmsg: u8 family, u8 and u16 of padding, i32 index, u16 state, u8 flags, u8 type. */
function ndmsg(index: number, to: string, flags = 0): Buffer {
  const header = Buffer.alloc(NDMSG_LENGTH);
  header.writeUInt8(addressFamilyNumber(familyOf(to)), 0);
  header.writeInt32LE(index, 4);
  header.writeUInt16LE(NUD_PERMANENT, 8);
  header.writeUInt8(flags, 10);
  return header;
}

const flagsOf = (unknown: readonly UnknownAttribute[], names: ReadonlyMap<number, string>): number =>
  [...names].reduce((flags, [bit, name]) => (unknown.some((one) => one.name === name) ? flags | bit : flags), 0);
