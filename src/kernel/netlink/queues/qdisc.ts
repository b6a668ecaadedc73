import { type ImpairingKind, type Impairment, NO_IMPAIRMENT } from '../../../model/kernel/impairment.ts';
import type { QueueLive } from '../../../model/kernel/live-state.ts';
import {
  bytesAttribute,
  decodeString,
  type NetlinkAttributes,
  parseAttributes,
  stringAttribute,
} from '../../../net/netlink-attributes.ts';
import { type NetlinkMessage, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE } from '../message.ts';
import { dumpMessages } from '../socket.ts';
import { decodeNetem, encodeNetem } from './netem.ts';
import { decodeTbf, encodeTbf } from './tbf.ts';

export const RTM_NEWQDISC = 36;
const RTM_DELQDISC = 37;
const RTM_GETQDISC = 38;
// linux/pkt_sched.h
const TC_H_ROOT = 0xffffffff;
const TC_H_INGRESS = 0xfffffff1;
const TCMSG_LENGTH = 20;
const TCA_KIND = 1;
const TCA_OPTIONS = 2;

/** Puts a queue of a kind on a link, to find out whether the kernel has that kind: it looks for it before it reads options. */
export const probeQueueMessage = (index: number, kind: string): NetlinkMessage => ({
  type: RTM_NEWQDISC,
  flags: NLM_F_CREATE | NLM_F_EXCL,
  header: tcmsg(index),
  attributes: [stringAttribute(TCA_KIND, kind)],
});

/** Makes a root queue of an impairment, or changes the one of the same handle (`4e46:`) and kind in place. */
export const setQueueMessage = (
  index: number,
  {
    kind,
    handle,
    impairment,
  }: { readonly kind: ImpairingKind; readonly handle: string; readonly impairment: Impairment },
): NetlinkMessage => ({
  type: RTM_NEWQDISC,
  flags: NLM_F_CREATE | NLM_F_REPLACE,
  header: tcmsg(index, handle),
  attributes: [
    stringAttribute(TCA_KIND, kind),
    bytesAttribute(TCA_OPTIONS, kind === 'netem' ? encodeNetem(impairment) : encodeTbf(impairment.rate)),
  ],
});

/** Deletes the root queue of a handle; the kernel puts its default in its place. */
export const deleteQueueMessage = (index: number, handle: string): NetlinkMessage => ({
  type: RTM_DELQDISC,
  flags: 0,
  header: tcmsg(index, handle),
  attributes: [],
});

/** The queueing disciplines of a socket's namespace that were put there: those of the kernel have no handle. */
export const dumpQueues = (socket: number, nameOf: (index: number) => string): readonly QueueLive[] =>
  dumpMessages(
    socket,
    { type: RTM_GETQDISC, flags: 0, header: Buffer.alloc(TCMSG_LENGTH), attributes: [] },
    (body): QueueLive | null => {
      const attributes = parseAttributes(body, TCMSG_LENGTH);
      const kind = decodeString(attributes.get(TCA_KIND));
      const handle = body.readUInt32LE(8);
      if (handle === 0 || kind === null) return null;
      const [parent, number] = [body.readUInt32LE(12), (handle >>> 16).toString(16)];
      return {
        dev: nameOf(body.readInt32LE(4)),
        kind,
        place: `${number}: ${placeOf(parent)}`,
        rootHandle: parent === TC_H_ROOT ? `${number}:` : null,
        ...decodeQueue(kind, attributes),
      };
    },
  );

function decodeQueue(kind: string, attributes: NetlinkAttributes): Pick<QueueLive, 'impairment' | 'altered'> {
  const options = attributes.get(TCA_OPTIONS);
  if (options === undefined) return { impairment: null, altered: false };
  if (kind === 'netem') return decodeNetem(options);
  if (kind !== 'tbf') return { impairment: null, altered: false };
  const { rate, altered } = decodeTbf(options);
  return { impairment: { ...NO_IMPAIRMENT, rate }, altered };
}

/** The parent of a queueing discipline in the words of `tc`. */
function placeOf(parent: number): string {
  if (parent === TC_H_ROOT) return 'root';
  if (parent === TC_H_INGRESS) return 'ingress';
  return `parent ${(parent >>> 16).toString(16)}:${(parent & 0xffff).toString(16)}`;
}

/** linux/rtnetlink.h, struct tcmsg: u8 family, three bytes of padding, i32 index, u32 handle, u32 parent, u32 info. */
function tcmsg(index: number, handle = '0:'): Buffer {
  const buffer = Buffer.alloc(TCMSG_LENGTH);
  buffer.writeInt32LE(index, 4);
  buffer.writeUInt32LE((Number.parseInt(handle, 16) << 16) >>> 0, 8);
  buffer.writeUInt32LE(TC_H_ROOT, 12);
  return buffer;
}
