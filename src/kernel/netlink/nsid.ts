import { attributes, readI32, u32 } from './attributes.ts';
import { get } from './socket.ts';

// linux/net_namespace.h; the header is struct rtgenmsg
const RTM_GETNSID = 90;
const RTGENMSG_LENGTH = 4;
const NETNSA_NSID = 1;
const NETNSA_FD = 3;

/** The number by which a socket's namespace knows that of a descriptor; −1 when it does not. Asking makes no number. */
export function nsidOf(socket: number, netnsFd: number): number {
  const header = Buffer.alloc(RTGENMSG_LENGTH);
  const body = get(socket, { type: RTM_GETNSID, flags: 0, header, attributes: [u32(NETNSA_FD, netnsFd)] });
  return readI32(attributes(body, RTGENMSG_LENGTH).get(NETNSA_NSID)) ?? -1;
}
