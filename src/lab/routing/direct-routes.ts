import { RT_TABLE_MAIN } from '../../model/kernel/rtnetlink.ts';
import type { LabRoute } from '../../model/lab.ts';
import type { IpAddress } from '../../net/address.ts';
import { createPrefixLookup, type PrefixLookup } from '../../net/longest-prefix-match.ts';
import { type Prefix, requirePrefix } from '../../net/prefix.ts';
import type { LabModel } from '../model.ts';
import type { NamedDevice } from '../wiring/resolve-device.ts';

/** A written route straight to a link, through which other routes may reach their next hops. */
type DirectRoute = { readonly device: NamedDevice; readonly prefix: Prefix };

/** Finds the written route straight to a link that the next hop of a route in a table is reached by; null: none. */
export type DirectRouteLookup = { readonly find: (address: IpAddress, table: number) => DirectRoute | null };

/**
 * Looks among routes of one namespace that lead to a link: those of the table itself and of main, as the kernel does
 * (`fib_check_nh_v4_gw` in net/ipv4/fib_semantics.c). A default route counts as none.
 */
export function createDirectRouteLookup(
  world: LabModel,
  netns: string,
  routes: readonly LabRoute[],
): DirectRouteLookup {
  const devices = world.wiring.devices.get(netns);
  const lookups = new Map<number, PrefixLookup<DirectRoute>>();
  const lookupIn = (table: number): PrefixLookup<DirectRoute> => {
    const known = lookups.get(table);
    if (known) return known;
    const entries = routes
      .filter((route) => (route.table === table || route.table === RT_TABLE_MAIN) && !route.to.endsWith('/0'))
      .flatMap(({ to, hops }) =>
        hops.map(({ dev }) => ({ device: { name: dev, link: devices?.get(dev) ?? null }, prefix: requirePrefix(to) })),
      );
    const lookup = createPrefixLookup(entries, ({ prefix }) => prefix);
    lookups.set(table, lookup);
    return lookup;
  };
  return { find: (address, table) => (routes.length === 0 ? null : lookupIn(table)(address)) };
}
