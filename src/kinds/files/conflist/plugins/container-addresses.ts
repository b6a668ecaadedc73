import type { Path } from '../../../../model/diagnostics/source-location.ts';
import { isJsonObject, type Json } from '../../../../model/json.ts';
import type { TopologyFile } from '../../../../model/topology.ts';
import { type IpAddress, parseAddress } from '../../../../net/address.ts';
import { firstAddress, type Prefix, parsePrefix } from '../../../../net/prefix.ts';
import { hostLocalRangeSets } from './host-local-ranges.ts';
import { isList, type JsonObject, pluginsOf } from './validate-shape.ts';

/** One entry of `routes` whose destination is a prefix. `via`: its `gw`; null: not written. */
export type ConflistRoute = { readonly to: Prefix; readonly via: IpAddress | null; readonly at: Path };

/** What one plugin of a conflist gives a container: its addresses as prefixes, their gateways, and its routes. */
export type ContainerAddresses = {
  readonly plugin: JsonObject;
  /** The plugin object. */
  readonly at: Path;
  /** Of host-local the subnets, of static the addresses; all that may be given. */
  readonly prefixes: readonly Prefix[];
  /** One for each address that a container gets: the gateway with the length of its subnet. */
  readonly gateways: readonly Prefix[];
  readonly routes: readonly ConflistRoute[];
  /** Whether the plugin adds a default route by itself. */
  readonly addsDefault: boolean;
};

/** The plugins of a conflist whose address plugin is host-local or static, with what they give; only values that can be read. */
export function containerAddresses(conflist: TopologyFile): readonly ContainerAddresses[] {
  const sets = hostLocalRangeSets(conflist);
  return pluginsOf(conflist.content).flatMap(({ plugin, index }) => {
    const at = [...conflist.at, 'plugins', index];
    const ipam = plugin['ipam'];
    if (!isJsonObject(ipam)) return [];
    const here = [...at, 'ipam'].join('/');
    const own =
      ipam['type'] === 'static'
        ? staticAddresses(ipam)
        : ipam['type'] === 'host-local'
          ? rangeAddresses(sets.filter((set) => set.some((range) => range.at.join('/').startsWith(here))))
          : null;
    if (own === null) return [];
    const addsDefault = plugin['type'] === 'bridge' && plugin['isDefaultGateway'] === true;
    return [{ plugin, at, ...own, routes: routesOf(ipam, [...at, 'ipam', 'routes']), addsDefault }];
  });
}

type GivenAddresses = Pick<ContainerAddresses, 'prefixes' | 'gateways'>;

function rangeAddresses(sets: ReturnType<typeof hostLocalRangeSets>): GivenAddresses {
  const prefixes = sets.flat().flatMap(({ subnet }) => subnet ?? []);
  const gateways = sets.flatMap(([range]) => (range?.subnet ? [gatewayOf(range.subnet, range.written.gateway)] : []));
  return { prefixes, gateways };
}

function staticAddresses(ipam: JsonObject): GivenAddresses {
  const items = isList(ipam['addresses']) ? ipam['addresses'] : [];
  const written = items.flatMap((item) => {
    const prefix = isJsonObject(item) && typeof item['address'] === 'string' ? parsePrefix(item['address']) : null;
    return isJsonObject(item) && prefix ? [{ prefix, gateway: item['gateway'] }] : [];
  });
  return {
    prefixes: written.map(({ prefix }) => prefix),
    gateways: written.map(({ prefix, gateway }) => gatewayOf(prefix, gateway)),
  };
}

/** The plugins take the first address of the subnet when none is written. */
function gatewayOf(subnet: Prefix, written: Json | undefined): Prefix {
  const address = typeof written === 'string' ? parseAddress(written) : null;
  return { family: subnet.family, value: address?.value ?? firstAddress(subnet) + 1n, length: subnet.length };
}

function routesOf(ipam: JsonObject, at: Path): readonly ConflistRoute[] {
  const items = isList(ipam['routes']) ? ipam['routes'] : [];
  return items.flatMap((item, i) => {
    if (!isJsonObject(item)) return [];
    const to = typeof item['dst'] === 'string' ? parsePrefix(item['dst']) : null;
    const via = typeof item['gw'] === 'string' ? parseAddress(item['gw']) : null;
    return to ? [{ to, via, at: [...at, i] }] : [];
  });
}
