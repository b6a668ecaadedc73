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
import {
  NDA_DST,
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
export const NTF_EXT_LEARNED = 0x10;
const NDA_PORT = 6;
const NDA_VNI = 7;
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

/** The static entries of a socket's namespace that lead to an address, without those that have a port or a number of their own. */
export const dumpFdb = (socket: number, nameOf: (index: number) => string): readonly FdbLive[] =>
  dumpMessages(
    socket,
    {
      type: RTM_GETNEIGH,
      flags: 0,
      header: Buffer.from([AF_BRIDGE, ...Buffer.alloc(NDMSG_LENGTH - 1)]),
      attributes: [],
    },
    (body): FdbLive | null => {
      const isStatic = (body.readUInt16LE(8) & NUD_PERMANENT) !== 0 && (body.readUInt8(10) & NTF_EXT_LEARNED) === 0;
      if (body.readUInt8(0) !== AF_BRIDGE || !isStatic) return null;
      const entry = parseAttributes(body, NDMSG_LENGTH);
      const to = entry.get(NDA_DST);
      const mac = entry.get(NDA_LLADDR);
      if (!to || !mac || entry.get(NDA_PORT) || entry.get(NDA_VNI)) return null;
      const via = decodeU32(entry.get(NDA_IFINDEX));
      return {
        dev: nameOf(body.readInt32LE(4)),
        mac: decodeMac(mac),
        to: decodeIpAddress(to),
        via: via === null ? null : nameOf(via),
      };
    },
  );

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
