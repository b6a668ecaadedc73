import type { AddLink, BridgeValue, LinkSettings, VxlanValue } from '../../model/instruction.ts';
import { addressBytes, bareString, bytes, given, macBytes, nested, string, u8, u16, u32 } from './attributes.ts';
import type { Message } from './message.ts';

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
export type Placement = {
  readonly master: number | null;
  readonly lower: number | null;
  readonly peerNetns: number | null;
};

/** Creates a bridge, a vxlan, or both ends of a veth pair. To be sent in the namespace of the (first) link. */
export function addLink(link: AddLink, { master, lower, peerNetns }: Placement): Message {
  return {
    type: RTM_NEWLINK,
    flags: NLM_F_CREATE_EXCL,
    header: ifinfomsg(),
    attributes: [
      ...identity(link),
      ...(link.type === 'veth' ? oneQueue() : []),
      ...given(master, (index) => u32(IFLA_MASTER, index)),
      nested(IFLA_LINKINFO, [string(IFLA_INFO_KIND, link.type), ...infoOf(link, lower, peerNetns)]),
    ],
  };
}

/** Creates a link of a kind with nothing but a name, for finding out whether the kernel has the kind. */
export const addPlainLink = (name: string, kind: string): Message => ({
  type: RTM_NEWLINK,
  flags: NLM_F_CREATE_EXCL,
  header: ifinfomsg(),
  attributes: [string(IFLA_IFNAME, name), nested(IFLA_LINKINFO, [string(IFLA_INFO_KIND, kind)])],
});

/** Changes what is present in `set`: one message for the link itself, one for bridge options, one for those of a port. */
export function setLink(name: string, set: LinkSettings, master: number | null): readonly Message[] {
  const { bridge, hairpin, ...own } = set;
  return [
    ...(Object.keys(own).length > 0 ? [setOwn(name, own, master)] : []),
    ...(bridge ? [changeInfo(name, [string(IFLA_INFO_KIND, 'bridge'), ...bridgeInfo(bridge)])] : []),
    ...(hairpin === undefined ? [] : [changeInfo(name, portInfo(hairpin))]),
  ];
}

/** Marks `lo` of a new namespace and sets it up, in one message. */
export const markLoopback = (mark: string): Message => ({
  type: RTM_SETLINK,
  flags: 0,
  header: ifinfomsg({ index: LOOPBACK_INDEX, flags: IFF_UP, change: IFF_UP }),
  attributes: [bareString(IFLA_IFALIAS, mark)],
});

export const deleteLink = (name: string): Message => ({
  type: RTM_DELLINK,
  flags: 0,
  header: ifinfomsg(),
  attributes: [string(IFLA_IFNAME, name)],
});

export const setGroup = (index: number, group: number): Message => ({
  type: RTM_SETLINK,
  flags: 0,
  header: ifinfomsg({ index }),
  attributes: [u32(IFLA_GROUP, group)],
});

/** Deletes every link of a group; the kernel first makes sure that it can delete all. */
export const deleteGroup = (group: number): Message => ({
  type: RTM_DELLINK,
  flags: 0,
  header: ifinfomsg(),
  attributes: [u32(IFLA_GROUP, group)],
});

/** The alias goes by a message of its own: in a creating one the kernel ignores it. */
function setOwn(name: string, set: LinkSettings, master: number | null): Message {
  const up = set.up === undefined ? {} : { flags: set.up ? IFF_UP : 0, change: IFF_UP };
  return {
    type: RTM_SETLINK,
    flags: 0,
    header: ifinfomsg(up),
    attributes: [
      string(IFLA_IFNAME, name),
      ...given(set.mac, (mac) => bytes(IFLA_ADDRESS, macBytes(mac))),
      ...given(set.mtu, (mtu) => u32(IFLA_MTU, mtu)),
      ...given(set.alias, (alias) => bareString(IFLA_IFALIAS, alias)),
      ...given(set.group, (group) => u32(IFLA_GROUP, group)),
      ...(set.master === undefined ? [] : [u32(IFLA_MASTER, master ?? 0)]),
    ],
  };
}

const portInfo = (hairpin: boolean): readonly Buffer[] => [
  string(IFLA_INFO_SLAVE_KIND, 'bridge'),
  nested(IFLA_INFO_SLAVE_DATA, [u8(IFLA_BRPORT_MODE, Number(hairpin))]),
];

const changeInfo = (name: string, info: readonly Buffer[]): Message => ({
  type: RTM_NEWLINK,
  flags: 0,
  header: ifinfomsg(),
  attributes: [string(IFLA_IFNAME, name), nested(IFLA_LINKINFO, info)],
});

type Identity = Pick<AddLink, 'name' | 'mac' | 'mtu' | 'group'>;

const identity = ({ name, mac, mtu, group }: Identity): readonly Buffer[] => [
  string(IFLA_IFNAME, name),
  bytes(IFLA_ADDRESS, macBytes(mac)),
  ...given(mtu, (value) => u32(IFLA_MTU, value)),
  u32(IFLA_GROUP, group),
];

/** One queue each way instead of one a processor: keeps big machines cheap. */
const oneQueue = (): readonly Buffer[] => [u32(IFLA_NUM_TX_QUEUES, 1), u32(IFLA_NUM_RX_QUEUES, 1)];

/** The peer (linux/veth.h) is a whole link message: its ifinfomsg, then its attributes. A master in it is ignored. */
function vethInfo(peer: Identity, peerNetns: number | null): readonly Buffer[] {
  const end = [ifinfomsg(), ...identity(peer), ...oneQueue(), ...given(peerNetns, (fd) => u32(IFLA_NET_NS_FD, fd))];
  return [nested(IFLA_INFO_DATA, [nested(VETH_INFO_PEER, end)])];
}

function infoOf({ peer, bridge, vxlan }: AddLink, lower: number | null, peerNetns: number | null): readonly Buffer[] {
  if (peer) return vethInfo(peer, peerNetns);
  return vxlan ? vxlanInfo(vxlan, lower) : bridgeInfo(bridge ?? {});
}

/** IFLA_VXLAN_* of linux/if_link.h: addresses have one attribute a family, the port is in network byte order. */
function vxlanInfo({ id, remote, local, port }: VxlanValue, lower: number | null): readonly Buffer[] {
  const portBytes = Buffer.alloc(2);
  portBytes.writeUInt16BE(port);
  return [
    nested(IFLA_INFO_DATA, [
      u32(1, id),
      bytes(remote.includes(':') ? 16 : 2, addressBytes(remote)),
      ...given(lower, (index) => u32(3, index)),
      ...given(local, (address) => bytes(address.includes(':') ? 17 : 4, addressBytes(address))),
      bytes(15, portBytes),
    ]),
  ];
}

/** IFLA_BR_* of linux/if_link.h. */
function bridgeInfo(options: Partial<BridgeValue>): readonly Buffer[] {
  return [
    nested(IFLA_INFO_DATA, [
      ...given(options.forwardDelay, (seconds) => u32(1, ticks(seconds))),
      ...given(options.ageing, (seconds) => u32(4, ticks(seconds))),
      ...given(options.stp, (on) => u32(5, Number(on))),
      ...given(options.priority, (priority) => u16(6, priority)),
      ...given(options.multicastSnooping, (on) => u8(23, Number(on))),
    ]),
  ];
}

const ticks = (seconds: number): number => Math.round(seconds * TICKS_PER_SECOND);
