import { containerAddresses } from '../../kinds/files/conflist/plugins/container-addresses.ts';
import { type JsonObject, pluginsOf } from '../../kinds/files/conflist/plugins/validate-shape.ts';
import { type Family, IP_FAMILIES } from '../../lab/model.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import type { CniConfig, CniPluginConfig } from '../../model/lab-parts/lab-attachment.ts';
import type { TopologyFile } from '../../model/topology.ts';

const DEFAULTS: { readonly [family in Family]: string } = { 4: '0.0.0.0/0', 6: '::/0' };

/** The families in which the plugins of a network make a default route; of a plugin that netform does not know, both may be. */
export function defaultFamilies(conflist: TopologyFile): readonly Family[] {
  const known = containerAddresses(conflist);
  const [first] = pluginsOf(conflist.content);
  if (known.length === 0) return isSilent(first?.plugin) ? [] : IP_FAMILIES;
  return IP_FAMILIES.filter((family) =>
    known.some(
      ({ routes, addsDefault, gateways }) =>
        routes.some(({ to }) => to.length === 0 && to.family === family) ||
        (addsDefault && gateways.some((gateway) => gateway.family === family)),
    ),
  );
}

/** A bridge without `ipam` gives no address, and no route. */
const isSilent = (plugin: JsonObject | undefined): boolean =>
  plugin?.['type'] === 'bridge' && plugin['ipam'] === undefined;

/** A configuration that makes no default route but those of some families, as far as its words say so. */
export function withDefaultsOf(config: CniConfig, families: readonly Family[]): CniConfig {
  const others = IP_FAMILIES.filter((family) => !families.includes(family)).map((family) => DEFAULTS[family]);
  return others.length === 0 ? config : { ...config, plugins: config.plugins.map((one) => withoutRoutes(one, others)) };
}

function withoutRoutes(plugin: CniPluginConfig, destinations: readonly string[]): CniPluginConfig {
  const { ipam, isDefaultGateway, ...rest } = plugin;
  const isLeft = (route: Json): boolean => !isJsonObject(route) || !destinations.includes(String(route['dst']));
  const written = isJsonObject(ipam) && Array.isArray(ipam['routes']) ? ipam['routes'] : [];
  const added = isDefaultGateway === true ? Object.values(DEFAULTS).filter((one) => !destinations.includes(one)) : [];
  const kept = [...written.filter(isLeft), ...added.map((dst) => ({ dst }))];
  const gateway = isDefaultGateway === undefined ? {} : { isGateway: isDefaultGateway || rest['isGateway'] === true };
  if (!isJsonObject(ipam)) return { ...rest, ...gateway, ...(ipam === undefined ? {} : { ipam }) };
  const { routes: _, ...pool } = ipam;
  return { ...rest, ...gateway, ipam: { ...pool, ...(kept.length > 0 ? { routes: kept } : {}) } };
}
