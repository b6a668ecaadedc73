import { catchErrno, sysError } from './errno.ts';
import { closeFd, readBuffer, SOCK_CLOEXEC, SOL_SOCKET, sendDatagram, systemCall, writeBuffer } from './libc.ts';

// asm-generic/socket.h, linux/net.h, linux/un.h
const AF_UNIX = 1;
const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
const SO_RCVTIMEO = 20;
const SO_SNDTIMEO = 21;
const UNIX_PATH_MAX = 108;

const native = {
  socket: systemCall('socket', 'int socket(int, int, int)'),
  connect: systemCall('connect', 'int connect(int, void*, uint32_t)'),
  setsockopt: systemCall('setsockopt', 'int setsockopt(int, int, int, void*, uint32_t)'),
};

/**
 * A stream to a socket of the file system (unix(7)), close-on-exec. Reading and writing give EAGAIN after `timeoutMs`.
 * Throws ECONNREFUSED when no program listens, ENAMETOOLONG for a path over 107 bytes.
 */
export function connectUnix(path: string, timeoutMs = 1000): number {
  const name = Buffer.from(path);
  if (name.length >= UNIX_PATH_MAX) throw sysError('ENAMETOOLONG', `the path of the socket ${path} is over 107 bytes`);
  const fd = native.socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  try {
    const time = Buffer.alloc(16);
    time.writeBigInt64LE(BigInt(Math.floor(timeoutMs / 1000)), 0);
    time.writeBigInt64LE(BigInt(timeoutMs % 1000) * 1000n, 8);
    for (const option of [SO_RCVTIMEO, SO_SNDTIMEO]) native.setsockopt(fd, SOL_SOCKET, option, time, time.length);
    const address = Buffer.concat([Buffer.from([AF_UNIX, 0]), name, Buffer.from([0])]);
    native.connect(fd, address, address.length);
    return fd;
  } catch (error) {
    closeFd(fd);
    throw error;
  }
}

/** Sends one datagram to a socket, at a path or (`@…`) at an abstract name, and does not wait for an answer. */
export function sendUnixDatagram(path: string, text: string): void {
  const fd = native.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  try {
    const name = Buffer.from(path.startsWith('@') ? `\0${path.slice(1)}` : path);
    const address = Buffer.concat([Buffer.from([AF_UNIX, 0]), name]);
    native.connect(fd, address, address.length);
    sendDatagram(fd, Buffer.from(text));
  } finally {
    closeFd(fd);
  }
}

/** More than that no program says of itself. */
const MAX_ANSWER = 1 << 16;

/** What a program answers at such a socket until it closes it, or takes longer than `timeoutMs`; null: none listens, or it says nothing. */
export function askUnix(path: string, question: string, timeoutMs: number): string | null {
  const fd = catchErrno(['ENOENT', 'ENOTDIR', 'ECONNREFUSED', 'EAGAIN'], () => connectUnix(path, timeoutMs));
  if (fd === null) return null;
  try {
    return catchErrno(['EPIPE', 'ECONNRESET', 'EAGAIN'], () => {
      writeBuffer(fd, Buffer.from(question));
      return readAll(fd);
    });
  } finally {
    closeFd(fd);
  }
}

function readAll(fd: number): string {
  const chunk = Buffer.alloc(4096);
  let answer = '';
  while (answer.length < MAX_ANSWER) {
    const length = readBuffer(fd, chunk);
    if (length === 0) break;
    answer += chunk.toString('latin1', 0, length);
  }
  return answer;
}
