import { namedSubnetPrefixes } from '../../lab/addressing/subnets.ts';
import type { Family, LabModel } from '../../lab/model.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey } from '../../model/diagnostics/source-location.ts';
import type { Json } from '../../model/json.ts';
import { familyOf, formatAddress, parseAddress } from '../../net/address.ts';
import { formatPrefix, hostRange, type Prefix, prefixContains, requirePrefix } from '../../net/prefix.ts';
import type { ServiceRule } from './rule.ts';
import type { TopologyService } from './topology.ts';

/** The name under `subnets` that replaces the pools. */
const POOL_NAME = 'services';
const POOLS = ['10.96.0.0/16', 'fd00:96::/112'];

/** The networks that addresses of services are given out of. */
export function servicePools({ topology }: Pick<LabModel, 'topology'>): readonly Prefix[] {
  const named = topology.subnets.find(({ name }) => name === POOL_NAME);
  return named ? namedSubnetPrefixes(named).map(({ prefix }) => prefix) : POOLS.map(requirePrefix);
}

/** Where `CurrentAddresses` holds the addresses that a service has: no interface has such a key. */
const keyOf = (service: string): string => `service: ${service}`;

/** The addresses that a recorded table gives to services. */
export function recordedServiceAddresses(spec: { readonly [key: string]: Json }) {
  const rules = Array.isArray(spec['services']) ? (spec['services'] as unknown as readonly ServiceRule[]) : [];
  return rules.flatMap(({ service, at }) => ('cluster' in at ? [{ key: keyOf(service), prefixes: [at.cluster] }] : []));
}

export type ClusterIPs = ReadonlyMap<string, { readonly [family in Family]?: string }>;

/**
 * The address of each service in the families that it has endpoints in: what is written, else what it had, else the next
 * free one of the pool.
 */
export function assignClusterIPs(
  world: LabModel,
  services: readonly (Pick<TopologyService, 'name' | 'at' | 'clusterIPs'> & { readonly families: readonly Family[] })[],
): ClusterIPs {
  const pools = servicePools(world);
  const used = new Set(services.flatMap(({ clusterIPs }) => clusterIPs?.map(({ value }) => value) ?? []));
  const found = new Map<string, { [family in Family]?: string }>();
  const wanting = services.filter(({ clusterIPs }) => clusterIPs === null);
  for (const { name, clusterIPs } of services)
    found.set(name, Object.fromEntries((clusterIPs ?? []).map(({ value }) => [familyOf(value), value])));
  const give = (name: string, family: Family, address: string): void => {
    used.add(address);
    const own = found.get(name);
    if (own) own[family] = address;
  };
  for (const { name, families } of wanting) {
    for (const address of world.currentAddresses[keyOf(name)] ?? []) {
      const parsed = parseAddress(address);
      const isUsable = parsed && families.includes(parsed.family) && pools.some((pool) => prefixContains(pool, parsed));
      if (isUsable && !used.has(address)) give(name, parsed.family, address);
    }
  }
  for (const pool of pools) {
    const { first, last } = hostRange(pool);
    let next = first;
    for (const { name, at, families } of wanting) {
      if (!families.includes(pool.family) || found.get(name)?.[pool.family] !== undefined) continue;
      while (next <= last && used.has(formatAddress({ family: pool.family, value: next }))) next++;
      if (next <= last) give(name, pool.family, formatAddress({ family: pool.family, value: next }));
      else
        world.report(
          makeDiagnostic('pool-exhausted', atKey(at), `${formatPrefix(pool)} has no free address for service ${name}`, {
            hint: `write a larger pool: subnets: { ${POOL_NAME}: 10.96.0.0/12 }`,
          }),
        );
    }
  }
  return found;
}
