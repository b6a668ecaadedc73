import { addressBits, type IpAddress } from './address.ts';
import type { Prefix } from './prefix.ts';

/** Finds the longest prefix that contains an address; of equal ones the first that was put in. */
export type PrefixLookup<T> = (address: IpAddress) => T | null;

/** A table of prefixes for lookups by longest match; a lookup takes as many steps as there are different lengths. */
export function createPrefixLookup<T>(entries: readonly T[], prefixOfEntry: (entry: T) => Prefix): PrefixLookup<T> {
  const tables = new Map<string, { readonly family: 4 | 6; readonly length: number; readonly by: Map<bigint, T> }>();
  for (const entry of entries) {
    const { family, value, length } = prefixOfEntry(entry);
    const key = `${family}/${length}`;
    const table = tables.get(key) ?? { family, length, by: new Map<bigint, T>() };
    tables.set(key, table);
    const network = networkBits(family, value, length);
    if (!table.by.has(network)) table.by.set(network, entry);
  }
  const longestFirst = [...tables.values()].sort((a, b) => b.length - a.length);
  return (address) => {
    for (const { family, length, by } of longestFirst) {
      if (family !== address.family) continue;
      const found = by.get(networkBits(family, address.value, length));
      if (found !== undefined) return found;
    }
    return null;
  };
}

const networkBits = (family: 4 | 6, value: bigint, length: number): bigint =>
  value >> BigInt(addressBits(family) - length);
