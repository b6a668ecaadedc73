import { memoize } from './memoize.ts';

/** An IP address of either family as a number. */
export type IpAddress = { readonly family: 4 | 6; readonly value: bigint };

const OCTET = /^(?:0|[1-9][0-9]{0,2})$/;
const GROUP = /^[0-9a-fA-F]{1,4}$/;

/**
 * Reads an address strictly: four decimal octets without leading zeros, or RFC 4291 groups. No octal, hexadecimal or
 * short IPv4 forms, no zone ids, no IPv4 part inside IPv6. Null when it is anything else.
 */
export const parseAddress = memoize((text): IpAddress | null =>
  text.includes(':') ? parseIpv6(text) : parseIpv4(text),
);

/** Canonical text: dotted decimal, or RFC 5952 (lower case, the longest run of zeros shortened). */
export function formatAddress(address: IpAddress): string {
  if (address.family === 4) return formatIpv4(address.value);
  const digits = address.value.toString(16).padStart(32, '0');
  return formatIpv6(Array.from({ length: 8 }, (_, i) => Number.parseInt(digits.slice(4 * i, 4 * i + 4), 16)));
}

/** Canonical text of a written address, or null when it is not one. */
export function canonicalAddress(text: string): string | null {
  const address = parseAddress(text);
  return address && formatAddress(address);
}

/** 4 or 6, from text that is known to be an address or a prefix. */
export const familyOf = (text: string): 4 | 6 => (text.includes(':') ? 6 : 4);

/** Bits of an address of that family. */
export const addressBits = (family: 4 | 6): 32 | 128 => (family === 4 ? 32 : 128);

/** fe80::/10 or 169.254.0.0/16. */
export function isLinkLocalAddress(text: string): boolean {
  if (!/^(?:169\.254\.|fe[89ab])/i.test(text)) return false;
  const address = parseAddress(text);
  if (!address) return false;
  return address.family === 6 ? address.value >> 118n === 0x3fan : address.value >> 16n === 0xa9fen;
}

/** 224.0.0.0/4 or ff00::/8. */
export function isMulticastAddress(text: string): boolean {
  const address = parseAddress(text);
  if (!address) return false;
  return address.family === 6 ? address.value >> 120n === 0xffn : address.value >> 28n === 0xen;
}

function parseIpv4(text: string): IpAddress | null {
  const octets = text.split('.');
  if (octets.length !== 4 || !octets.every((octet) => OCTET.test(octet) && Number(octet) < 256)) return null;
  return { family: 4, value: BigInt(octets.reduce((sum, octet) => sum * 256 + Number(octet), 0)) };
}

function parseIpv6(text: string): IpAddress | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const groupsOf = (half: string | undefined): string[] => (half ? half.split(':') : []);
  const head = groupsOf(halves[0]);
  const tail = groupsOf(halves[1]);
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...Array<string>(missing).fill('0'), ...tail];
  if (!groups.every((group) => GROUP.test(group))) return null;
  return { family: 6, value: BigInt(`0x${groups.map((group) => group.padStart(4, '0')).join('')}`) };
}

function formatIpv4(value: bigint): string {
  const bits = Number(value);
  return `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`;
}

/** Canonical text of an IPv6 address's eight groups. */
export function formatIpv6(groups: readonly number[]): string {
  let best = { from: 0, length: 1 };
  for (let from = 0; from < 8; from++) {
    let length = 0;
    while (groups[from + length] === 0) length++;
    if (length > best.length) best = { from, length };
    from += length;
  }
  if (best.length < 2) return joinHex(groups);
  return `${joinHex(groups.slice(0, best.from))}::${joinHex(groups.slice(best.from + best.length))}`;
}

const joinHex = (groups: readonly number[]): string => groups.map((group) => group.toString(16)).join(':');

/** An address in front of a port: an IPv6 address in brackets, another as it is. */
export const bracketIpv6 = (address: string): string => (address.includes(':') ? `[${address}]` : address);

/** The name by which an address is looked up in reverse: `10.0.1.10.in-addr.arpa` (RFC 1035, 3.5), or below `ip6.arpa` (RFC 3596, 2.5). */
export function reverseName(text: string): string {
  const address = parseAddress(text);
  if (address === null) return text;
  const { family, value } = address;
  if (family === 4) return `${text.split('.').reverse().join('.')}.in-addr.arpa`;
  return `${[...value.toString(16).padStart(32, '0')].reverse().join('.')}.ip6.arpa`;
}
