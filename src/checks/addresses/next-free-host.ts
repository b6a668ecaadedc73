import { formatAddress, parseAddress } from '../../net/address.ts';
import { hostRange, requirePrefix } from '../../net/prefix.ts';

const MOST_TRIES = 5_000;

/**
 * Returns an allocator of free host addresses: the first in a subnet that is neither used nor returned before.
 * Null when there is none among the first thousand or so.
 */
export function nextFreeHost(): (subnet: string, used: () => readonly string[]) => string | null {
  const pools = new Map<string, { readonly used: ReadonlySet<bigint | undefined>; next: bigint }>();
  return (subnet, used) => {
    const prefix = requirePrefix(subnet);
    const { first, last } = hostRange(prefix);
    const pool = pools.get(subnet) ?? {
      used: new Set(used().map((address) => parseAddress(address)?.value)),
      next: first,
    };
    pools.set(subnet, pool);
    for (let tries = 0; tries < MOST_TRIES && pool.next <= last; tries++) {
      const value = pool.next++;
      if (!pool.used.has(value)) return formatAddress({ family: prefix.family, value });
    }
    return null;
  };
}
