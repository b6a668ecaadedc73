import { createPrefixLookup } from '../../net/longest-prefix-match.ts';
import { firstAddress, lastAddress, type Prefix, requirePrefix } from '../../net/prefix.ts';
import type { Network } from './network.ts';

/** Whether a namespace has a route, or an address, for any part of a prefix. */
export type DestinationLookup = (netns: string, to: Prefix) => boolean;

/** Answers for each namespace in as many steps as its routes have lengths; what is asked of is prepared once. */
export function createDestinationLookup(network: Network): DestinationLookup {
  const known = new Map<string, (to: Prefix) => boolean>();
  return (netns, to) => {
    const lookup = known.get(netns) ?? lookupIn(network, netns);
    known.set(netns, lookup);
    return lookup(to);
  };
}

function lookupIn({ addressesByNetns, routesByNetns }: Network, netns: string): (to: Prefix) => boolean {
  const prefixes = [
    ...(addressesByNetns.get(netns) ?? []).flatMap(({ connected, prefix }) => [connected, prefix]),
    ...(routesByNetns.get(netns) ?? []).map(({ to }) => requirePrefix(to)),
  ];
  const covering = createPrefixLookup(prefixes, (prefix) => prefix);
  const starts = { 4: sortedStarts(prefixes, 4), 6: sortedStarts(prefixes, 6) };
  return (to) => covering(to) !== null || hasBetween(starts[to.family], firstAddress(to), lastAddress(to));
}

const sortedStarts = (prefixes: readonly Prefix[], family: 4 | 6): readonly bigint[] =>
  prefixes
    .filter((prefix) => prefix.family === family)
    .map(firstAddress)
    .sort((a, b) => Number(a > b) - Number(a < b));

/** Whether one of some sorted numbers lies between two others. */
function hasBetween(sorted: readonly bigint[], first: bigint, last: bigint): boolean {
  const found = sorted[firstIndexFrom(sorted, (value) => value, first)];
  return found !== undefined && found <= last;
}

/** The index of the first of some sorted items whose number is at least `from`. */
export function firstIndexFrom<T>(sorted: readonly T[], numberOf: (item: T) => bigint, from: bigint): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = sorted[middle];
    if (item !== undefined && numberOf(item) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}
