import { decodeIpAddress } from '../../net/netlink-attributes.ts';
import { dumpMessages } from './socket.ts';

// linux/netlink.h, linux/sock_diag.h
export const NETLINK_SOCK_DIAG = 4;
const SOCK_DIAG_BY_FAMILY = 20;
// linux/in.h
const PROTOCOLS = { tcp: 6, udp: 17 } as const;
// net/tcp_states.h: a TCP socket that listens, and a UDP socket that is bound and not connected.
const STATES = { tcp: 1 << 10, udp: 1 << 7 } as const;
const AF = { 4: 2, 6: 10 } as const;
/** struct inet_diag_req_v2 and, from byte 4 of struct inet_diag_msg on, struct inet_diag_sockid (linux/inet_diag.h) */
const REQUEST_BYTES = 56;
const SOURCE_PORT_AT = 4;
const SOURCE_AT = 8;
/** idiag_inode, after the id and four numbers. */
const INODE_AT = 68;

/** The local address and port of a socket, and its number among the files of the kernel's sockets. */
export type BoundSocketAddress = { readonly address: string; readonly port: number; readonly inode: number };

/**
 * Where the sockets of a namespace wait for whoever comes: the kernel looks at those only, while /proc/net/tcp goes through
 * every connection that there could be. An address of IPv4 on an IPv6 socket is reported as one of IPv4. Throws ENOENT where
 * the kernel does not have it for this protocol and family.
 */
export function dumpBoundSockets(
  socket: number,
  protocol: 'tcp' | 'udp',
  family: 4 | 6,
): readonly BoundSocketAddress[] {
  const header = Buffer.alloc(REQUEST_BYTES);
  header.writeUInt8(AF[family], 0);
  header.writeUInt8(PROTOCOLS[protocol], 1);
  header.writeUInt32LE(STATES[protocol], 4);
  return dumpMessages(socket, { type: SOCK_DIAG_BY_FAMILY, flags: 0, header, attributes: [] }, (body) => ({
    address: decodeIpAddress(unmapIpv4Address(body.subarray(SOURCE_AT, SOURCE_AT + (family === 4 ? 4 : 16)))),
    port: body.readUInt16BE(SOURCE_PORT_AT),
    inode: body.readUInt32LE(INODE_AT),
  }));
}

const IPV4_MAPPED_PREFIX = Buffer.from('00000000000000000000ffff', 'hex');

/** `::ffff:10.0.0.1` is 10.0.0.1 (RFC 4291, 2.5.5.2). */
export const unmapIpv4Address = (bytes: Buffer): Buffer =>
  bytes.length === 16 && bytes.subarray(0, IPV4_MAPPED_PREFIX.length).equals(IPV4_MAPPED_PREFIX)
    ? bytes.subarray(IPV4_MAPPED_PREFIX.length)
    : bytes;
