import type { AddLink, BridgeValue, LinkSettings, VxlanValue } from '../../model/instruction.ts';
import {
  addressBytes,
  bareStringAttribute,
  bytesAttribute,
  macBytes,
  nestedAttribute,
  optionalAttribute,
  stringAttribute,
  u8Attribute,
  u16Attribute,
  u32Attribute,
} from './attributes.ts';
import type { NetlinkMessage } from './message.ts';

// linux/rtnetlink.h
const RTM_NEWLINK = 16;
const RTM_DELLINK = 17;
const RTM_SETLINK = 19;
const NLM_F_CREATE_EXCL = 0x600;
// linux/if_link.h
const IFLA_ADDRESS = 1;
const IFLA_IFNAME = 3;
const IFLA_MTU = 4;
const IFLA_MASTER = 10;
const IFLA_LINKINFO = 18;
const IFLA_INFO_KIND = 1;
const IFLA_INFO_DATA = 2;
const IFLA_INFO_SLAVE_KIND = 4;
const IFLA_INFO_SLAVE_DATA = 5;
const IFLA_BRPORT_MODE = 4;
const IFLA_IFALIAS = 20;
const IFLA_GROUP = 27;
const IFLA_NET_NS_FD = 28;
const IFLA_NUM_TX_QUEUES = 31;
const IFLA_NUM_RX_QUEUES = 32;
const VETH_INFO_PEER = 1;
const IFF_UP = 1;
const LOOPBACK_INDEX = 1;
/** The kernel counts bridge times in USER_HZ. */
const TICKS_PER_SECOND = 100;

/** struct ifinfomsg (linux/rtnetlink.h). `change` says which of the flags are meant. */
export function ifinfomsg({ index = 0, flags = 0, change = 0 } = {}): Buffer {
  const header = Buffer.alloc(16);
  header.writeInt32LE(index, 4);
  header.writeUInt32LE(flags, 8);
  header.writeUInt32LE(change, 12);
  return header;
}

/** Where a new link goes: the indexes of its master and of a vxlan's `dev`, and the descriptor of its peer's namespace when that is another. */
export type NewLinkReferences = {
  readonly master: number | null;
  readonly lower: number | null;
  readonly peerNetns: number | null;
};

/** Creates a bridge, a vxlan, or both ends of a veth pair. To be sent in the namespace of the (first) link. */
export function addLinkMessage(link: AddLink, { master, lower, peerNetns }: NewLinkReferences): NetlinkMessage {
  return {
    type: RTM_NEWLINK,
    flags: NLM_F_CREATE_EXCL,
    header: ifinfomsg(),
    attributes: [
      ...identityAttributes(link),
      ...(link.type === 'veth' ? singleQueue() : []),
      ...optionalAttribute(master, (index) => u32Attribute(IFLA_MASTER, index)),
      nestedAttribute(IFLA_LINKINFO, [stringAttribute(IFLA_INFO_KIND, link.type), ...linkInfo(link, lower, peerNetns)]),
    ],
  };
}

/** Creates a link of a kind with nothing but a name, for finding out whether the kernel has the kind. */
export const addPlainLinkMessage = (name: string, kind: string): NetlinkMessage => ({
  type: RTM_NEWLINK,
  flags: NLM_F_CREATE_EXCL,
  header: ifinfomsg(),
  attributes: [
    stringAttribute(IFLA_IFNAME, name),
    nestedAttribute(IFLA_LINKINFO, [stringAttribute(IFLA_INFO_KIND, kind)]),
  ],
});

/** Changes what is present in `set`: one message for the link itself, one for bridge options, one for those of a port. */
export function setLinkMessages(name: string, set: LinkSettings, master: number | null): readonly NetlinkMessage[] {
  const { bridge, hairpin, ...own } = set;
  return [
    ...(Object.keys(own).length > 0 ? [setOwnSettings(name, own, master)] : []),
    ...(bridge ? [changeInfo(name, [stringAttribute(IFLA_INFO_KIND, 'bridge'), ...bridgeInfo(bridge)])] : []),
    ...(hairpin === undefined ? [] : [changeInfo(name, portInfo(hairpin))]),
  ];
}

/** Marks `lo` of a new namespace and sets it up, in one message. */
export const markLoopbackMessage = (mark: string): NetlinkMessage => ({
  type: RTM_SETLINK,
  flags: 0,
  header: ifinfomsg({ index: LOOPBACK_INDEX, flags: IFF_UP, change: IFF_UP }),
  attributes: [bareStringAttribute(IFLA_IFALIAS, mark)],
});

export const deleteLinkMessage = (name: string): NetlinkMessage => ({
  type: RTM_DELLINK,
  flags: 0,
  header: ifinfomsg(),
  attributes: [stringAttribute(IFLA_IFNAME, name)],
});

export const setGroupMessage = (index: number, group: number): NetlinkMessage => ({
  type: RTM_SETLINK,
  flags: 0,
  header: ifinfomsg({ index }),
  attributes: [u32Attribute(IFLA_GROUP, group)],
});

/** Deletes every link of a group; the kernel first makes sure that it can delete all. */
export const deleteGroupMessage = (group: number): NetlinkMessage => ({
  type: RTM_DELLINK,
  flags: 0,
  header: ifinfomsg(),
  attributes: [u32Attribute(IFLA_GROUP, group)],
});

/** The alias goes by a message of its own: in a creating one the kernel ignores it. */
function setOwnSettings(name: string, set: LinkSettings, master: number | null): NetlinkMessage {
  const up = set.up === undefined ? {} : { flags: set.up ? IFF_UP : 0, change: IFF_UP };
  return {
    type: RTM_SETLINK,
    flags: 0,
    header: ifinfomsg(up),
    attributes: [
      stringAttribute(IFLA_IFNAME, name),
      ...optionalAttribute(set.mac, (mac) => bytesAttribute(IFLA_ADDRESS, macBytes(mac))),
      ...optionalAttribute(set.mtu, (mtu) => u32Attribute(IFLA_MTU, mtu)),
      ...optionalAttribute(set.alias, (alias) => bareStringAttribute(IFLA_IFALIAS, alias)),
      ...optionalAttribute(set.group, (group) => u32Attribute(IFLA_GROUP, group)),
      ...(set.master === undefined ? [] : [u32Attribute(IFLA_MASTER, master ?? 0)]),
    ],
  };
}

const portInfo = (hairpin: boolean): readonly Buffer[] => [
  stringAttribute(IFLA_INFO_SLAVE_KIND, 'bridge'),
  nestedAttribute(IFLA_INFO_SLAVE_DATA, [u8Attribute(IFLA_BRPORT_MODE, Number(hairpin))]),
];

const changeInfo = (name: string, info: readonly Buffer[]): NetlinkMessage => ({
  type: RTM_NEWLINK,
  flags: 0,
  header: ifinfomsg(),
  attributes: [stringAttribute(IFLA_IFNAME, name), nestedAttribute(IFLA_LINKINFO, info)],
});

type NewLinkIdentity = Pick<AddLink, 'name' | 'mac' | 'mtu' | 'group'>;

const identityAttributes = ({ name, mac, mtu, group }: NewLinkIdentity): readonly Buffer[] => [
  stringAttribute(IFLA_IFNAME, name),
  bytesAttribute(IFLA_ADDRESS, macBytes(mac)),
  ...optionalAttribute(mtu, (value) => u32Attribute(IFLA_MTU, value)),
  u32Attribute(IFLA_GROUP, group),
];

/** One queue each way instead of one a processor: keeps big machines cheap. */
const singleQueue = (): readonly Buffer[] => [u32Attribute(IFLA_NUM_TX_QUEUES, 1), u32Attribute(IFLA_NUM_RX_QUEUES, 1)];

/** The peer (linux/veth.h) is a whole link message: its ifinfomsg, then its attributes. A master in it is ignored. */
function vethInfo(peer: NewLinkIdentity, peerNetns: number | null): readonly Buffer[] {
  const end = [
    ifinfomsg(),
    ...identityAttributes(peer),
    ...singleQueue(),
    ...optionalAttribute(peerNetns, (fd) => u32Attribute(IFLA_NET_NS_FD, fd)),
  ];
  return [nestedAttribute(IFLA_INFO_DATA, [nestedAttribute(VETH_INFO_PEER, end)])];
}

function linkInfo({ peer, bridge, vxlan }: AddLink, lower: number | null, peerNetns: number | null): readonly Buffer[] {
  if (peer) return vethInfo(peer, peerNetns);
  return vxlan ? vxlanInfo(vxlan, lower) : bridgeInfo(bridge ?? {});
}

/** IFLA_VXLAN_* of linux/if_link.h: each family of addresses has its own attribute, the port is in network byte order. */
function vxlanInfo({ id, remote, local, port }: VxlanValue, lower: number | null): readonly Buffer[] {
  const portBytes = Buffer.alloc(2);
  portBytes.writeUInt16BE(port);
  return [
    nestedAttribute(IFLA_INFO_DATA, [
      u32Attribute(1, id),
      bytesAttribute(remote.includes(':') ? 16 : 2, addressBytes(remote)),
      ...optionalAttribute(lower, (index) => u32Attribute(3, index)),
      ...optionalAttribute(local, (address) => bytesAttribute(address.includes(':') ? 17 : 4, addressBytes(address))),
      bytesAttribute(15, portBytes),
    ]),
  ];
}

/** IFLA_BR_* of linux/if_link.h. */
function bridgeInfo(options: Partial<BridgeValue>): readonly Buffer[] {
  return [
    nestedAttribute(IFLA_INFO_DATA, [
      ...optionalAttribute(options.forwardDelay, (seconds) => u32Attribute(1, ticks(seconds))),
      ...optionalAttribute(options.ageing, (seconds) => u32Attribute(4, ticks(seconds))),
      ...optionalAttribute(options.stp, (on) => u32Attribute(5, Number(on))),
      ...optionalAttribute(options.priority, (priority) => u16Attribute(6, priority)),
      ...optionalAttribute(options.multicastSnooping, (on) => u8Attribute(23, Number(on))),
    ]),
  ];
}

const ticks = (seconds: number): number => Math.round(seconds * TICKS_PER_SECOND);
