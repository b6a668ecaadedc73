import type { TopologyRoute } from '../../model/topology.ts';
import { addressBits } from '../../net/address.ts';
import { formatPrefix } from '../../net/prefix.ts';
import { namedSubnetPrefixes, parseNetwork } from '../addressing/subnets.ts';
import type { LabModel } from '../model.ts';
import { resolveNameAddresses } from '../naming/resolve-name.ts';

/** Where a route leads: `default`, a prefix, the addresses of a namespace, or the prefixes of an entry under `subnets`. Empty, reported: unknown. */
export function resolveRouteTargets({ to }: TopologyRoute, world: LabModel): 'default' | readonly string[] {
  if (to.value === 'default') return 'default';
  if ('prefix' in to.value) {
    const prefix = parseNetwork(to.value.prefix);
    return prefix ? [formatPrefix(prefix)] : [];
  }
  const { ref } = to.value;
  const subnet = world.topology.subnets.find(({ name }) => name === ref.name);
  if (subnet && ref.part === null && !world.wiring.devices.has(ref.name))
    return namedSubnetPrefixes(subnet).map(({ prefix }) => formatPrefix(prefix));
  const all = resolveNameAddresses(world, { value: ref, at: to.at }) ?? [];
  return [...new Set(all.map(({ address, prefix }) => `${address}/${addressBits(prefix.family)}`))];
}
