import type { AddressLive } from '../../model/kernel/live-state.ts';
import { RT_SCOPE_HOST, RT_SCOPE_LINK, RT_SCOPE_UNIVERSE } from '../../model/kernel/rtnetlink.ts';
import {
  afOf,
  bytesAttribute,
  decodeIpAddress,
  decodeU8,
  decodeU32,
  ipBytes,
  optionalAttribute,
  parseAttributes,
  u8Attribute,
  u32Attribute,
} from '../../net/netlink-attributes.ts';
import { type Prefix, requirePrefix } from '../../net/prefix.ts';
import { type NetlinkMessage, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE } from './message.ts';
import { dumpMessages } from './socket.ts';

// linux/rtnetlink.h, linux/if_addr.h
export const RTM_NEWADDR = 20;
export const RTM_DELADDR = 21;
export const RTM_GETADDR = 22;
export const IFADDRMSG_LENGTH = 8;
export const IFA_ADDRESS = 1;
export const IFA_LOCAL = 2;
const IFA_CACHEINFO = 6;
const IFA_FLAGS = 8;
const IFA_PROTO = 11;
const IFA_F_NODAD = 0x02;
const IFA_F_DADFAILED = 0x08;
const IFA_F_TENTATIVE = 0x40;

/** Gives an address to a link. IPv6 ones are usable at once (nodad). */
export function addAddressMessage(index: number, text: string, protocol: number | null): NetlinkMessage {
  const prefix = requirePrefix(text);
  return {
    type: RTM_NEWADDR,
    flags: NLM_F_CREATE | NLM_F_EXCL,
    header: ifaddrmsg(index, prefix),
    attributes: [
      ...addressAttributes(prefix),
      ...(prefix.family === 6 ? [u32Attribute(IFA_FLAGS, IFA_F_NODAD)] : []),
      ...optionalAttribute(protocol, (value) => u8Attribute(IFA_PROTO, value)),
    ],
  };
}

/** Gives an address that is there another protocol. Its flags and lifetimes are sent along, or the kernel resets them. */
export function markAddressMessage(
  socket: number,
  index: number,
  { prefix: text, protocol }: AddressProtocolChange,
): NetlinkMessage {
  const prefix = requirePrefix(text);
  const own = ipBytes(prefix);
  const message = { type: RTM_GETADDR, flags: 0, header: Buffer.alloc(IFADDRMSG_LENGTH), attributes: [] };
  const [known] = dumpMessages(socket, message, (body): readonly Buffer[] | null => {
    const address = parseAttributes(body, IFADDRMSG_LENGTH);
    const isIt = (address.get(IFA_LOCAL) ?? address.get(IFA_ADDRESS))?.equals(own);
    if (body.readUInt32LE(4) !== index || body.readUInt8(1) !== prefix.length || !isIt) return null;
    return [IFA_FLAGS, IFA_CACHEINFO].flatMap((type) =>
      optionalAttribute(address.get(type) ?? null, (each) => bytesAttribute(type, each)),
    );
  });
  return {
    type: RTM_NEWADDR,
    flags: NLM_F_REPLACE,
    header: ifaddrmsg(index, prefix),
    attributes: [...addressAttributes(prefix), ...(known ?? []), u8Attribute(IFA_PROTO, protocol)],
  };
}

type AddressProtocolChange = { readonly prefix: string; readonly protocol: number };

export function deleteAddressMessage(index: number, text: string): NetlinkMessage {
  const prefix = requirePrefix(text);
  return { type: RTM_DELADDR, flags: 0, header: ifaddrmsg(index, prefix), attributes: addressAttributes(prefix) };
}

/** All addresses of a socket's namespace. `nameOf` gives a link's name. */
export const dumpAddresses = (socket: number, nameOf: (index: number) => string): readonly AddressLive[] =>
  dumpMessages(
    socket,
    { type: RTM_GETADDR, flags: 0, header: Buffer.alloc(IFADDRMSG_LENGTH), attributes: [] },
    (body): AddressLive | null => decodeAddressMessage(body, nameOf),
  );

/** An address message (RTM_NEWADDR, RTM_DELADDR) after its nlmsghdr; null: not of IPv4 or IPv6. */
export function decodeAddressMessage(body: Buffer, nameOf: (index: number) => string): AddressLive | null {
  const address = parseAttributes(body, IFADDRMSG_LENGTH);
  // Of a point-to-point address IFA_ADDRESS is the other end; IPv6 ones without a peer have no IFA_LOCAL.
  const own = address.get(IFA_LOCAL) ?? address.get(IFA_ADDRESS);
  if (!own || afOf(own.length === 4 ? 4 : 6) !== body.readUInt8(0)) return null;
  const text = decodeIpAddress(own);
  const flags = decodeU32(address.get(IFA_FLAGS)) ?? body.readUInt8(2);
  return {
    dev: nameOf(body.readUInt32LE(4)),
    prefix: `${text}/${body.readUInt8(1)}`,
    protocol: decodeU8(address.get(IFA_PROTO)),
    scope: isLinkLocal(own) ? 'link' : scopeName(body.readUInt8(3)),
    tentative: (flags & IFA_F_TENTATIVE) !== 0,
    dadFailed: (flags & IFA_F_DADFAILED) !== 0,
  };
}

/** struct ifaddrmsg: u8 family, prefixlen, flags, scope; u32 index. */
function ifaddrmsg(index: number, prefix: Prefix): Buffer {
  // iproute2 gives 127.0.0.0/8 the scope of the host, and so do we.
  const isLoopback = prefix.family === 4 && prefix.value >> 24n === 127n;
  const scope = isLoopback ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE;
  const header = Buffer.from([afOf(prefix.family), prefix.length, 0, scope, 0, 0, 0, 0]);
  header.writeUInt32LE(index, 4);
  return header;
}

function addressAttributes(prefix: Prefix): readonly Buffer[] {
  const address = ipBytes(prefix);
  return [bytesAttribute(IFA_LOCAL, address), bytesAttribute(IFA_ADDRESS, address)];
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
