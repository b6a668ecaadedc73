import type { MulticastEntryLive } from '../../../model/kernel/live-state.ts';
import type { WithUnknown } from '../../../model/kernel/unknown-attribute.ts';
import {
  addressBytes,
  bytesAttribute,
  decodeIpAddress,
  decodeMac,
  listAttributes,
  macBytes,
  parseAttributes,
} from '../../../net/netlink-attributes.ts';
import { catchErrno } from '../../errno.ts';
import { type NetlinkMessage, NLM_F_CREATE, NLM_F_EXCL } from '../message.ts';
import { dumpMessages } from '../socket.ts';
import { AF_BRIDGE } from './fdb.ts';

/** linux/rtnetlink.h. */
const RTM_NEWMDB = 84;
const RTM_DELMDB = 85;
const RTM_GETMDB = 86;

/** linux/if_bridge.h: `br_port_msg`, the nested attributes below it, and where `br_mdb_entry` has what. */
const BR_PORT_MSG_LENGTH = 8;
const MDBA_MDB = 1;
const MDBA_SET_ENTRY = 1;
const MDBA_MDB_EATTR_SOURCE = 4;
const MDB_PERMANENT = 1;
const AT = { state: 4, vlan: 6, group: 8, protocol: 24, end: 28 } as const;
// linux/if_ether.h; a MAC has no protocol.
const ETH_P_IP = 0x0800;
const ETH_P_IPV6 = 0x86dd;

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
  const bridge = nameOf(body.readInt32LE(4));
  return listAttributes(table)
    .flatMap(({ payload }) => listAttributes(payload))
    .map(({ payload }) => payload)
    .filter((entry) => entry.length >= AT.end && entry[AT.state] === MDB_PERMANENT)
    .map((entry) => ({
      bridge,
      dev: nameOf(entry.readInt32LE(0)),
      group: groupOf(entry),
      vlan: entry.readUInt16LE(AT.vlan) || null,
      ...sourceOf(entry),
    }));
}

/** An entry for one sender is none that the language can say. */
function sourceOf(entry: Buffer): WithUnknown {
  const source = parseAttributes(entry, AT.end).get(MDBA_MDB_EATTR_SOURCE);
  return source === undefined ? {} : { unknown: [{ name: 'src', value: decodeIpAddress(source) }] };
}

/** An entry: the index of its bridge and of the port. */
export type MulticastEntry = {
  readonly bridge: number;
  readonly index: number;
  readonly group: string;
  readonly vlan: number | null;
};

/** Writes a permanent entry, or takes one away. */
export function multicastEntryMessage(
  verb: 'add' | 'delete',
  { bridge, index, group, vlan }: MulticastEntry,
): NetlinkMessage {
  const header = Buffer.alloc(BR_PORT_MSG_LENGTH);
  header[0] = AF_BRIDGE;
  header.writeInt32LE(bridge, 4);
  const entry = Buffer.alloc(AT.end);
  entry.writeInt32LE(index, 0);
  entry[AT.state] = MDB_PERMANENT;
  entry.writeUInt16LE(vlan ?? 0, AT.vlan);
  const isMac = /^..:..:..:..:..:..$/.test(group);
  (isMac ? macBytes(group) : addressBytes(group)).copy(entry, AT.group);
  entry.writeUInt16BE(isMac ? 0 : group.includes(':') ? ETH_P_IPV6 : ETH_P_IP, AT.protocol);
  const isNew = verb === 'add';
  return {
    type: isNew ? RTM_NEWMDB : RTM_DELMDB,
    flags: isNew ? NLM_F_CREATE | NLM_F_EXCL : 0,
    header,
    attributes: [bytesAttribute(MDBA_SET_ENTRY, entry)],
  };
}

/** By the protocol. */
function groupOf(entry: Buffer): string {
  const bytes = (length: number): Buffer => entry.subarray(AT.group, AT.group + length);
  const protocol = entry.readUInt16BE(AT.protocol);
  if (protocol === ETH_P_IP) return decodeIpAddress(bytes(4));
  return protocol === ETH_P_IPV6 ? decodeIpAddress(bytes(16)) : decodeMac(bytes(6));
}
