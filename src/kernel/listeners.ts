import { readFileSync } from 'node:fs';
import type { Listener } from '../model/live.ts';
import { unless } from './errno.ts';
import { readAddress } from './netlink/attributes.ts';

const TABLES = [
  { file: 'tcp', protocol: 'tcp', state: '0A' },
  { file: 'tcp6', protocol: 'tcp', state: '0A' },
  { file: 'udp', protocol: 'udp', state: '07' },
  { file: 'udp6', protocol: 'udp', state: '07' },
] as const;

/** The listening TCP sockets and the unconnected UDP ones of the thread's present namespace, which is called `netns`. */
export function readListeners(netns: string): readonly Listener[] {
  const found = TABLES.flatMap(({ file, protocol, state }) =>
    (unless(['ENOENT'], () => readFileSync(`/proc/thread-self/net/${file}`, 'utf8')) ?? '')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === state)
      .map((fields): Listener => ({ netns, protocol, ...decodeLocal(fields[1] ?? '') })),
  );
  return [...new Map(found.map((one) => [`${one.protocol} ${one.address} ${one.port}`, one])).values()];
}

/** `0100007F:0035`: the address in words of the machine's byte order, the port in hexadecimal. */
function decodeLocal(text: string): { readonly address: string; readonly port: number } {
  const [words = '', port = '0'] = text.split(':');
  const bytes = Buffer.from(words, 'hex').swap32();
  const mapped = bytes.length === 16 && bytes.subarray(0, 12).toString('hex') === '00000000000000000000ffff';
  return { address: readAddress(mapped ? bytes.subarray(12) : bytes), port: Number.parseInt(port, 16) };
}
