import { decodeU16, parseAttributes, stringAttribute } from '../../../../net/netlink-attributes.ts';
import { catchErrno } from '../../../errno.ts';
import { inNetns } from '../../../netns/netns.ts';
import { closeNetlinkSocket, openNetlinkSocket, requestReply } from '../../socket.ts';

// linux/netlink.h, linux/genetlink.h
const NETLINK_GENERIC = 16;
const GENL_ID_CTRL = 16;
const CTRL_CMD_GETFAMILY = 3;
const CTRL_ATTR_FAMILY_ID = 1;
const CTRL_ATTR_FAMILY_NAME = 2;
const CTRL_VERSION = 1;

/** Bytes of struct genlmsghdr. */
export const GENL_HDRLEN = 4;

/** linux/genetlink.h, struct genlmsghdr: u8 command, u8 version, u16 reserved. */
export const genericHeader = (command: number, version: number): Buffer => Buffer.from([command, version, 0, 0]);

/**
 * Does something with a socket of generic netlink in a namespace and the number of a family; null: the kernel has none of that
 * name. A kernel with modules loads the one of the family.
 */
export const withGenericFamily = <T>(netnsFd: number, name: string, use: GenericUse<T>): T | null =>
  inNetns(netnsFd, () => {
    const socket = openNetlinkSocket(NETLINK_GENERIC);
    try {
      const family = catchErrno(['ENOENT'], () => readFamily(socket, name));
      return family === null ? null : use(socket, family);
    } finally {
      closeNetlinkSocket(socket);
    }
  });

type GenericUse<T> = (socket: number, family: number) => T;

function readFamily(socket: number, name: string): number {
  const body = requestReply(socket, {
    type: GENL_ID_CTRL,
    flags: 0,
    header: genericHeader(CTRL_CMD_GETFAMILY, CTRL_VERSION),
    attributes: [stringAttribute(CTRL_ATTR_FAMILY_NAME, name)],
  });
  return decodeU16(parseAttributes(body, GENL_HDRLEN).get(CTRL_ATTR_FAMILY_ID)) ?? 0;
}
