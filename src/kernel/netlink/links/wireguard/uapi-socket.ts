import { sysError } from '../../../errno.ts';
import { closeFd, readBuffer, writeBuffer } from '../../../libc.ts';
import { connectUnix } from '../../../unix-socket.ts';

const TIMEOUT_MS = 5000;
const CHUNK = 1 << 16;

/** One operation at the socket of a program in user space, and its answer, which ends with an empty line. Throws ENOENT or ECONNREFUSED when none listens. */
export function askUapi(path: string, operation: string): string {
  const fd = connectUnix(path, TIMEOUT_MS);
  try {
    const bytes = Buffer.from(operation);
    for (let at = 0; at < bytes.length; ) at += writeBuffer(fd, bytes.subarray(at));
    const chunk = Buffer.alloc(CHUNK);
    let text = '';
    while (!text.endsWith('\n\n')) {
      const length = readBuffer(fd, chunk);
      if (length === 0) throw sysError('ECONNRESET', 'wireguard-go has closed the connection');
      text += chunk.toString('latin1', 0, length);
    }
    return text;
  } finally {
    closeFd(fd);
  }
}
