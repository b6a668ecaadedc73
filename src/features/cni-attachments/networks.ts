import { conflistsOf } from '../../kinds/files/conflist/entries.ts';
import {
  type HostLocalRange,
  hostLocalRangeBounds,
  hostLocalRangeSets,
} from '../../kinds/files/conflist/plugins/host-local-ranges.ts';
import { pluginsOf } from '../../kinds/files/conflist/plugins/validate-shape.ts';
import type { ModelNetwork, NetworkPool } from '../../lab/model.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import type { LiveState, Query } from '../../model/kernel/need.ts';
import { netnsOfContainerId } from '../../model/lab-parts/attachment.ts';
import type { Topology, TopologyAddress, TopologyFile } from '../../model/topology.ts';
import { formatAddress, parseAddress } from '../../net/address.ts';
import { firstAddress, formatPrefix, networkPrefix, type Prefix, parsePrefix } from '../../net/prefix.ts';

/** The networks that interfaces of a topology are attached to. */
const usedNetworks = (topology: Topology): readonly TopologyFile[] => {
  const names = new Set(
    [topology.host, ...topology.namespaces].flatMap(({ interfaces }) =>
      interfaces.flatMap(({ attachment }) => attachment?.network.value ?? []),
    ),
  );
  return conflistsOf(topology).filter(({ name }) => names.has(name));
};

/** Which addresses others have already is asked of the networks that are used. */
export const networkQuery = (topology: Topology): Query =>
  usedNetworks(topology).flatMap((one) =>
    addressFolders(one).map((key) => ({ need: 'network-addresses', key }) as const),
  );

/** The networks under `cni`, as far as their configuration says what an attachment gets. */
export const readNetworks = (topology: Topology, live: LiveState): readonly ModelNetwork[] =>
  conflistsOf(topology).map((file) => toNetwork(file, { topology, live }));

type AttachedNetworkContext = { readonly topology: Topology; readonly live: LiveState };

function toNetwork(file: TopologyFile, context: AttachedNetworkContext): ModelNetwork {
  const { name, content, at } = file;
  const [first] = pluginsOf(content);
  const plugin = first?.plugin ?? {};
  const sets = hostLocalRangeSets(file);
  const taken = takenAddresses(file, context);
  const pools = sets.flat().flatMap((range) => toPool(range, taken));
  const isGateway = plugin['isGateway'] === true || plugin['isDefaultGateway'] === true;
  const bridge = plugin['type'] === 'bridge' ? (textOf(plugin['bridge']) ?? 'cni0') : null;
  const gateways = sets.flatMap(([range]) => (range?.subnet ? [{ range, subnet: range.subnet }] : []));
  return {
    name,
    at,
    bridge,
    bridgeAddresses: bridge !== null && isGateway ? gateways.map(({ range, subnet }) => toGateway(range, subnet)) : [],
    pools,
    fixed: staticAddresses(plugin['ipam'], [...at, 'plugins', first?.index ?? 0, 'ipam']),
    publishes: publishes(content),
  };
}

/** Whether a network leads ports of the host to its containers. */
const publishes = (content: TopologyFile['content']): boolean =>
  pluginsOf(content).some(
    ({ plugin: { capabilities } }) => isJsonObject(capabilities) && capabilities['portMappings'] === true,
  );

function toPool(range: HostLocalRange, taken: readonly string[]): readonly NetworkPool[] {
  const { subnet, at } = range;
  if (!subnet) return [];
  const gateway = gatewayOf(range, subnet);
  const values = [...taken.flatMap((text) => parseAddress(text) ?? []), gateway]
    .filter(({ family }) => family === subnet.family)
    .map(({ value }) => value);
  const bounds = hostLocalRangeBounds(range, subnet);
  return [{ prefix: subnet, text: formatPrefix(networkPrefix(subnet)), ...bounds, taken: new Set(values), at }];
}

/** host-local takes the first address of the subnet when none is written. */
const gatewayOf = ({ written }: HostLocalRange, subnet: Prefix): Prefix => {
  const address = parseAddress(textOf(written.gateway) ?? '');
  return { ...subnet, value: address?.value ?? firstAddress(subnet) + 1n };
};

const toGateway = (range: HostLocalRange, subnet: Prefix): TopologyAddress => ({
  address: formatAddress(gatewayOf(range, subnet)),
  length: subnet.length,
  at: range.at,
});

/** The addresses that host-local has given to others than the interfaces of this topology. */
function takenAddresses(file: TopologyFile, { topology, live }: AttachedNetworkContext): readonly string[] {
  const own = new Set(
    topology.namespaces.flatMap(({ name, interfaces }) =>
      interfaces.flatMap((one) => (one.attachment?.network.value === file.name ? [`${name}/${one.name}`] : [])),
    ),
  );
  if (own.size === 0) return [];
  const given = addressFolders(file).flatMap((key) => live.get({ need: 'network-addresses', key }) ?? []);
  return given
    .filter(({ containerId, dev }) => !own.has(`${netnsOfContainerId(containerId) ?? ''}/${dev}`))
    .map(({ address }) => address);
}

/** Where the host-local plugins of a network write down what they give. */
const addressFolders = ({ name, content }: TopologyFile): readonly string[] =>
  pluginsOf(content).flatMap(({ plugin: { ipam } }) => {
    if (!isJsonObject(ipam) || ipam['type'] !== 'host-local') return [];
    return [`${textOf(ipam['dataDir']) ?? '/var/lib/cni/networks'}/${name}`];
  });

function staticAddresses(ipam: Json | undefined, at: TopologyFile['at']): readonly TopologyAddress[] {
  const written = isJsonObject(ipam) && ipam['type'] === 'static' ? ipam['addresses'] : [];
  return (Array.isArray(written) ? written : []).flatMap((item, i): TopologyAddress[] => {
    const prefix = isJsonObject(item) ? parsePrefix(textOf(item['address']) ?? '') : null;
    if (!prefix) return [];
    return [{ address: formatAddress(prefix), length: prefix.length, at: [...at, 'addresses', i, 'address'] }];
  });
}

const textOf = (value: Json | undefined): string | null => (typeof value === 'string' && value !== '' ? value : null);
