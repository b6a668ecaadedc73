import type { Route } from '../model/topology.ts';
import { widthOf } from '../net/address.ts';
import { formatPrefix } from '../net/prefix.ts';
import { namedAddresses } from './names.ts';
import { networkFrom, prefixesOf } from './subnets.ts';
import type { World } from './world.ts';

/** Where a route leads: `default`, a prefix, the addresses of a namespace, or the prefixes of an entry under `subnets`. Empty, reported: unknown. */
export function targetsOf({ to }: Route, world: World): 'default' | readonly string[] {
  if (to.value === 'default') return 'default';
  if ('prefix' in to.value) {
    const prefix = networkFrom(to.value.prefix);
    return prefix ? [formatPrefix(prefix)] : [];
  }
  const { ref } = to.value;
  const subnet = world.topology.subnets.find(({ name }) => name === ref.name);
  if (subnet && ref.part === null && !world.wiring.devices.has(ref.name))
    return prefixesOf(subnet).map(({ prefix }) => formatPrefix(prefix));
  const all = namedAddresses(world, { value: ref, at: to.at }) ?? [];
  return [...new Set(all.map(({ address, prefix }) => `${address}/${widthOf(prefix.family)}`))];
}
