import { addressBits, familyOf, formatAddress, type IpAddress, parseAddress } from './address.ts';
import { memoize } from './memoize.ts';

/** An address with a prefix length. `value` keeps the host bits: `10.0.0.5/24` is an interface's address. */
export type Prefix = { readonly family: 4 | 6; readonly value: bigint; readonly length: number };

const LENGTH = /^(?:0|[1-9][0-9]{0,2})$/;

/** Reads `address/length`, strictly; null when it is anything else. Host bits may be set. */
export const parsePrefix = memoize((text): Prefix | null => {
  const slash = text.indexOf('/');
  const address = slash > 0 ? parseAddress(text.slice(0, slash)) : null;
  const length = text.slice(slash + 1);
  if (!address || !LENGTH.test(length) || Number(length) > addressBits(address.family)) return null;
  return { ...address, length: Number(length) };
});

/** Prefix of text that is known to be one (it has passed the checks). Throws on anything else. */
export function requirePrefix(text: string): Prefix {
  const prefix = parsePrefix(text);
  if (!prefix) throw new Error(`invariant: ${text} is not a prefix`);
  return prefix;
}

/** `10.0.0.5/24`, host bits kept. */
export const formatPrefix = (prefix: Prefix): string => `${formatAddress(prefix)}/${prefix.length}`;

/** `10.0.0.0/24` of `10.0.0.5/24`. */
export const networkPrefix = (prefix: Prefix): Prefix => ({ ...prefix, value: firstAddress(prefix) });

/** Canonical network text of a written prefix: `10.0.0.0/24` of `10.0.0.5/24`. Throws when it is not a prefix. */
export const networkText = memoize((text: string): string => formatPrefix(networkPrefix(requirePrefix(text))));

/** The network that an address makes reachable on its link: its own, or that of the other end where it has one (`peer`). */
export const onLinkNetworkText = (prefix: string, peer?: string): string =>
  networkText(peer === undefined ? prefix : `${peer}/${requirePrefix(prefix).length}`);

/** The address part in canonical text. */
export const prefixAddressText = (prefix: string): string => formatAddress(requirePrefix(prefix));

/** Whether the address of a prefix is not that of its network. */
export const hasHostBits = (prefix: Prefix): boolean => prefix.value !== firstAddress(prefix);

/** Lowest address of the prefix. */
export function firstAddress(prefix: Prefix): bigint {
  const hostBits = BigInt(addressBits(prefix.family) - prefix.length);
  return (prefix.value >> hostBits) << hostBits;
}

/** Highest address of the prefix: the broadcast address of IPv4. */
export const lastAddress = (prefix: Prefix): bigint => firstAddress(prefix) + prefixSize(prefix) - 1n;

/** How many addresses it has, the network and broadcast ones included. */
export const prefixSize = (prefix: Prefix): bigint => 1n << BigInt(addressBits(prefix.family) - prefix.length);

/** Whether an address lies in a prefix. False across families. */
export function prefixContains(prefix: Prefix, address: IpAddress): boolean {
  return (
    prefix.family === address.family && address.value >= firstAddress(prefix) && address.value <= lastAddress(prefix)
  );
}

/** `contains` for canonical text. */
export const prefixContainsText = (prefix: string, address: string): boolean => {
  const parsed = parseAddress(address);
  return familyOf(prefix) === familyOf(address) && parsed !== null && prefixContains(requirePrefix(prefix), parsed);
};

/** Whether two prefixes share an address. */
export function prefixesOverlap(a: Prefix, b: Prefix): boolean {
  return a.family === b.family && firstAddress(a) <= lastAddress(b) && firstAddress(b) <= lastAddress(a);
}

/**
 * First and last address that a host may have: not the network and broadcast addresses of IPv4 (both usable in /31 and
 * /32, RFC 3021), not the subnet-router anycast address of IPv6 (RFC 4291, but usable in /127 and /128, RFC 6164).
 */
export function hostRange(prefix: Prefix): { readonly first: bigint; readonly last: bigint } {
  const small = addressBits(prefix.family) - prefix.length <= 1;
  if (small) return { first: firstAddress(prefix), last: lastAddress(prefix) };
  return {
    first: firstAddress(prefix) + 1n,
    last: prefix.family === 4 ? lastAddress(prefix) - 1n : lastAddress(prefix),
  };
}

/** Why no host can have this address with this prefix length: `network`, `broadcast`; null when one can. */
export function reservedAddressRole(prefix: Prefix): 'network' | 'broadcast' | null {
  const { first, last } = hostRange(prefix);
  if (prefix.value < first) return 'network';
  return prefix.value > last ? 'broadcast' : null;
}
