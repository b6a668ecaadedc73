import { addressBits, parseAddress } from '../../net/address.ts';
import { type Prefix, prefixContains } from '../../net/prefix.ts';

/** Pools that are shared out alike: the prefix length of a share of each, how many there are, and what members have already. */
export type SharePools = {
  readonly shares: readonly { readonly prefix: Prefix; readonly length: number }[];
  readonly room: number;
  /** The addresses that a member has now, with or without a prefix length. */
  readonly currentOf: (member: string) => readonly string[];
};

/** The number of the share of each member: the one that its addresses are in, else the next free one. */
export function assignShares(members: readonly string[], pools: SharePools): ReadonlyMap<string, number> {
  const taken = new Map<string, number>();
  const used = new Set<number>();
  const take = (member: string, index: number): void => {
    taken.set(member, index);
    used.add(index);
  };
  for (const member of members) {
    const index = pools.currentOf(member).flatMap((text) => shareOf(text, pools))[0];
    if (index !== undefined && !used.has(index)) take(member, index);
  }
  let next = 0;
  for (const member of members) {
    if (taken.has(member)) continue;
    while (used.has(next)) next++;
    if (next < pools.room) take(member, next);
  }
  return new Map(members.flatMap((member) => (taken.has(member) ? [[member, taken.get(member) ?? 0] as const] : [])));
}

/** The number of the share that an address is in; empty: it is in no pool. */
function shareOf(text: string, { shares, room }: SharePools): readonly number[] {
  const address = parseAddress(text.split('/')[0] ?? '');
  if (!address) return [];
  return shares.flatMap(({ prefix, length }) => {
    if (prefix.family !== address.family || !prefixContains(prefix, address)) return [];
    const index = Number((address.value - prefix.value) >> BigInt(addressBits(prefix.family) - length));
    return index < room ? [index] : [];
  });
}
