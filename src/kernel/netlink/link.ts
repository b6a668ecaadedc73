import type { AddLink, LinkSettings } from '../../model/instruction.ts';
import type { Spec } from '../../model/json.ts';
import type { LinkCodec } from '../../model/link-kind.ts';
import { encodePortSettings } from '../../net/bridge-port.ts';
import {
  bareStringAttribute,
  bytesAttribute,
  macBytes,
  nestedAttribute,
  optionalAttribute,
  stringAttribute,
  u32Attribute,
} from '../../net/netlink-attributes.ts';
import type { NetlinkMessage } from './message.ts';

// linux/rtnetlink.h
export const RTM_NEWLINK = 16;
export const RTM_SETLINK = 19;
const NLM_F_CREATE_EXCL = 0x600;
export const IFINFOMSG_LENGTH = 16;
// linux/if.h
export const IFF_UP = 1;
// linux/if_link.h
export const IFLA_ADDRESS = 1;
export const IFLA_IFNAME = 3;
export const IFLA_MTU = 4;
export const IFLA_LINK = 5;
export const IFLA_MASTER = 10;
export const IFLA_LINKINFO = 18;
export const IFLA_INFO_KIND = 1;
export const IFLA_INFO_DATA = 2;
export const IFLA_INFO_SLAVE_KIND = 4;
export const IFLA_INFO_SLAVE_DATA = 5;
export const IFLA_IFALIAS = 20;
export const IFLA_GROUP = 27;
const IFLA_NET_NS_FD = 28;
export const IFLA_NUM_TX_QUEUES = 31;
export const IFLA_NUM_RX_QUEUES = 32;
/** LOOPBACK_IFINDEX of include/net/flow.h: the index of `lo` in every namespace. */
export const LOOPBACK_INDEX = 1;

/** struct ifinfomsg (linux/rtnetlink.h). `change` says which of the flags are meant. */
export function ifinfomsg({ index = 0, flags = 0, change = 0 } = {}): Buffer {
  const header = Buffer.alloc(16);
  header.writeInt32LE(index, 4);
  header.writeUInt32LE(flags, 8);
  header.writeUInt32LE(change, 12);
  return header;
}

/**
 * Where a new link goes: the indexes of its master and of the link below it, the descriptor of its peer's namespace when
 * that is another, and that of its own when the message is sent in the one of the link below.
 */
export type NewLinkReferences = {
  readonly master: number | null;
  readonly lower: number | null;
  readonly peerNetns: number | null;
  readonly ownNetns: number | null;
};

/** Creates a link, or both ends of a pair. To be sent in the namespace of the (first) link, or of the link below it. */
export function addLinkMessage(link: AddLink, codec: LinkMessageCodec, references: NewLinkReferences): NetlinkMessage {
  const { master, lower, peerNetns, ownNetns } = references;
  const peer = link.peer && peerMessage(link.peer, { codec, peerNetns });
  const data = codec.netlink.encode(link.options, { lower, peer });
  const isLinked = codec.netlink.hasLinkAttribute === true;
  return {
    type: RTM_NEWLINK,
    flags: NLM_F_CREATE_EXCL,
    header: ifinfomsg(),
    attributes: [
      ...identityAttributes(link),
      ...queueAttributes(codec),
      ...optionalAttribute(isLinked ? lower : null, (index) => u32Attribute(IFLA_LINK, index)),
      ...optionalAttribute(ownNetns, (fd) => u32Attribute(IFLA_NET_NS_FD, fd)),
      ...optionalAttribute(master, (index) => u32Attribute(IFLA_MASTER, index)),
      nestedAttribute(IFLA_LINKINFO, [
        stringAttribute(IFLA_INFO_KIND, link.kind),
        ...(data.length > 0 ? [nestedAttribute(IFLA_INFO_DATA, data)] : []),
      ]),
    ],
  };
}

/** The parts of a link kind that its messages need. */
export type LinkMessageCodec = { readonly netlink: LinkCodec; readonly singleQueue?: true };

/** Creates a link with nothing but a name and these options, for finding out whether the kernel has the kind, or an option. */
export const addPlainLinkMessage = (name: string, kind: string, data: readonly Buffer[] = []): NetlinkMessage => ({
  type: RTM_NEWLINK,
  flags: NLM_F_CREATE_EXCL,
  header: ifinfomsg(),
  attributes: [
    stringAttribute(IFLA_IFNAME, name),
    nestedAttribute(IFLA_LINKINFO, [
      stringAttribute(IFLA_INFO_KIND, kind),
      ...(data.length > 0 ? [nestedAttribute(IFLA_INFO_DATA, data)] : []),
    ]),
  ],
});

/** The indexes of the new master and of the link below, the kind of what has ports, and the codec of the options. */
export type SetLinkReferences = {
  readonly master: number | null;
  readonly lower: number | null;
  readonly indexOf: (name: string) => number;
  readonly masterKind: string;
  readonly codec: LinkMessageCodec | null;
};

/** Changes what is present in `set`: one message for the link itself, one for the options of its kind, one for those of a port. */
export function setLinkMessages(
  name: string,
  set: LinkSettings,
  { master, lower, indexOf, masterKind, codec }: SetLinkReferences,
): readonly NetlinkMessage[] {
  const { options, hairpin, port, ...own } = set;
  const data = options && codec ? codec.netlink.encode(options.values, { lower, peer: null, indexOf }) : [];
  return [
    ...(Object.keys(own).length > 0 ? [setOwnSettings(name, own, master)] : []),
    ...(options
      ? [changeInfo(name, [stringAttribute(IFLA_INFO_KIND, options.kind), nestedAttribute(IFLA_INFO_DATA, data)])]
      : []),
    ...(hairpin === undefined && port === undefined
      ? []
      : [changeInfo(name, portInfo(masterKind, hairpin === undefined ? (port ?? {}) : { ...port, hairpin }))]),
  ];
}

/** Gives a link another name and, by the descriptor `netns`, another namespace. The kernel takes it down first. */
export const moveLinkMessage = (
  index: number,
  { name, netns }: { readonly name: string; readonly netns: number | null },
): NetlinkMessage => ({
  type: RTM_NEWLINK,
  flags: 0,
  header: ifinfomsg({ index }),
  attributes: [
    ...optionalAttribute(netns, (fd) => u32Attribute(IFLA_NET_NS_FD, fd)),
    stringAttribute(IFLA_IFNAME, name),
  ],
});

/** Marks `lo` of a new namespace and sets it up, in one message. */
export const markLoopbackMessage = (mark: string): NetlinkMessage => ({
  type: RTM_SETLINK,
  flags: 0,
  header: ifinfomsg({ index: LOOPBACK_INDEX, flags: IFF_UP, change: IFF_UP }),
  attributes: [bareStringAttribute(IFLA_IFALIAS, mark)],
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

const portInfo = (masterKind: string, values: Spec): readonly Buffer[] => [
  stringAttribute(IFLA_INFO_SLAVE_KIND, masterKind),
  nestedAttribute(IFLA_INFO_SLAVE_DATA, encodePortSettings(values)),
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
  ...(mac === '' ? [] : [bytesAttribute(IFLA_ADDRESS, macBytes(mac))]),
  ...optionalAttribute(mtu, (value) => u32Attribute(IFLA_MTU, value)),
  u32Attribute(IFLA_GROUP, group),
];

/** One queue each way instead of one a processor keeps big machines cheap. */
const queueAttributes = ({ singleQueue }: LinkMessageCodec): readonly Buffer[] =>
  singleQueue ? [u32Attribute(IFLA_NUM_TX_QUEUES, 1), u32Attribute(IFLA_NUM_RX_QUEUES, 1)] : [];

/** The other end of a pair as a message in a message: its ifinfomsg, then its attributes. */
function peerMessage(
  peer: NewLinkIdentity,
  { codec, peerNetns }: { readonly codec: LinkMessageCodec; readonly peerNetns: number | null },
): Buffer {
  return Buffer.concat([
    ifinfomsg(),
    ...identityAttributes(peer),
    ...queueAttributes(codec),
    ...optionalAttribute(peerNetns, (fd) => u32Attribute(IFLA_NET_NS_FD, fd)),
  ]);
}
