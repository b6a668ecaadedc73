import type { RouteLookup } from '../../model/kernel/live-state.ts';
import { familyOf } from '../../net/address.ts';
import {
  addressBytes,
  addressFamilyNumber,
  bytesAttribute,
  decodeIpAddress,
  decodeU32,
  familyOfAf,
  parseAttributes,
} from '../../net/netlink-attributes.ts';
import { catchErrno } from '../errno.ts';
import { RTM_GETROUTE, RTMSG_LENGTH } from './route.ts';
import { RTA_DST, RTA_OIF, RTA_TABLE } from './route-attributes.ts';
import { requestReply } from './socket.ts';

// linux/rtnetlink.h
const RTM_F_LOOKUP_TABLE = 0x1000;
const RTM_F_FIB_MATCH = 0x2000;

/** What the kernel answers when rules or tables give no route, or one that refuses. */
const NO_ROUTE = ['ENETUNREACH', 'EHOSTUNREACH', 'EACCES', 'EINVAL', 'EOPNOTSUPP', 'EAFNOSUPPORT'];

/**
 * The route to an address in a socket's namespace, for a packet without a mark that begins there; null: there is none.
 * struct rtmsg: u8 family, dst_len, src_len, tos, table, protocol, scope, type; u32 flags.
 */
export function lookUpRoute(socket: number, address: string, nameOf: (index: number) => string): RouteLookup | null {
  const family = familyOf(address);
  const header = Buffer.alloc(RTMSG_LENGTH);
  header.writeUInt8(addressFamilyNumber(family), 0);
  header.writeUInt8(family === 4 ? 32 : 128, 1);
  header.writeUInt32LE(RTM_F_LOOKUP_TABLE | RTM_F_FIB_MATCH, 8);
  const attributes = [bytesAttribute(RTA_DST, addressBytes(address))];
  return catchErrno(NO_ROUTE, () =>
    decodeLookup(requestReply(socket, { type: RTM_GETROUTE, flags: 0, header, attributes }), nameOf),
  );
}

function decodeLookup(body: Buffer, nameOf: (index: number) => string): RouteLookup | null {
  const family = familyOfAf(body.readUInt8(0));
  if (!family) return null;
  const route = parseAttributes(body, RTMSG_LENGTH);
  const destination = route.get(RTA_DST);
  const device = decodeU32(route.get(RTA_OIF));
  return {
    to: `${destination ? decodeIpAddress(destination) : family === 4 ? '0.0.0.0' : '::'}/${body.readUInt8(1)}`,
    table: decodeU32(route.get(RTA_TABLE)) ?? body.readUInt8(4),
    dev: device === null ? null : nameOf(device),
  };
}
