import { NETFORM_PROTOCOL } from '../../model/instruction.ts';
import type { NeighbourLive } from '../../model/kernel/live-state.ts';
import { familyOf } from '../../net/address.ts';
import {
  addressBytes,
  afOf,
  bytesAttribute,
  decodeIpAddress,
  decodeMac,
  decodeU8,
  familyOfAf,
  macBytes,
  parseAttributes,
  u8Attribute,
} from '../../net/netlink-attributes.ts';
import { type NetlinkMessage, NLM_F_CREATE, NLM_F_REPLACE } from './message.ts';
import { dumpMessages } from './socket.ts';

// linux/rtnetlink.h, linux/neighbour.h
const RTM_NEWNEIGH = 28;
const RTM_DELNEIGH = 29;
export const RTM_GETNEIGH = 30;
export const NDMSG_LENGTH = 12;
export const NDA_DST = 1;
export const NDA_LLADDR = 2;
const NDA_PROTOCOL = 12;
export const NUD_NOARP = 0x40;
export const NUD_PERMANENT = 0x80;

type PermanentNeighbour = { readonly to: string; readonly mac: string; readonly protocol?: number };

/** Makes or changes a permanent entry; one of ours when no other protocol is given. */
export const setNeighbourMessage = (
  index: number,
  { to, mac, protocol = NETFORM_PROTOCOL }: PermanentNeighbour,
): NetlinkMessage => ({
  type: RTM_NEWNEIGH,
  flags: NLM_F_REPLACE | NLM_F_CREATE,
  header: ndmsg(index, to),
  attributes: [
    bytesAttribute(NDA_DST, addressBytes(to)),
    bytesAttribute(NDA_LLADDR, macBytes(mac)),
    u8Attribute(NDA_PROTOCOL, protocol),
  ],
});

export const deleteNeighbourMessage = (index: number, to: string): NetlinkMessage => ({
  type: RTM_DELNEIGH,
  flags: 0,
  header: ndmsg(index, to),
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
      const neighbour = parseAttributes(body, NDMSG_LENGTH);
      const to = neighbour.get(NDA_DST);
      const mac = neighbour.get(NDA_LLADDR);
      if (!to || mac?.length !== 6) return null;
      return {
        dev: nameOf(body.readInt32LE(4)),
        to: decodeIpAddress(to),
        mac: decodeMac(mac),
        permanent: (state & NUD_PERMANENT) !== 0,
        protocol: decodeU8(neighbour.get(NDA_PROTOCOL)),
      };
    },
  );

/** struct ndmsg: u8 family, u8 and u16 of padding, i32 index, u16 state, u8 flags, u8 type. */
function ndmsg(index: number, to: string): Buffer {
  const header = Buffer.alloc(NDMSG_LENGTH);
  header.writeUInt8(afOf(familyOf(to)), 0);
  header.writeInt32LE(index, 4);
  header.writeUInt16LE(NUD_PERMANENT, 8);
  return header;
}
