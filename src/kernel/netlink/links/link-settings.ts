import { readFileSync } from 'node:fs';
import type { UnknownAttribute } from '../../../model/kernel/unknown-attribute.ts';
import {
  addressFamilyNumber,
  decodeIpAddress,
  decodeMac,
  decodeString,
  decodeU8,
  decodeU32,
  listAttributes,
  type NetlinkAttributes,
  parseAttributes,
  parseNestedAttributes,
  visitAttributes,
} from '../../../net/netlink-attributes.ts';
import { catchErrno } from '../../errno.ts';
import { IFLA_NUM_RX_QUEUES, IFLA_NUM_TX_QUEUES } from '../link.ts';

// linux/if_link.h
const IFLA_GSO_MAX_SIZE = 41;
const IFLA_ALT_IFNAME = 53;
const IFLA_TSO_MAX_SIZE = 59;
const IFLA_INET6_TOKEN = 7;
const IFLA_XDP_ATTACHED = 2;

const NO_SETTINGS: readonly UnknownAttribute[] = [];
const LEGACY_GSO_SIZE = 65536;

/** Says what an attribute has that a new link's has not; null: nothing. The payload is from `start` to `end` of a message. */
type SettingReader = (
  body: Buffer,
  start: number,
  end: number,
) => UnknownAttribute | readonly UnknownAttribute[] | null;

const readsNumber =
  (name: string, usual: number): SettingReader =>
  (body, start, end) => {
    const value = end - start === 1 ? body.readUInt8(start) : body.readUInt32LE(start);
    return value === usual ? null : { name, value: String(value) };
  };

const readsQueueCount =
  (name: string): SettingReader =>
  (body, start) => {
    const count = body.readUInt32LE(start);
    return isUsualQueueCount(count) ? null : { name, value: String(count) };
  };

const readsNest =
  (read: (payload: Buffer) => readonly UnknownAttribute[]): SettingReader =>
  (body, start, end) =>
    read(body.subarray(start, end));

/** By number. Those that netform does not know are state, most of them, and no change of netform's touches them. */
const SETTING_READERS: ReadonlyMap<number, SettingReader> = new Map([
  [13, readsNumber('txqueuelen', 1000)], // IFLA_TXQLEN
  [17, readsNumber('linkmode', 0)], // IFLA_LINKMODE
  [39, readsNumber('protodown', 0)], // IFLA_PROTO_DOWN
  [40, readsNumber('gso_max_segs', 65535)], // IFLA_GSO_MAX_SEGS
  [IFLA_GSO_MAX_SIZE, readsNumber('gso_max_size', LEGACY_GSO_SIZE)],
  [58, readsNumber('gro_max_size', 65536)], // IFLA_GRO_MAX_SIZE
  [63, readsNumber('gso_ipv4_max_size', 65536)], // IFLA_GSO_IPV4_MAX_SIZE
  [64, readsNumber('gro_ipv4_max_size', 65536)], // IFLA_GRO_IPV4_MAX_SIZE
  [IFLA_NUM_TX_QUEUES, readsQueueCount('numtxqueues')],
  [IFLA_NUM_RX_QUEUES, readsQueueCount('numrxqueues')],
  [26, readsNest(ipv6Settings)], // IFLA_AF_SPEC
  [2, readsNest(broadcastSettings)], // IFLA_BROADCAST
  [43, readsNest(programSettings)], // IFLA_XDP
  [52, readsNest(alternativeNames)], // IFLA_PROP_LIST
]);

/** What a link has that the language lacks, without its flags: `txqueuelen 500`. `from`: where its attributes begin. */
export function listLinkSettings(body: Buffer, from: number, link: NetlinkAttributes): readonly UnknownAttribute[] {
  let found: UnknownAttribute[] | null = null;
  visitAttributes(body, from, (type, start, end) => {
    const setting = SETTING_READERS.get(type)?.(body, start, end) ?? null;
    if (setting === null || (Array.isArray(setting) && setting.length === 0)) return;
    found = [...(found ?? []), ...(Array.isArray(setting) ? setting : [setting])];
  });
  return found === null ? NO_SETTINGS : withoutInheritedSize(found, link);
}

/** A link takes the limit of what is below it or of its ports: then it is that of its segmentation. */
function withoutInheritedSize(
  found: readonly UnknownAttribute[],
  link: NetlinkAttributes,
): readonly UnknownAttribute[] {
  const inherited = String(decodeU32(link.get(IFLA_TSO_MAX_SIZE)));
  return found.filter(({ name, value }) => !(name === 'gso_max_size' && value === inherited));
}

/** One, or one a processor (`veth_get_num_queues` in drivers/net/veth.c). */
function isUsualQueueCount(count: number): boolean {
  if (count <= 1) return true;
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
function ipv6Settings(families: Buffer): readonly UnknownAttribute[] {
  const ipv6 = parseNestedAttributes(parseAttributes(families).get(addressFamilyNumber(6)));
  const token = ipv6.get(IFLA_INET6_TOKEN);
  return token?.some((byte) => byte !== 0) ? [{ name: 'token', value: decodeIpAddress(token) }] : NO_SETTINGS;
}

/** Ethernet's address for all, unless another was given. */
function broadcastSettings(payload: Buffer): readonly UnknownAttribute[] {
  const isOther = payload.length === 6 && payload.some((byte) => byte !== 0xff && byte !== 0);
  return isOther ? [{ name: 'brd', value: decodeMac(payload) }] : NO_SETTINGS;
}

/** XDP_ATTACHED_* of linux/if_link.h. */
const XDP_MODES = ['', 'driver', 'generic', 'offload', 'multi'];

function programSettings(payload: Buffer): readonly UnknownAttribute[] {
  const mode = decodeU8(parseAttributes(payload).get(IFLA_XDP_ATTACHED)) ?? 0;
  return mode === 0 ? NO_SETTINGS : [{ name: 'xdp', value: XDP_MODES[mode] ?? String(mode) }];
}

function alternativeNames(payload: Buffer): readonly UnknownAttribute[] {
  const names = listAttributes(payload).filter(({ type }) => type === IFLA_ALT_IFNAME);
  return names.map(({ payload: text }) => ({ name: 'altname', value: decodeString(text) ?? '' }));
}

// linux/if.h
const IFF_NOTRAILERS = 0x20;
const IFF_NOARP = 0x80;
const IFF_PROMISC = 0x100;
const IFF_ALLMULTI = 0x200;
const IFF_MULTICAST = 0x1000;
const IFF_DYNAMIC = 0x8000;

/** The flags that are not as a new link has them (`usual`), in the words of `ip link`. */
export function listFlagSettings(
  flags: number,
  usual: readonly ('arp' | 'multicast')[] = ['arp', 'multicast'],
): readonly UnknownAttribute[] {
  const asNew = (usual.includes('arp') ? 0 : IFF_NOARP) | (usual.includes('multicast') ? IFF_MULTICAST : 0);
  const changed = (flags ^ asNew) & SETTABLE_FLAGS;
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
