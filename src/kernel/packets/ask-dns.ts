import { type DnsQuestion, decodeDnsAnswers, encodeDnsQuestion } from '../../model/values/dns-message.ts';
import { parseAddress } from '../../net/address.ts';
import { catchErrno } from '../errno.ts';
import { closeFd, receiveDatagram, SOCK_CLOEXEC, sendDatagram, systemCall } from '../libc.ts';
import { waitReadable } from '../monitor/wait-readable.ts';
import { SOCK_DGRAM } from '../unix-socket.ts';

// linux/net.h, linux/socket.h
const AF = { 4: 2, 6: 10 } as const;
const DNS_PORT = 53;
const MAX_MESSAGE = 4096;

const native = {
  socket: systemCall('socket', 'int socket(int, int, int)'),
  connect: systemCall('connect', 'int connect(int, void*, uint32_t)'),
};

/**
 * Asks a DNS server by UDP, in the thread's present namespace: the answers, none for a name that it does not have. Null: it did
 * not answer in time, or nothing listens there. `server`: an address; `timeoutMs`: how long to wait at most.
 */
export function askDns(server: string, question: DnsQuestion, timeoutMs: number): readonly string[] | null {
  const address = socketAddress(server);
  if (address === null) return null;
  const id = Math.floor(Math.random() * 0x10000);
  return catchErrno(UNREACHABLE, () => {
    const fd = native.socket(address.readUInt16LE(0), SOCK_DGRAM | SOCK_CLOEXEC, 0);
    try {
      native.connect(fd, address, address.length);
      sendDatagram(fd, encodeDnsQuestion(question, id));
      if (!waitReadable([fd], timeoutMs)[0]) return null;
      const into = Buffer.alloc(MAX_MESSAGE);
      return decodeDnsAnswers(into.subarray(0, Math.min(receiveDatagram(fd, into), MAX_MESSAGE)), question, id);
    } finally {
      closeFd(fd);
    }
  });
}

const UNREACHABLE = ['ECONNREFUSED', 'ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EAGAIN', 'EPERM'];

/** struct sockaddr_in and sockaddr_in6 (linux/in.h, linux/in6.h); null: the text is not an address. */
function socketAddress(text: string): Buffer | null {
  const address = parseAddress(text);
  if (address === null) return null;
  const { family, value } = address;
  const digits = value.toString(16).padStart(family === 4 ? 8 : 32, '0');
  const head = Buffer.alloc(4);
  head.writeUInt16LE(AF[family], 0);
  head.writeUInt16BE(DNS_PORT, 2);
  const bytes = Buffer.from(digits, 'hex');
  return family === 4
    ? Buffer.concat([head, bytes, Buffer.alloc(8)])
    : Buffer.concat([head, Buffer.alloc(4), bytes, Buffer.alloc(4)]);
}
