import { PROTOCOL } from '../../model/instruction.ts';
import type { NeighbourLive } from '../../model/live.ts';
import { familyOf } from '../../net/address.ts';
import {
  addressBytes,
  afOf,
  attributes,
  bytes,
  familyOfAf,
  macBytes,
  readAddress,
  readMac,
  readU8,
  u8,
} from './attributes.ts';
import type { Message } from './message.ts';
import { dump } from './socket.ts';

// linux/rtnetlink.h, linux/neighbour.h
const RTM_NEWNEIGH = 28;
const RTM_DELNEIGH = 29;
const RTM_GETNEIGH = 30;
const NLM_F_REPLACE_CREATE = 0x500;
const NDMSG_LENGTH = 12;
const NDA_DST = 1;
const NDA_LLADDR = 2;
const NDA_PROTOCOL = 12;
const NUD_NOARP = 0x40;
const NUD_PERMANENT = 0x80;

type Entry = { readonly to: string; readonly mac: string; readonly protocol?: number };

/** Makes or changes a permanent entry; one of ours when no other protocol is given. */
export const setNeighbour = (index: number, { to, mac, protocol = PROTOCOL }: Entry): Message => ({
  type: RTM_NEWNEIGH,
  flags: NLM_F_REPLACE_CREATE,
  header: ndmsg(index, to),
  attributes: [bytes(NDA_DST, addressBytes(to)), bytes(NDA_LLADDR, macBytes(mac)), u8(NDA_PROTOCOL, protocol)],
});

export const deleteNeighbour = (index: number, to: string): Message => ({
  type: RTM_DELNEIGH,
  flags: 0,
  header: ndmsg(index, to),
  attributes: [bytes(NDA_DST, addressBytes(to))],
});

/** The neighbours of a socket's namespace that have a MAC, without the entries that the kernel makes for multicast. */
export const dumpNeighbours = (socket: number, nameOf: (index: number) => string): readonly NeighbourLive[] =>
  dump(
    socket,
    { type: RTM_GETNEIGH, flags: 0, header: Buffer.alloc(NDMSG_LENGTH), attributes: [] },
    (body): NeighbourLive | null => {
      const state = body.readUInt16LE(8);
      if (!familyOfAf(body.readUInt8(0)) || state & NUD_NOARP) return null;
      const neighbour = attributes(body, NDMSG_LENGTH);
      const to = neighbour.get(NDA_DST);
      const mac = neighbour.get(NDA_LLADDR);
      if (!to || mac?.length !== 6) return null;
      return {
        dev: nameOf(body.readInt32LE(4)),
        to: readAddress(to),
        mac: readMac(mac),
        permanent: (state & NUD_PERMANENT) !== 0,
        protocol: readU8(neighbour.get(NDA_PROTOCOL)),
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
