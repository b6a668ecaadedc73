import { decodeI32, parseAttributes, u32Attribute } from '../../net/netlink-attributes.ts';
import { requestReply } from './socket.ts';

// linux/net_namespace.h; the header is struct rtgenmsg
const RTM_GETNSID = 90;
const RTGENMSG_LENGTH = 4;
const NETNSA_NSID = 1;
const NETNSA_FD = 3;

/** The number by which a socket's namespace knows that of a descriptor; −1 when it does not. Asking makes no number. */
export function readNsid(socket: number, netnsFd: number): number {
  const header = Buffer.alloc(RTGENMSG_LENGTH);
  const body = requestReply(socket, {
    type: RTM_GETNSID,
    flags: 0,
    header,
    attributes: [u32Attribute(NETNSA_FD, netnsFd)],
  });
  return decodeI32(parseAttributes(body, RTGENMSG_LENGTH).get(NETNSA_NSID)) ?? -1;
}
