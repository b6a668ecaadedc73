import { readFileSync } from 'node:fs';
import type { Listener } from '../model/live.ts';
import { unless } from './errno.ts';
import { readAddress } from './netlink/attributes.ts';
import { type Bound, dumpBound, NETLINK_SOCK_DIAG, plainAddress } from './netlink/sockdiag.ts';
import { closeSocket, openSocket } from './netlink/socket.ts';

const TABLES = [
  { file: 'tcp', protocol: 'tcp', family: 4, state: '0A' },
  { file: 'tcp6', protocol: 'tcp', family: 6, state: '0A' },
  { file: 'udp', protocol: 'udp', family: 4, state: '07' },
  { file: 'udp6', protocol: 'udp', family: 6, state: '07' },
] as const;
type Table = (typeof TABLES)[number];

/** The listening TCP sockets and the unconnected UDP ones of the thread's present namespace, which is called `netns`. */
export function readListeners(netns: string): readonly Listener[] {
  const socket = unless(['EPROTONOSUPPORT'], () => openSocket(NETLINK_SOCK_DIAG));
  try {
    const found = TABLES.flatMap((table) =>
      (askedOf(socket, table) ?? printedIn(table)).map((bound) => ({ netns, protocol: table.protocol, ...bound })),
    );
    return [...new Map(found.map((one) => [`${one.protocol} ${one.address} ${one.port}`, one])).values()];
  } finally {
    if (socket !== null) closeSocket(socket);
  }
}

const askedOf = (socket: number | null, { protocol, family }: Table): readonly Bound[] | null =>
  socket === null ? null : unless(['ENOENT'], () => dumpBound(socket, protocol, family));

/** The same from the text that every kernel has (Documentation/networking/proc_net_tcp.rst). */
export const printedIn = ({ file, state }: Pick<Table, 'file' | 'state'>): readonly Bound[] =>
  (unless(['ENOENT'], () => readFileSync(`/proc/thread-self/net/${file}`, 'utf8')) ?? '')
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === state)
    .map((fields) => decodeLocal(fields[1] ?? ''));

/** `0100007F:0035`: the address in words of the machine's byte order, the port in hexadecimal. */
function decodeLocal(text: string): Bound {
  const [words = '', port = '0'] = text.split(':');
  return {
    address: readAddress(plainAddress(Buffer.from(words, 'hex').swap32())),
    port: Number.parseInt(port, 16),
  };
}
