import { type Instruction, NETFORM_PROTOCOL } from '../../model/instruction.ts';
import type { Operation } from '../../model/operation.ts';
import { prefixAddressText } from '../../net/prefix.ts';
import type { AddressSpec } from './spec.ts';

/**
 * New ones before the old ones go, so that the link never is without one: a route loses its way with the last address.
 * The same IPv6 address with another length is refused while the old one is there (EEXIST), so that one goes first.
 */
export function addressInstructions(
  operation: Operation<AddressSpec>,
  phase: 'delete' | 'make',
): readonly (readonly Instruction[])[] {
  const { before, after, netns } = operation;
  if (phase === 'delete') return before ? [removals(netns, before, before.prefixes)] : [];
  if (!after) return [];
  const old = operation.action === 'update' ? before : null;
  // An address goes with the peer that it had.
  const gone = old ?? after;
  const had = old?.prefixes ?? [];
  const isSame = (prefix: string): boolean => old?.peers?.[prefix] === after.peers?.[prefix];
  const added = after.prefixes.filter((prefix) => !had.includes(prefix) || !isSame(prefix));
  const removed = had.filter((prefix) => !after.prefixes.includes(prefix) || !isSame(prefix));
  const taken = new Set(added.map(prefixAddressText));
  // Addresses that differ in the peer alone may be of one subnet.
  const first = removed.filter(
    (prefix) => (prefix.includes(':') || added.includes(prefix)) && taken.has(prefixAddressText(prefix)),
  );
  const last = removed.filter((prefix) => !first.includes(prefix));
  return [
    removals(netns, gone, first),
    marks(netns, old, after),
    ...additions(netns, after, added),
    removals(netns, gone, last),
  ].filter((round) => round.length > 0);
}

/**
 * One of each family a round. The kernel prefers the first IPv4 address of a subnet (`__inet_insert_ifa` in
 * net/ipv4/devinet.c: later ones are secondary) and the latest IPv6 address (`ipv6_link_dev_addr` in
 * net/ipv6/addrconf.c: it goes before its equals), so that of IPv6 the first is added last.
 */
function additions(
  netns: string,
  { dev, existing, peers, former, details }: AddressSpec,
  prefixes: readonly string[],
): readonly (readonly Instruction[])[] {
  const own = existing ? NETFORM_PROTOCOL : null;
  const isOf6 = (prefix: string): boolean => prefix.includes(':');
  const of4 = prefixes.filter((prefix) => !isOf6(prefix));
  const of6 = prefixes.filter(isOf6).toReversed();
  return Array.from({ length: Math.max(of4.length, of6.length) }, (_, i) =>
    [...of4.slice(i, i + 1), ...of6.slice(i, i + 1)].map((prefix) => ({
      do: 'address.add',
      netns,
      dev,
      prefix,
      ...peerOf(peers, prefix),
      ...details?.[prefix],
      protocol: former ? (former[prefix] ?? own) : own,
    })),
  );
}

const removals = (
  netns: string,
  { dev, existing, peers }: AddressSpec,
  prefixes: readonly string[],
): readonly Instruction[] =>
  prefixes.map((prefix) => {
    const where = { do: 'address.delete', netns, dev, prefix } as const;
    return { ...where, ...peerOf(peers, prefix), ...(existing ? { existing } : {}) };
  });

/** For spreading: an address without a peer has no such field. */
function peerOf(peers: AddressSpec['peers'], prefix: string): { readonly peer?: string } {
  const peer = peers?.[prefix];
  return peer === undefined ? {} : { peer };
}

/** Those that become ours get our protocol, those that do not stay so the one that they had. */
function marks(netns: string, before: AddressSpec | null, after: AddressSpec): readonly Instruction[] {
  const { dev } = after;
  const kept = after.prefixes.filter(
    (prefix) => before?.prefixes.includes(prefix) && before.peers?.[prefix] === after.peers?.[prefix],
  );
  return kept
    .filter((prefix) => before?.former?.[prefix] !== after.former?.[prefix])
    .map((prefix) => ({
      do: 'address.mark',
      netns,
      dev,
      prefix,
      ...peerOf(after.peers, prefix),
      protocol: after.former?.[prefix] ?? NETFORM_PROTOCOL,
    }));
}
