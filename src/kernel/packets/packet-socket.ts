import { MSG_DONTWAIT, SOCK_CLOEXEC, SOCK_RAW, systemCall } from '../libc.ts';

// linux/if_packet.h, asm-generic/socket.h
const AF_PACKET = 17;
const SOCKADDR_LL_LENGTH = 20;

const native = {
  socket: systemCall('socket', 'int socket(int, int, int)'),
  sendto: systemCall('sendto', 'int64_t sendto(int, void*, size_t, int, void*, uint32_t)'),
};

/** A socket for whole frames in the thread's present namespace, close-on-exec. It hears nothing before it is bound to a protocol. */
export const openPacketSocket = (): number => native.socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

/** struct sockaddr_ll: u16 family, big-endian u16 protocol, i32 index, u16 hatype, u8 pkttype, u8 halen, u8[8] */
export function sockaddrLl(index: number, protocol: number): Buffer {
  const address = Buffer.alloc(SOCKADDR_LL_LENGTH);
  address.writeUInt16LE(AF_PACKET, 0);
  address.writeUInt16BE(protocol, 2);
  address.writeInt32LE(index, 4);
  return address;
}

/** Sends a frame out by a link, without waiting. ENETDOWN, ENXIO, ENOBUFS: it did not go. */
export function sendFrame(fd: number, index: number, frame: Buffer): void {
  const address = sockaddrLl(index, 0);
  native.sendto(fd, frame, frame.length, MSG_DONTWAIT, address, address.length);
}
