import { closeSync, openSync, writeSync } from 'node:fs';
import { EXIT, netformError } from '../../model/error.ts';
import { writeErrorReason } from '../../model/files/file-errors.ts';
import type { Packet } from '../../model/kernel/packet.ts';
import { packetJson, packetText } from './packet.ts';
import { pcapHead, pcapRecords } from './pcap.ts';
import { type OutputWriter, stdoutWriter } from './watch-screen.ts';

/** Takes packets; false: the reader has closed the output. */
export type PacketOutput = {
  readonly begin: (linkType: number) => boolean;
  readonly take: (packets: readonly Packet[]) => boolean;
  readonly end: () => void;
};

/** The format of captured packets: a pcap file, lines of text or lines of JSON. */
export type PacketOutputFormat = 'pcap' | 'text' | 'json';

/** Writes to standard output, as a pcap file or one line per packet, until the reader closes it. */
export const stdoutPacketOutput = (form: PacketOutputFormat): PacketOutput => ({
  ...packetWriter(form, stdoutWriter()),
  end: () => {},
});

/** Writes a pcap file with mode 0600 in the place of any file at this path. Throws E_OUT when it cannot. */
export function filePacketOutput(path: string): PacketOutput {
  const fd = openOutputFile(path);
  const write = (chunk: string | Buffer): boolean => {
    for (let rest = Buffer.from(chunk); rest.length > 0; ) rest = rest.subarray(writeSync(fd, rest));
    return true;
  };
  return { ...packetWriter('pcap', write), end: () => closeSync(fd) };
}

function openOutputFile(path: string): number {
  try {
    return openSync(path, 'w', 0o600);
  } catch (error) {
    const message = `cannot write ${path}: ${writeErrorReason(error)}`;
    throw netformError('E_OUT', EXIT.usage, message, { hint: 'write to another file with -o' });
  }
}

function packetWriter(form: PacketOutputFormat, write: OutputWriter): Omit<PacketOutput, 'end'> {
  let type = 0;
  const begin = (linkType: number) => {
    type = linkType;
    return write(form === 'pcap' ? pcapHead(linkType) : '');
  };
  const line = (packet: Packet): string =>
    form === 'json' ? `${JSON.stringify(packetJson(packet, type))}\n` : packetText(packet, type);
  return { begin, take: (packets) => write(form === 'pcap' ? pcapRecords(packets) : packets.map(line).join('')) };
}
