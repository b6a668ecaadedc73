import { LINK_TYPE, type Packet } from '../../model/kernel/packet.ts';
import { catchErrno, errorCode, sysError } from '../errno.ts';
import { closeFd, MSG_DONTWAIT, MSG_TRUNC, SO_RCVBUFFORCE, SOL_SOCKET, systemCall } from '../libc.ts';
import { dumpLinks } from '../netlink/link-dump.ts';
import { inNetns } from '../netns/netns.ts';
import type { NetnsSession } from '../netns/sessions.ts';
import { inNetnsMounts } from '../process/exec-in-netns.ts';
import { attachBpfFilter, SNAP_BYTES } from './bpf.ts';
import { openPacketSocket, sockaddrLl } from './packet-socket.ts';

// linux/if_packet.h, linux/if_ether.h, linux/sockios.h, asm-generic/socket.h
const ETH_P_ALL = 3;
const SOL_PACKET = 263;
const PACKET_ADD_MEMBERSHIP = 1;
const PACKET_MR_PROMISC = 1;
const PACKET_STATISTICS = 6;
const PACKET_OUTGOING = 4;
const SIOCGSTAMPNS_NEW = 0x80108907;
const BUFFER_BYTES = 16 << 20;
const MAX_PACKETS_PER_READ = 1000;

// linux/if_arp.h
const ARPHRD_ETHER = 1;
const ARPHRD_TUNNEL = 768;
const ARPHRD_TUNNEL6 = 769;
const ARPHRD_LOOPBACK = 772;
const ARPHRD_SIT = 776;
const ARPHRD_IPGRE = 778;
const ARPHRD_IP6GRE = 823;
const ARPHRD_NONE = 65534;

const LINK_TYPES: ReadonlyMap<number, number> = new Map([
  [ARPHRD_ETHER, LINK_TYPE.ethernet],
  [ARPHRD_LOOPBACK, LINK_TYPE.ethernet],
  [ARPHRD_NONE, LINK_TYPE.ip],
  [ARPHRD_TUNNEL, LINK_TYPE.ip],
  [ARPHRD_TUNNEL6, LINK_TYPE.ip],
  [ARPHRD_SIT, LINK_TYPE.ip],
  [ARPHRD_IPGRE, LINK_TYPE.ip],
  [ARPHRD_IP6GRE, LINK_TYPE.ip],
]);

const native = {
  bind: systemCall('bind', 'int bind(int, void*, uint32_t)'),
  setsockopt: systemCall('setsockopt', 'int setsockopt(int, int, int, void*, uint32_t)'),
  getsockopt: systemCall('getsockopt', 'int getsockopt(int, int, int, void*, void*)'),
  getsockname: systemCall('getsockname', 'int getsockname(int, void*, void*)'),
  recvfrom: systemCall('recvfrom', 'int64_t recvfrom(int, void*, size_t, int, void*, void*)'),
  ioctl: systemCall('ioctl', 'int ioctl(int, unsigned long, ...)'),
};

/** The packets of a link, in both directions. */
export type PacketSource = {
  /** LINKTYPE_* of pcap. */
  readonly linkType: number;
  /** Those that have come since the last call, without waiting. Throws ENODEV when the link was deleted. */
  readonly next: () => readonly Packet[];
  /** How many the kernel had no room for since the last call. */
  readonly lost: () => number;
  readonly close: () => void;
};

/**
 * Listens on a link, promiscuously as long as it is open, to what an expression of pcap-filter(7) says, with names as the
 * namespace knows them; null: to everything.
 * Throws ENODEV when there is no such link, EOPNOTSUPP on what has no frames, E_FILTER when the expression is wrong.
 */
export function openPacketSource(session: NetnsSession, link: string, expression: string | null): PacketSource {
  const index = session.linkIndex(link);
  const fd = inNetns(session.fd, openPacketSocket);
  try {
    const hardware = bindToLink(fd, index, 0);
    const linkType = LINK_TYPES.get(hardware);
    if (linkType === undefined)
      throw sysError('EOPNOTSUPP', `frames of ${link} (hardware type ${hardware}) are not known`);
    if (expression !== null) inNetnsMounts(session, () => attachBpfFilter(fd, expression, linkType));
    startCapture(fd, index);
    const inbox = Buffer.alloc(SNAP_BYTES);
    const next = () => readPackets(fd, inbox, hardware === ARPHRD_LOOPBACK);
    return {
      linkType,
      next: () => readWhileLinkExists(next, session, index),
      lost: () => readDropCount(fd),
      close: () => closeFd(fd),
    };
  } catch (error) {
    closeFd(fd);
    throw error;
  }
}

function startCapture(fd: number, index: number): void {
  const size = Buffer.alloc(4);
  size.writeInt32LE(BUFFER_BYTES);
  catchErrno(['EPERM'], () => native.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, size, 4));
  // struct packet_mreq: i32 index, u16 type, u16 length, u8[8] address
  const membership = Buffer.alloc(16);
  membership.writeInt32LE(index, 0);
  membership.writeUInt16LE(PACKET_MR_PROMISC, 4);
  native.setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, membership, membership.length);
  // The first call has the kernel keep the time of each frame from now on.
  catchErrno(['ENOENT'], () => native.ioctl(fd, SIOCGSTAMPNS_NEW, 'void*', Buffer.alloc(16)));
  bindToLink(fd, index, ETH_P_ALL);
}

/** Gives the ARPHRD_* of the link. */
function bindToLink(fd: number, index: number, protocol: number): number {
  const address = sockaddrLl(index, protocol);
  native.bind(fd, address, address.length);
  native.getsockname(fd, address, sockLength(address));
  return address.readUInt16LE(8);
}

function readPackets(fd: number, inbox: Buffer, isLoopback: boolean): readonly Packet[] {
  const packets: Packet[] = [];
  const from = sockaddrLl(0, 0);
  const stamp = Buffer.alloc(16);
  while (packets.length < MAX_PACKETS_PER_READ) {
    const length = catchErrno(['EAGAIN'], () =>
      native.recvfrom(fd, inbox, inbox.length, MSG_DONTWAIT | MSG_TRUNC, from, sockLength(from)),
    );
    if (length === null) break;
    // What passes lo is heard going out and coming in.
    if (isLoopback && from.readUInt8(10) === PACKET_OUTGOING) continue;
    native.ioctl(fd, SIOCGSTAMPNS_NEW, 'void*', stamp);
    const [seconds, nanoseconds] = [Number(stamp.readBigInt64LE(0)), Number(stamp.readBigInt64LE(8))];
    packets.push({ seconds, nanoseconds, length, bytes: Buffer.from(inbox.subarray(0, length)) });
  }
  return packets;
}

/** A link that goes down says so once, and one that vanishes likewise. */
function readWhileLinkExists(next: () => readonly Packet[], session: NetnsSession, index: number): readonly Packet[] {
  try {
    return next();
  } catch (error) {
    if (errorCode(error) !== 'ENETDOWN') throw error;
    if (!dumpLinks(session.socket).some((link) => link.index === index))
      throw sysError('ENODEV', 'the link was deleted');
    return [];
  }
}

/** struct tpacket_stats: u32 packets, u32 drops; reading sets both to 0. */
function readDropCount(fd: number): number {
  const counts = Buffer.alloc(8);
  native.getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, counts, sockLength(counts));
  return counts.readUInt32LE(4);
}

function sockLength(buffer: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(buffer.length);
  return length;
}
