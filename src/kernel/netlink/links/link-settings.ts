import { readFileSync } from 'node:fs';
import type { UnknownAttribute } from '../../../model/kernel/unknown-attribute.ts';
import {
  addressFamilyNumber,
  decodeIpAddress,
  decodeString,
  decodeU8,
  decodeU32,
  listAttributes,
  type NetlinkAttributes,
  parseNestedAttributes,
} from '../../../net/netlink-attributes.ts';
import { listUnusualAttributes, type UsualAttributes, usualAttributes } from '../../../net/unusual-attributes.ts';
import { catchErrno } from '../../errno.ts';
import { IFLA_NUM_RX_QUEUES, IFLA_NUM_TX_QUEUES } from '../link.ts';

// linux/if_link.h
const IFLA_BROADCAST = 2;
const IFLA_AF_SPEC = 26;
const IFLA_GSO_MAX_SIZE = 41;
const IFLA_XDP = 43;
const IFLA_PROP_LIST = 52;
const IFLA_ALT_IFNAME = 53;
const IFLA_TSO_MAX_SIZE = 59;
const IFLA_INET6_TOKEN = 7;
const IFLA_XDP_ATTACHED = 2;

/** Attributes of any link. Those that netform does not know are state, most of them, and no change of netform's touches them. */
const LINK_ATTRIBUTES: UsualAttributes = {
  read: new Set(),
  usual: usualAttributes([
    [13, 'txqueuelen', 1000], // IFLA_TXQLEN
    [17, 'linkmode'], // IFLA_LINKMODE
    [39, 'protodown'], // IFLA_PROTO_DOWN
    [40, 'gso_max_segs', 65535], // IFLA_GSO_MAX_SEGS
    [58, 'gro_max_size', 65536], // IFLA_GRO_MAX_SIZE
    [63, 'gso_ipv4_max_size', 65536], // IFLA_GSO_IPV4_MAX_SIZE
    [64, 'gro_ipv4_max_size', 65536], // IFLA_GRO_IPV4_MAX_SIZE
  ]),
  others: 'ignored',
};

/** What a link has that the language lacks, without its flags: `txqueuelen 500`. `from`: where its attributes begin. */
export function listLinkSettings(body: Buffer, from: number, link: NetlinkAttributes): readonly UnknownAttribute[] {
  const found = [
    ...listUnusualAttributes(body, LINK_ATTRIBUTES, from),
    ...gsoSettings(link),
    ...queueSettings(link),
    ...ipv6Settings(link),
    ...broadcastSettings(link.get(IFLA_BROADCAST)),
    ...programSettings(link.get(IFLA_XDP)),
    ...alternativeNames(link.get(IFLA_PROP_LIST)),
  ];
  return found.length === 0 ? NO_SETTINGS : found;
}

const NO_SETTINGS: readonly UnknownAttribute[] = [];
const LEGACY_GSO_SIZE = 65536;

/** A link takes the limit of what is below it or of its ports: then it is that of its segmentation (tso_max_size). */
function gsoSettings(link: NetlinkAttributes): readonly UnknownAttribute[] {
  const size = decodeU32(link.get(IFLA_GSO_MAX_SIZE));
  const isUsual = size === null || size === LEGACY_GSO_SIZE || size === decodeU32(link.get(IFLA_TSO_MAX_SIZE));
  return isUsual ? NO_SETTINGS : [{ name: 'gso_max_size', value: String(size) }];
}

function queueSettings(link: NetlinkAttributes): readonly UnknownAttribute[] {
  const [sent, received] = [decodeU32(link.get(IFLA_NUM_TX_QUEUES)), decodeU32(link.get(IFLA_NUM_RX_QUEUES))];
  return [
    ...(isUsualQueueCount(sent) ? NO_SETTINGS : [{ name: 'numtxqueues', value: String(sent) }]),
    ...(isUsualQueueCount(received) ? NO_SETTINGS : [{ name: 'numrxqueues', value: String(received) }]),
  ];
}

/** One, or one a processor (`veth_get_num_queues` in drivers/net/veth.c). */
function isUsualQueueCount(count: number | null): boolean {
  if (count === null || count <= 1) return true;
  processors ??= possibleProcessors();
  return processors === null || count === processors;
}

let processors: number | null | undefined;

/** The number of processors that the machine can have, `0-3` in the file of sysfs; null where that cannot be read. */
function possibleProcessors(): number | null {
  const text = catchErrno(['ENOENT', 'EACCES'], () => readFileSync('/sys/devices/system/cpu/possible', 'utf8'));
  const last = /(\d+)\s*$/.exec(text ?? '')?.[1];
  return last === undefined ? null : Number(last) + 1;
}

/** How addresses are generated (`addrgenmode`) is a sysctl, too, which the language has; the token is not. */
function ipv6Settings(link: NetlinkAttributes): readonly UnknownAttribute[] {
  const ipv6 = parseNestedAttributes(parseNestedAttributes(link.get(IFLA_AF_SPEC)).get(addressFamilyNumber(6)));
  const token = ipv6.get(IFLA_INET6_TOKEN);
  return token?.some((byte) => byte !== 0) ? [{ name: 'token', value: decodeIpAddress(token) }] : NO_SETTINGS;
}

/** Ethernet's address for all, unless another was given. */
const broadcastSettings = (payload: Buffer | undefined): readonly UnknownAttribute[] =>
  payload?.length === 6 && payload.some((byte) => byte !== 0xff && byte !== 0)
    ? [{ name: 'brd', value: payload.toString('hex').replace(/..(?=.)/g, '$&:') }]
    : NO_SETTINGS;

/** XDP_ATTACHED_* of linux/if_link.h. */
const XDP_MODES = ['', 'driver', 'generic', 'offload', 'multi'];

function programSettings(payload: Buffer | undefined): readonly UnknownAttribute[] {
  const mode = decodeU8(parseNestedAttributes(payload).get(IFLA_XDP_ATTACHED)) ?? 0;
  return mode === 0 ? NO_SETTINGS : [{ name: 'xdp', value: XDP_MODES[mode] ?? String(mode) }];
}

const alternativeNames = (payload: Buffer | undefined): readonly UnknownAttribute[] =>
  payload === undefined
    ? NO_SETTINGS
    : listAttributes(payload).flatMap(({ type, payload: text }) =>
        type === IFLA_ALT_IFNAME ? [{ name: 'altname', value: decodeString(text) ?? '' }] : [],
      );

// linux/if.h
const IFF_NOTRAILERS = 0x20;
const IFF_NOARP = 0x80;
const IFF_PROMISC = 0x100;
const IFF_ALLMULTI = 0x200;
const IFF_MULTICAST = 0x1000;
const IFF_DYNAMIC = 0x8000;

/** The flags that are not as a new link has them, in the words of `ip link`; `withoutArp`: a new link of its kind has none of either. */
export function listFlagSettings(flags: number, withoutArp: boolean): readonly UnknownAttribute[] {
  const changed = (flags ^ (withoutArp ? IFF_NOARP : IFF_MULTICAST)) & SETTABLE_FLAGS;
  if (changed === 0) return NO_SETTINGS;
  const onOff = (isOn: boolean): string => (isOn ? 'on' : 'off');
  return [
    ...(changed & IFF_NOARP ? [{ name: 'arp', value: onOff((flags & IFF_NOARP) === 0) }] : []),
    ...(changed & IFF_MULTICAST ? [{ name: 'multicast', value: onOff((flags & IFF_MULTICAST) !== 0) }] : []),
    ...(changed & IFF_PROMISC ? [{ name: 'promisc', value: 'on' }] : []),
    ...(changed & IFF_ALLMULTI ? [{ name: 'allmulticast', value: 'on' }] : []),
    ...(changed & IFF_DYNAMIC ? [{ name: 'dynamic', value: 'on' }] : []),
    ...(changed & IFF_NOTRAILERS ? [{ name: 'trailers', value: 'off' }] : []),
  ];
}

const SETTABLE_FLAGS = IFF_NOTRAILERS | IFF_NOARP | IFF_PROMISC | IFF_ALLMULTI | IFF_MULTICAST | IFF_DYNAMIC;
