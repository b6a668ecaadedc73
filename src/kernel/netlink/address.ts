import type { AddressLive } from '../../model/kernel/live-state.ts';
import { RT_SCOPE_HOST, RT_SCOPE_LINK, RT_SCOPE_UNIVERSE } from '../../model/kernel/rtnetlink.ts';
import type { UnknownAttribute } from '../../model/kernel/unknown-attribute.ts';
import {
  addressBytes,
  addressFamilyNumber,
  bytesAttribute,
  decodeIpAddress,
  decodeString,
  decodeU8,
  decodeU32,
  ipBytes,
  type NetlinkAttributes,
  optionalAttribute,
  parseAttributes,
  stringAttribute,
  u8Attribute,
  u32Attribute,
} from '../../net/netlink-attributes.ts';
import { type Prefix, requirePrefix } from '../../net/prefix.ts';
import { decodeOnce, type NetlinkMessage, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE } from './message.ts';
import { dumpMessages } from './socket.ts';
import { type AttributeTable, listUnknownAttributes, listUnknownFlags, withUnknown } from './unknown-attributes.ts';

// linux/rtnetlink.h, linux/if_addr.h
export const RTM_NEWADDR = 20;
export const RTM_DELADDR = 21;
const RTM_GETADDR = 22;
const IFADDRMSG_LENGTH = 8;
const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;
const IFA_LABEL = 3;
const IFA_BROADCAST = 4;
const IFA_ANYCAST = 5;
const IFA_CACHEINFO = 6;
const IFA_MULTICAST = 7;
const IFA_FLAGS = 8;
const IFA_RT_PRIORITY = 9;
const IFA_PROTO = 11;
const IFA_F_NODAD = 0x02;
const IFA_F_DADFAILED = 0x08;
const IFA_F_TENTATIVE = 0x40;
/** IFA_F_NODAD, and what the kernel says about the state: DADFAILED, DEPRECATED, TENTATIVE, PERMANENT. */
const KNOWN_FLAGS = IFA_F_NODAD | IFA_F_DADFAILED | 0x20 | IFA_F_TENTATIVE | 0x80;
/** Of IPv4 it is a state: not the first address of its subnet. */
const IFA_F_SECONDARY = 0x01;
/** IFA_F_* in the words of `ip address`. */
const FLAG_NAMES: ReadonlyMap<number, string> = new Map([
  [IFA_F_SECONDARY, 'temporary'],
  [0x04, 'optimistic'],
  [0x10, 'home'],
  [0x100, 'mngtmpaddr'],
  [0x200, 'noprefixroute'],
  [0x400, 'autojoin'],
  [0x800, 'stable-privacy'],
]);
const FOREVER = 0xffffffff;
/** IFAPROT_KERNEL_RA of linux/if_addr.h: made from a router advertisement. */
const IFAPROT_KERNEL_RA = 2;

const ATTRIBUTES: AttributeTable = {
  known: new Set([
    ...[IFA_ADDRESS, IFA_LOCAL, IFA_LABEL, IFA_BROADCAST, IFA_CACHEINFO, IFA_FLAGS, IFA_PROTO],
    // The kernel lists them of entries of its own.
    ...[IFA_ANYCAST, IFA_MULTICAST],
  ]),
  named: new Map([[IFA_RT_PRIORITY, { name: 'metric', text: (payload) => String(payload.readUInt32LE()) }]]),
};

/** An address as it is added: with a peer its length is of the peer's network. IPv6 ones are usable at once (nodad). */
type NewAddress = {
  readonly prefix: string;
  readonly peer?: string;
  readonly label?: string;
  readonly broadcast?: string;
  readonly protocol: number | null;
};

/** Gives an address to a link. */
export function addAddressMessage(index: number, address: NewAddress): NetlinkMessage {
  const prefix = requirePrefix(address.prefix);
  return {
    type: RTM_NEWADDR,
    flags: NLM_F_CREATE | NLM_F_EXCL,
    header: ifaddrmsg(index, prefix),
    attributes: [
      ...addressAttributes(prefix, address.peer),
      ...optionalAttribute(address.label, (label) => stringAttribute(IFA_LABEL, label)),
      ...optionalAttribute(address.broadcast, (broadcast) => bytesAttribute(IFA_BROADCAST, addressBytes(broadcast))),
      ...(prefix.family === 6 ? [u32Attribute(IFA_FLAGS, IFA_F_NODAD)] : []),
      ...optionalAttribute(address.protocol, (value) => u8Attribute(IFA_PROTO, value)),
    ],
  };
}

/** Gives an address that is there another protocol. Its flags and lifetimes are sent along, or the kernel resets them. */
export function markAddressMessage(
  socket: number,
  index: number,
  { prefix: text, peer, protocol }: AddressProtocolChange,
): NetlinkMessage {
  const prefix = requirePrefix(text);
  const own = ipBytes(prefix);
  const message = { type: RTM_GETADDR, flags: 0, header: Buffer.alloc(IFADDRMSG_LENGTH), attributes: [] };
  const [known] = dumpMessages(socket, message, (body): readonly Buffer[] | null => {
    const address = parseAttributes(body, IFADDRMSG_LENGTH);
    const isIt = (address.get(IFA_LOCAL) ?? address.get(IFA_ADDRESS))?.equals(own);
    const isLink = body.readUInt32LE(4) === index && body.readUInt8(1) === prefix.length;
    if (!isLink || !isIt || decodePeer(address) !== (peer ?? null)) return null;
    return [IFA_FLAGS, IFA_CACHEINFO].flatMap((type) =>
      optionalAttribute(address.get(type) ?? null, (each) => bytesAttribute(type, each)),
    );
  });
  return {
    type: RTM_NEWADDR,
    flags: NLM_F_REPLACE,
    header: ifaddrmsg(index, prefix),
    attributes: [...addressAttributes(prefix, peer), ...(known ?? []), u8Attribute(IFA_PROTO, protocol)],
  };
}

type AddressProtocolChange = { readonly prefix: string; readonly peer?: string; readonly protocol: number };

/** Deletes the address with exactly that peer. */
export function deleteAddressMessage(
  index: number,
  { prefix: text, peer }: Pick<AddressProtocolChange, 'prefix' | 'peer'>,
): NetlinkMessage {
  const prefix = requirePrefix(text);
  return { type: RTM_DELADDR, flags: 0, header: ifaddrmsg(index, prefix), attributes: addressAttributes(prefix, peer) };
}

/** All addresses of a socket's namespace. `nameOf` gives a link's name. */
export const dumpAddresses = (
  socket: number,
  nameOf: (index: number) => string,
  known = new Map<string, AddressLive | null>(),
): readonly AddressLive[] =>
  dumpMessages(
    socket,
    { type: RTM_GETADDR, flags: 0, header: Buffer.alloc(IFADDRMSG_LENGTH), attributes: [] },
    decodeOnce(known, (body) => decodeAddressMessage(body, nameOf)),
  );

/** An address message (RTM_NEWADDR, RTM_DELADDR) after its nlmsghdr; null: not of IPv4 or IPv6. */
export function decodeAddressMessage(body: Buffer, nameOf: (index: number) => string): AddressLive | null {
  const address = parseAttributes(body, IFADDRMSG_LENGTH);
  // Of a point-to-point address IFA_ADDRESS is the other end; IPv6 ones without a peer have no IFA_LOCAL.
  const own = address.get(IFA_LOCAL) ?? address.get(IFA_ADDRESS);
  if (!own || addressFamilyNumber(own.length === 4 ? 4 : 6) !== body.readUInt8(0)) return null;
  const text = decodeIpAddress(own);
  const flags = decodeU32(address.get(IFA_FLAGS)) ?? body.readUInt8(2);
  const [peer, broadcast] = [decodePeer(address), address.get(IFA_BROADCAST)];
  const label = decodeString(address.get(IFA_LABEL));
  return {
    dev: nameOf(body.readUInt32LE(4)),
    prefix: `${text}/${body.readUInt8(1)}`,
    protocol: decodeU8(address.get(IFA_PROTO)),
    scope: isLinkLocal(own) ? 'link' : scopeName(body.readUInt8(3)),
    tentative: (flags & IFA_F_TENTATIVE) !== 0,
    dadFailed: (flags & IFA_F_DADFAILED) !== 0,
    ...(peer === null ? {} : { peer }),
    ...(label === null ? {} : { label }),
    ...(broadcast ? { broadcast: decodeIpAddress(broadcast) } : {}),
    ...withUnknown(listUnknown(body, address, flags)),
  };
}

/** The other end of a point-to-point address. */
function decodePeer(address: NetlinkAttributes): string | null {
  const [own, other] = [address.get(IFA_LOCAL), address.get(IFA_ADDRESS)];
  return own && other && !own.equals(other) ? decodeIpAddress(other) : null;
}

function listUnknown(body: Buffer, address: NetlinkAttributes, flags: number): readonly UnknownAttribute[] {
  const is4 = body.readUInt8(0) === addressFamilyNumber(4);
  const own = address.get(IFA_LOCAL) ?? address.get(IFA_ADDRESS);
  const scope = body.readUInt8(3);
  const lifetimes = address.get(IFA_CACHEINFO);
  // struct ifa_cacheinfo: u32 preferred, valid, created, updated. The time that is left is another each second.
  const isLimited = [lifetimes?.readUInt32LE(0), lifetimes?.readUInt32LE(4)].some(
    (one) => (one ?? FOREVER) !== FOREVER,
  );
  return [
    ...(isLimited ? [{ name: 'lifetime', value: 'limited' }] : []),
    ...(decodeU8(address.get(IFA_PROTO)) === IFAPROT_KERNEL_RA ? [{ name: 'autoconf', value: '' }] : []),
    ...(is4 && scope !== usualScope(own?.[0] === LOOPBACK_NET) ? [{ name: 'scope', value: scopeWord(scope) }] : []),
    ...listUnknownFlags(flags, { known: KNOWN_FLAGS | (is4 ? IFA_F_SECONDARY : 0), named: FLAG_NAMES }),
    ...listUnknownAttributes(body, IFADDRMSG_LENGTH, ATTRIBUTES),
  ];
}

const LOOPBACK_NET = 127;

/** iproute2 gives 127.0.0.0/8 the scope of the host, and so do we. IPv6 addresses have theirs from the kernel. */
const usualScope = (isLoopback: boolean): number => (isLoopback ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE);

const scopeWord = (scope: number): string =>
  scope === RT_SCOPE_UNIVERSE || scope === RT_SCOPE_LINK || scope === RT_SCOPE_HOST ? scopeName(scope) : String(scope);

/** struct ifaddrmsg: u8 family, prefixlen, flags, scope; u32 index. */
function ifaddrmsg(index: number, prefix: Prefix): Buffer {
  const scope = usualScope(prefix.family === 4 && prefix.value >> 24n === BigInt(LOOPBACK_NET));
  const header = Buffer.from([addressFamilyNumber(prefix.family), prefix.length, 0, scope, 0, 0, 0, 0]);
  header.writeUInt32LE(index, 4);
  return header;
}

function addressAttributes(prefix: Prefix, peer?: string): readonly Buffer[] {
  const address = ipBytes(prefix);
  const other = peer === undefined ? address : addressBytes(peer);
  return [bytesAttribute(IFA_LOCAL, address), bytesAttribute(IFA_ADDRESS, other)];
}

/** 169.254.0.0/16 or fe80::/10. */
function isLinkLocal(address: Buffer): boolean {
  const start = address.readUInt16BE();
  return address.length === 4 ? start === 0xa9fe : (start & 0xffc0) === 0xfe80;
}

function scopeName(scope: number): string {
  if (scope === RT_SCOPE_HOST) return 'host';
  return scope === RT_SCOPE_LINK ? 'link' : 'global';
}
