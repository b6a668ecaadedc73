import type { Packet } from '../../model/kernel/packet.ts';

const MAGIC_NANOSECONDS = 0xa1b23c4d;
const SNAP_BYTES = 262_144;

/** The head of a pcap file whose times are in nanoseconds. */
export function pcapHead(linkType: number): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(MAGIC_NANOSECONDS, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(SNAP_BYTES, 16);
  head.writeUInt32LE(linkType, 20);
  return head;
}

/** Packets as records of such a file. */
export const pcapRecords = (packets: readonly Packet[]): Buffer =>
  Buffer.concat(packets.flatMap((packet) => [recordHead(packet), packet.bytes]));

function recordHead({ seconds, nanoseconds, bytes, length }: Packet): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt32LE(seconds, 0);
  head.writeUInt32LE(nanoseconds, 4);
  head.writeUInt32LE(bytes.length, 8);
  head.writeUInt32LE(length, 12);
  return head;
}
