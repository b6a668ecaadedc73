import type { PortVlanLive } from '../../../model/kernel/live-state.ts';
import type { VlanRange } from '../../../model/lab-parts/vlan-range.ts';
import {
  bytesAttribute,
  listAttributes,
  nestedAttribute,
  parseAttributes,
  u16Attribute,
  u32Attribute,
} from '../../../net/netlink-attributes.ts';
import { IFINFOMSG_LENGTH, ifinfomsg, RTM_SETLINK } from '../link.ts';
import { IFLA_EXT_MASK, RTM_GETLINK } from '../link-dump.ts';
import type { NetlinkMessage } from '../message.ts';
import { AF_BRIDGE } from '../neighbours/fdb.ts';
import { dumpMessages } from '../socket.ts';
import { RTM_DELLINK } from './delete-link.ts';

/** linux/rtnetlink.h, linux/if_bridge.h, linux/socket.h. */
const IFLA_AF_SPEC = 26;
const RTEXT_FILTER_BRVLAN_COMPRESSED = 4;
const IFLA_BRIDGE_FLAGS = 0;
const IFLA_BRIDGE_VLAN_INFO = 2;
const BRIDGE_FLAGS_SELF = 2;
const BRIDGE_VLAN_INFO_PVID = 2;
const BRIDGE_VLAN_INFO_UNTAGGED = 4;
const BRIDGE_VLAN_INFO_RANGE_BEGIN = 8;
const BRIDGE_VLAN_INFO_RANGE_END = 16;

/** A range of VLANs of a link with an index. */
type PortVlans = {
  readonly index: number;
  readonly self: boolean;
  readonly vlans: VlanRange;
  readonly untagged: boolean;
};

/** Adds VLANs to a port, or to a bridge itself, or takes them away. */
export function bridgeVlanMessage(verb: 'add' | 'delete', { index, self, vlans, untagged }: PortVlans): NetlinkMessage {
  const [first, last] = vlans;
  const flags = untagged && verb === 'add' ? BRIDGE_VLAN_INFO_PVID | BRIDGE_VLAN_INFO_UNTAGGED : 0;
  const infos =
    first === last
      ? [vlanInfo(flags, first)]
      : [vlanInfo(flags | BRIDGE_VLAN_INFO_RANGE_BEGIN, first), vlanInfo(flags | BRIDGE_VLAN_INFO_RANGE_END, last)];
  return {
    type: verb === 'add' ? RTM_SETLINK : RTM_DELLINK,
    flags: 0,
    header: bridgeHeader(index),
    attributes: [
      nestedAttribute(IFLA_AF_SPEC, [...(self ? [u16Attribute(IFLA_BRIDGE_FLAGS, BRIDGE_FLAGS_SELF)] : []), ...infos]),
    ],
  };
}

/** The VLANs of all ports and bridges of a socket's namespace, by index. */
export const dumpBridgeVlans = (socket: number): readonly (readonly [number, readonly PortVlanLive[]])[] =>
  dumpMessages(
    socket,
    {
      type: RTM_GETLINK,
      flags: 0,
      header: bridgeHeader(0),
      attributes: [u32Attribute(IFLA_EXT_MASK, RTEXT_FILTER_BRVLAN_COMPRESSED)],
    },
    decodeBridgeVlans,
  );

/** The VLANs in a link message of the family AF_BRIDGE, after its nlmsghdr. */
export function decodeBridgeVlans(body: Buffer): readonly [number, readonly PortVlanLive[]] {
  const spec = parseAttributes(body, IFINFOMSG_LENGTH).get(IFLA_AF_SPEC);
  const found: PortVlanLive[] = [];
  let begin: number | null = null;
  for (const { type, payload } of spec ? listAttributes(spec) : []) {
    if (type !== IFLA_BRIDGE_VLAN_INFO || payload.length < 4) continue;
    const [flags, vid] = [payload.readUInt16LE(0), payload.readUInt16LE(2)];
    if (flags & BRIDGE_VLAN_INFO_RANGE_BEGIN) {
      begin = vid;
      continue;
    }
    const first = flags & BRIDGE_VLAN_INFO_RANGE_END ? (begin ?? vid) : vid;
    const [pvid, untagged] = [(flags & BRIDGE_VLAN_INFO_PVID) !== 0, (flags & BRIDGE_VLAN_INFO_UNTAGGED) !== 0];
    found.push({ vlans: [first, vid], pvid, untagged });
  }
  return [body.readInt32LE(4), found];
}

/** struct bridge_vlan_info: u16 flags, u16 number. */
function vlanInfo(flags: number, vid: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt16LE(flags, 0);
  payload.writeUInt16LE(vid, 2);
  return bytesAttribute(IFLA_BRIDGE_VLAN_INFO, payload);
}

function bridgeHeader(index: number): Buffer {
  const header = ifinfomsg({ index });
  header.writeUInt8(AF_BRIDGE, 0);
  return header;
}
