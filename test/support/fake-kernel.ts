import { createRequire } from 'node:module';
import { closeFd, receiveDatagram, sendDatagram } from '../../src/kernel/libc.ts';
import { requestReply } from '../../src/kernel/netlink/socket.ts';

// linux/socket.h; linux/netlink.h
const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const NLMSG_DONE = 3;
const NLM_F_MULTI = 2;
const SEQUENCE_AT = 8;

const require = createRequire(import.meta.url);
const socketpair = require('koffi').load(null).func('int socketpair(int, int, int, _Out_ int *)');

/** The end of a netform socket whose other end answers with what a kernel once said. */
export type FakeKernel = {
  /** To be given to whatever asks the kernel. */
  readonly socket: number;
  /** The requests since the last call, in hex. */
  readonly asked: () => readonly string[];
};

/**
 * Gives `body` a socket on which the answers to the next requests are waiting, one list of datagrams (hex) for each
 * request, with the sequence numbers that those requests will have.
 */
export function withFakeKernel<T>(answers: readonly (readonly string[])[], body: (kernel: FakeKernel) => T): T {
  const fds = [0, 0];
  if (socketpair(AF_UNIX, SOCK_DGRAM, 0, fds) !== 0) throw new Error('socketpair');
  const [socket = -1, far = -1] = fds;
  try {
    const next = sequenceOf(socket, far) + 1;
    for (const [nth, datagrams] of answers.entries()) {
      for (const hex of datagrams) sendDatagram(far, numbered(Buffer.from(hex, 'hex'), next + nth));
    }
    return body({ socket, asked: () => receiveAll(far) });
  } finally {
    closeFd(socket);
    closeFd(far);
  }
}

/** The end of a dump (struct nlmsghdr with NLMSG_DONE), in hex. */
export const DONE = message(NLMSG_DONE, '00000000', NLM_F_MULTI);

/** One message of a type with a body in hex. */
export function message(type: number, body: string, flags = 0): string {
  const head = Buffer.alloc(16);
  head.writeUInt32LE(16 + body.length / 2, 0);
  head.writeUInt16LE(type, 4);
  head.writeUInt16LE(flags, 6);
  return head.toString('hex') + body;
}

/** A request that nobody answers says which number the last one had. */
function sequenceOf(socket: number, far: number): number {
  try {
    requestReply(socket, { type: 0, flags: 0, header: Buffer.alloc(0), attributes: [] });
  } catch {
    const [request = ''] = receiveAll(far);
    return Buffer.from(request, 'hex').readUInt32LE(SEQUENCE_AT);
  }
  throw new Error('an answer to nothing');
}

function receiveAll(fd: number): readonly string[] {
  const into = Buffer.alloc(1 << 16);
  const found: string[] = [];
  for (;;) {
    try {
      const length = receiveDatagram(fd, into);
      found.push(into.toString('hex', 0, length));
    } catch {
      return found;
    }
  }
}

/** Every message of a datagram gets the number. */
function numbered(datagram: Buffer, sequence: number): Buffer {
  for (let at = 0; at < datagram.length; at += (datagram.readUInt32LE(at) + 3) & ~3) {
    datagram.writeUInt32LE(sequence, at + SEQUENCE_AT);
  }
  return datagram;
}
