import { readFileSync } from 'node:fs';
import type { Listener } from '../../model/kernel/live-state.ts';
import { decodeIpAddress } from '../../net/netlink-attributes.ts';
import { catchErrno } from '../errno.ts';
import {
  type BoundSocketAddress,
  dumpBoundSockets,
  NETLINK_SOCK_DIAG,
  unmapIpv4Address,
} from '../netlink/sock-diag.ts';
import { closeNetlinkSocket, openNetlinkSocket } from '../netlink/socket.ts';

const TABLES = [
  { file: 'tcp', protocol: 'tcp', family: 4, state: '0A' },
  { file: 'tcp6', protocol: 'tcp', family: 6, state: '0A' },
  { file: 'udp', protocol: 'udp', family: 4, state: '07' },
  { file: 'udp6', protocol: 'udp', family: 6, state: '07' },
] as const;
type ProcNetTable = (typeof TABLES)[number];

/** The listening TCP sockets and the unconnected UDP ones of the thread's present namespace. */
export function readListeningSockets(): readonly Listener[] {
  const found = readBoundSockets().map(({ protocol, address, port }): Listener => ({ protocol, address, port }));
  return [...new Map(found.map((one) => [`${one.protocol} ${one.address} ${one.port}`, one])).values()];
}

type BoundSocket = Listener & BoundSocketAddress;

/** The sockets that wait for whoever comes, with the number of each, by which processes hold it. */
export function readBoundSockets(): readonly BoundSocket[] {
  const socket = catchErrno(['EPROTONOSUPPORT'], () => openNetlinkSocket(NETLINK_SOCK_DIAG));
  try {
    return TABLES.flatMap((table) =>
      (dumpTableSockets(socket, table) ?? parseProcNetTable(table)).map((bound) => ({
        protocol: table.protocol,
        ...bound,
      })),
    );
  } finally {
    if (socket !== null) closeNetlinkSocket(socket);
  }
}

const dumpTableSockets = (
  socket: number | null,
  { protocol, family }: ProcNetTable,
): readonly BoundSocketAddress[] | null =>
  socket === null ? null : catchErrno(['ENOENT'], () => dumpBoundSockets(socket, protocol, family));

/** The bound sockets of /proc/net/tcp and its kin, which every kernel has (Documentation/networking/proc_net_tcp.rst). */
export const parseProcNetTable = ({
  file,
  state,
}: Pick<ProcNetTable, 'file' | 'state'>): readonly BoundSocketAddress[] =>
  (catchErrno(['ENOENT'], () => readFileSync(`/proc/thread-self/net/${file}`, 'utf8')) ?? '')
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === state)
    .map((fields) => ({ ...parseLocalAddress(fields[1] ?? ''), inode: Number(fields[9] ?? 0) }));

/** `0100007F:0035`: the address in words of the machine's byte order, the port in hexadecimal. */
function parseLocalAddress(text: string): Omit<BoundSocketAddress, 'inode'> {
  const [words = '', port = '0'] = text.split(':');
  return {
    address: decodeIpAddress(unmapIpv4Address(Buffer.from(words, 'hex').swap32())),
    port: Number.parseInt(port, 16),
  };
}
