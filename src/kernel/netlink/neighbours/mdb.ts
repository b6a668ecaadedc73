import type { MulticastEntryLive } from '../../../model/kernel/live-state.ts';
import { decodeIpAddress, decodeMac, listAttributes, parseAttributes } from '../../../net/netlink-attributes.ts';
import { catchErrno } from '../../errno.ts';
import { dumpMessages } from '../socket.ts';
import { AF_BRIDGE } from './fdb.ts';

/** linux/rtnetlink.h. */
const RTM_GETMDB = 86;

/** linux/if_bridge.h: `br_port_msg`, the nested attributes below it, and where `br_mdb_entry` has what. */
const BR_PORT_MSG_LENGTH = 8;
const MDBA_MDB = 1;
const MDB_PERMANENT = 1;
const AT = { state: 4, group: 8, protocol: 24, end: 26 } as const;

/**
 * The permanent entries of the multicast tables of a socket's namespace (`bridge mdb`); none where bridges have no such
 * tables. Those that a bridge learned are left out.
 */
export function dumpMulticastEntries(socket: number, nameOf: (index: number) => string): readonly MulticastEntryLive[] {
  const header = Buffer.alloc(BR_PORT_MSG_LENGTH);
  header[0] = AF_BRIDGE;
  const question = { type: RTM_GETMDB, flags: 0, header, attributes: [] };
  const found = catchErrno(['EOPNOTSUPP', 'EINVAL'], () =>
    dumpMessages(socket, question, (body) => multicastEntries(body, nameOf)),
  );
  return (found ?? []).flat();
}

/** The permanent entries in the body of one answer, which is for one bridge. */
function multicastEntries(body: Buffer, nameOf: (index: number) => string): readonly MulticastEntryLive[] {
  const table = parseAttributes(body, BR_PORT_MSG_LENGTH).get(MDBA_MDB) ?? Buffer.alloc(0);
  return listAttributes(table)
    .flatMap(({ payload }) => listAttributes(payload))
    .map(({ payload }) => payload)
    .filter((entry) => entry.length >= AT.end && entry[AT.state] === MDB_PERMANENT)
    .map((entry) => ({ dev: nameOf(entry.readInt32LE(0)), group: groupOf(entry) }));
}

/** By the protocol (ETH_P_IP, ETH_P_IPV6; 0: a MAC, linux/if_ether.h). */
function groupOf(entry: Buffer): string {
  const bytes = (length: number): Buffer => entry.subarray(AT.group, AT.group + length);
  const protocol = entry.readUInt16BE(AT.protocol);
  if (protocol === 0x0800) return decodeIpAddress(bytes(4));
  return protocol === 0x86dd ? decodeIpAddress(bytes(16)) : decodeMac(bytes(6));
}
