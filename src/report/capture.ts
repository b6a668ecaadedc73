import { closeSync, openSync, writeSync } from 'node:fs';
import { EXIT, netformError } from '../model/error.ts';
import type { Packet } from '../model/packet.ts';
import { whyNotWritten } from '../model/refusal.ts';
import { packetJson, packetText } from './packet.ts';
import { pcapHead, pcapRecords } from './pcap.ts';
import { type Stream, standardOutput } from './stream.ts';

/** Takes packets; false: nobody wants more. */
export type Sink = {
  readonly begin: (linkType: number) => boolean;
  readonly take: (packets: readonly Packet[]) => boolean;
  readonly end: () => void;
};

export type Form = 'pcap' | 'text' | 'json';

/** Writes to standard output: as a pcap file, or a line a packet. Nobody wants more once the other end is closed. */
export const toStandardOutput = (form: Form): Sink => ({ ...formed(form, standardOutput()), end: () => {} });

/** Writes a pcap file (0600, what was there goes). */
export function toFile(path: string): Sink {
  const fd = opened(path);
  const write = (chunk: string | Buffer): boolean => {
    for (let rest = Buffer.from(chunk); rest.length > 0; ) rest = rest.subarray(writeSync(fd, rest));
    return true;
  };
  return { ...formed('pcap', write), end: () => closeSync(fd) };
}

function opened(path: string): number {
  try {
    return openSync(path, 'w', 0o600);
  } catch (error) {
    const message = `cannot write ${path}: ${whyNotWritten(error)}`;
    throw netformError('E_OUT', EXIT.usage, message, { hint: 'name another file with -o' });
  }
}

function formed(form: Form, write: Stream): Omit<Sink, 'end'> {
  let type = 0;
  const begin = (linkType: number) => {
    type = linkType;
    return write(form === 'pcap' ? pcapHead(linkType) : '');
  };
  const line = (packet: Packet): string =>
    form === 'json' ? `${JSON.stringify(packetJson(packet, type))}\n` : packetText(packet, type);
  return { begin, take: (packets) => write(form === 'pcap' ? pcapRecords(packets) : packets.map(line).join('')) };
}
