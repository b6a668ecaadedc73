import type { QueueLive } from '../../model/kernel/live-state.ts';
import { bytesAttribute, decodeString, parseAttributes, stringAttribute } from '../../net/netlink-attributes.ts';
import { type NetlinkMessage, NLM_F_CREATE, NLM_F_EXCL } from './message.ts';
import { dumpMessages } from './socket.ts';

const RTM_NEWQDISC = 36;
const RTM_GETQDISC = 38;
// linux/pkt_sched.h
const TC_H_ROOT = 0xffffffff;
const TC_H_INGRESS = 0xfffffff1;
const TCMSG_LENGTH = 20;
const TCA_KIND = 1;
const TCA_OPTIONS = 2;
const NETEM_QOPT_BYTES = 24;

/** Puts a netem queue that does nothing on a link (linux/pkt_sched.h, struct tc_netem_qopt), to find out whether there is one. */
export const addNetemMessage = (index: number): NetlinkMessage => ({
  type: RTM_NEWQDISC,
  flags: NLM_F_CREATE | NLM_F_EXCL,
  header: tcmsg(index),
  attributes: [stringAttribute(TCA_KIND, 'netem'), bytesAttribute(TCA_OPTIONS, Buffer.alloc(NETEM_QOPT_BYTES))],
});

/** The queueing disciplines of a socket's namespace that were put there: those of the kernel have no handle. */
export const dumpQueues = (socket: number, nameOf: (index: number) => string): readonly QueueLive[] =>
  dumpMessages(
    socket,
    { type: RTM_GETQDISC, flags: 0, header: Buffer.alloc(TCMSG_LENGTH), attributes: [] },
    (body): QueueLive | null => {
      const kind = decodeString(parseAttributes(body, TCMSG_LENGTH).get(TCA_KIND));
      const handle = body.readUInt32LE(8);
      if (handle === 0 || kind === null) return null;
      const [parent, number] = [body.readUInt32LE(12), (handle >>> 16).toString(16)];
      return { dev: nameOf(body.readInt32LE(4)), kind, place: `${number}: ${placeOf(parent)}` };
    },
  );

/** The parent of a queueing discipline in the words of `tc`. */
function placeOf(parent: number): string {
  if (parent === TC_H_ROOT) return 'root';
  if (parent === TC_H_INGRESS) return 'ingress';
  return `parent ${(parent >>> 16).toString(16)}:${(parent & 0xffff).toString(16)}`;
}

/** linux/rtnetlink.h, struct tcmsg: u8 family, three bytes of padding, i32 index, u32 handle, u32 parent, u32 info. */
function tcmsg(index: number): Buffer {
  const buffer = Buffer.alloc(TCMSG_LENGTH);
  buffer.writeInt32LE(index, 4);
  buffer.writeUInt32LE(TC_H_ROOT, 12);
  return buffer;
}
