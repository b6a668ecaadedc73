import type { FdbLive } from '../../../model/kernel/live-state.ts';
import {
  addressBytes,
  bytesAttribute,
  decodeIpAddress,
  decodeMac,
  decodeU32,
  macBytes,
  optionalAttribute,
  parseAttributes,
  u32Attribute,
} from '../../../net/netlink-attributes.ts';
import { type NetlinkMessage, NLM_F_APPEND, NLM_F_CREATE } from '../message.ts';
import { dumpMessages } from '../socket.ts';
import { type AttributeTable, listUnknownAttributes, listUnknownFlags, withUnknown } from '../unknown-attributes.ts';
import {
  EXTENDED_FLAG_NAMES,
  FLAG_NAMES,
  NDA_DST,
  NDA_FLAGS_EXT,
  NDA_LLADDR,
  NDMSG_LENGTH,
  NUD_NOARP,
  NUD_PERMANENT,
  RTM_DELNEIGH,
  RTM_GETNEIGH,
  RTM_NEWNEIGH,
} from './neighbour.ts';

/** linux/socket.h and linux/neighbour.h: the family and the flags of forwarding tables. */
export const AF_BRIDGE = 7;
export const NTF_SELF = 0x02;
const NTF_EXT_LEARNED = 0x10;
const NDA_IFINDEX = 8;

/** An entry with indexes in the place of names; `via` null: whichever link the routes lead to. */
type FdbEntry = { readonly index: number; readonly mac: string; readonly to: string; readonly via: number | null };

/** Adds a destination to the entry of a MAC; nothing happens when it is there. */
export const appendFdbMessage = (entry: FdbEntry): NetlinkMessage => ({
  type: RTM_NEWNEIGH,
  flags: NLM_F_CREATE | NLM_F_APPEND,
  ...fdbBody(entry),
});

/** Takes one destination away from the entry of a MAC. */
export const deleteFdbMessage = (entry: FdbEntry): NetlinkMessage => ({
  type: RTM_DELNEIGH,
  flags: 0,
  ...fdbBody(entry),
});

/**
 * The entries of a socket's namespace that were written: those that lead to an address, and those of bridges. What a
 * bridge or a tunnel learned is left out, and what the kernel made for the MACs of links (`macs`), for groups and for itself.
 */
export const dumpFdb = (
  socket: number,
  { nameOf, macs }: { readonly nameOf: (index: number) => string; readonly macs: ReadonlySet<string> },
): readonly FdbLive[] =>
  dumpMessages(socket, { type: RTM_GETNEIGH, flags: 0, header: FDB_HEADER, attributes: [] }, (body): FdbLive | null => {
    const [state, flags] = [body.readUInt16LE(8), body.readUInt8(10)];
    const isWritten = (state & (NUD_NOARP | NUD_PERMANENT)) !== 0 || (flags & NTF_EXT_LEARNED) !== 0;
    if (body.readUInt8(0) !== AF_BRIDGE || !isWritten) return null;
    const entry = parseAttributes(body, NDMSG_LENGTH);
    const bytes = entry.get(NDA_LLADDR);
    const to = entry.get(NDA_DST);
    if (!bytes || (!to && ((flags & NTF_SELF) !== 0 || isGroup(bytes)))) return null;
    const mac = decodeMac(bytes);
    if (!to && macs.has(mac)) return null;
    const via = decodeU32(entry.get(NDA_IFINDEX));
    return {
      dev: nameOf(body.readInt32LE(4)),
      mac,
      to: to ? decodeIpAddress(to) : null,
      via: via === null ? null : nameOf(via),
      ...withUnknown(
        to && state & NUD_PERMANENT ? [] : [{ name: stateName(state), value: '' }],
        listUnknownFlags(flags & ~USUAL_FLAGS, { known: 0, named: FLAG_NAMES }),
        listUnknownFlags(decodeU32(entry.get(NDA_FLAGS_EXT)) ?? 0, { known: 0, named: EXTENDED_FLAG_NAMES }),
        listUnknownAttributes(body, NDMSG_LENGTH, FDB_ATTRIBUTES),
      ),
    };
  });

const FDB_HEADER = Buffer.from([AF_BRIDGE, ...Buffer.alloc(NDMSG_LENGTH - 1)]);
export const NTF_MASTER = 0x04;
const USUAL_FLAGS = NTF_SELF | NTF_MASTER;

const isGroup = (mac: Buffer): boolean => ((mac[0] ?? 0) & 1) !== 0;

/** In the words of `bridge fdb`. */
const stateName = (state: number): string =>
  state & NUD_PERMANENT ? 'permanent' : state & NUD_NOARP ? 'static' : 'dynamic';

const number = (payload: Buffer): string =>
  String(payload.length === 2 ? payload.readUInt16LE() : payload.readUInt32LE());

/** NDA_* of linux/neighbour.h; CACHEINFO, MASTER, LINK_NETNSID and FDB_EXT_ATTRS say nothing that was written. */
const FDB_ATTRIBUTES: AttributeTable = {
  known: new Set([NDA_DST, NDA_LLADDR, 3, NDA_IFINDEX, 9, 10, 14, NDA_FLAGS_EXT]),
  named: new Map([
    [5, { name: 'vlan', text: number }], // NDA_VLAN
    [6, { name: 'port', text: (payload: Buffer) => String(payload.readUInt16BE()) }], // NDA_PORT
    [7, { name: 'vni', text: number }], // NDA_VNI
    [11, { name: 'src_vni', text: number }], // NDA_SRC_VNI
    [13, { name: 'nhid', text: number }], // NDA_NH_ID
  ]),
};

const fdbBody = ({ index, mac, to, via }: FdbEntry): Pick<NetlinkMessage, 'header' | 'attributes'> => ({
  header: ndmsg(index),
  attributes: [
    bytesAttribute(NDA_LLADDR, macBytes(mac)),
    bytesAttribute(NDA_DST, addressBytes(to)),
    ...optionalAttribute(via, (one) => u32Attribute(NDA_IFINDEX, one)),
  ],
});

/** struct ndmsg: u8 family, u8 and u16 of padding, i32 index, u16 state, u8 flags, u8 type. */
function ndmsg(index: number): Buffer {
  const header = Buffer.alloc(NDMSG_LENGTH);
  header.writeUInt8(AF_BRIDGE, 0);
  header.writeInt32LE(index, 4);
  header.writeUInt16LE(NUD_PERMANENT | NUD_NOARP, 8);
  header.writeUInt8(NTF_SELF, 10);
  return header;
}
