import { createAddressOwnerLookup } from '../../lab/addressing/owner-index.ts';
import { formatRef } from '../../lab/messages.ts';
import { type AssignedAddress, type Family, IP_FAMILIES, type LabModel, type ModelLink } from '../../lab/model.ts';
import { addressesOnSharedLan, firstAddressOfFamily, resolveNameAddresses } from '../../lab/naming/resolve-name.ts';
import type { FeatureContext } from '../../lab/registers.ts';
import { expandSelectors } from '../../lab/selectors/expand.ts';
import { projectOf } from '../../lab/selectors/select.ts';
import { BRIDGE_FILTER } from '../../lab/wiring/bridge-filter.ts';
import { linkKindOf } from '../../model/link-kind.ts';
import type { TopologyRef, TopologyValue } from '../../model/topology.ts';
import { shortSha256 } from '../../model/values/short-sha256.ts';
import { addressBits, familyOf, type IpAddress, parseAddress } from '../../net/address.ts';
import { formatPrefix, networkPrefix, type Prefix } from '../../net/prefix.ts';
import { assignClusterIPs, type ClusterIPs } from './cluster-ips.ts';
import { gatewayNamespaces, nodesOf } from './nodes.ts';
import type { ServiceRule } from './rule.ts';
import { type TopologyService, writtenServices } from './topology.ts';

/** A service with its endpoints and its addresses; `rules` by the namespace that translates. */
export type ResolvedService = {
  readonly service: TopologyService;
  readonly nodes: readonly { readonly netns: string; readonly rules: readonly ServiceRule[] }[];
  /** The addresses that its name stands for: its own, of a headless one those of its endpoints. */
  readonly addresses: readonly string[];
  /** The links of its endpoints on LANs of the namespaces that translate. */
  readonly links: readonly ModelLink[];
  /** The bridges that have to have the frames between their ports pass netfilter, so that endpoints see their neighbours. */
  readonly bridges: readonly ModelLink[];
};

/** Every service, resolved for each namespace that translates for it. Targets whose port is a name are as `nameTargetPorts` takes them. */
export function resolveServices(context: FeatureContext): readonly ResolvedService[] {
  const { world } = context;
  const gateways = gatewayNamespaces(context);
  const parts = writtenServices(world.topology).map((service) => {
    const endpoints = endpointsOf(world, service);
    const nodes = nodesOf(world, service, gateways);
    return { service, endpoints, nodes, families: familiesOf(world, endpoints, nodes) };
  });
  const clusterIPs = assignClusterIPs(
    world,
    parts.map(({ service, families }) => ({ ...service, families })),
  );
  const ownerOf = createAddressOwnerLookup(world);
  return parts.map((part) => resolveService(part, { ...context, clusterIPs, ownerOf }));
}

/** An endpoint: a name with all of its addresses, or an address. */
type ServiceEndpoint = {
  readonly label: string;
  readonly all: readonly AssignedAddress[];
  readonly address: string | null;
};

function endpointsOf(world: LabModel, service: TopologyService): readonly ServiceEndpoint[] {
  return expandSelectors(world, service.to, projectOf(service)).flatMap(({ value, at }): readonly ServiceEndpoint[] => {
    if ('address' in value) return [{ label: value.address, all: [], address: value.address }];
    const ref: TopologyValue<TopologyRef> = { value: value.ref, at };
    const all = resolveNameAddresses(world, ref) ?? [];
    return all.length === 0 ? [] : [{ label: formatRef(value.ref), all, address: null }];
  });
}

/** Those that it has endpoints in; without endpoints those of the namespaces that translate. */
function familiesOf(
  world: LabModel,
  endpoints: readonly ServiceEndpoint[],
  nodes: readonly string[],
): readonly Family[] {
  const has = (addresses: readonly string[]): readonly Family[] =>
    IP_FAMILIES.filter((family) => addresses.some((address) => familyOf(address) === family));
  const own = has(endpoints.flatMap(({ all, address }) => address ?? all.map((one) => one.address)));
  if (own.length > 0) return own;
  return has(nodes.flatMap((netns) => world.addressesByNetns.get(netns)?.map(({ address }) => address) ?? []));
}

type ServicePart = {
  readonly service: TopologyService;
  readonly endpoints: readonly ServiceEndpoint[];
  readonly nodes: readonly string[];
  readonly families: readonly Family[];
};

type ServiceResolveContext = FeatureContext & {
  readonly clusterIPs: ClusterIPs;
  readonly ownerOf: ReturnType<typeof createAddressOwnerLookup>;
};

type ReachedEndpoint = {
  readonly label: string;
  readonly address: string;
  readonly lan: string | null;
  readonly isLocal: boolean;
  readonly link: ModelLink | null;
  readonly bridge: ModelLink | null;
};

function resolveService(part: ServicePart, context: ServiceResolveContext): ResolvedService {
  const { service, endpoints, families } = part;
  const isHeadless = service.clusterIPs?.length === 0;
  const [links, bridges] = [new Set<ModelLink>(), new Set<ModelLink>()];
  const nodes = (isHeadless ? [] : part.nodes).map((netns) => {
    const rules = families.flatMap((family) => {
      const reached = endpoints.flatMap((endpoint) => reach(netns, endpoint, { ...context, family }));
      for (const { link, bridge } of reached) {
        if (link) links.add(link);
        if (bridge) bridges.add(bridge);
      }
      return rulesOf(service, family, { reached, cluster: context.clusterIPs.get(service.name)?.[family] ?? null });
    });
    return { netns, rules };
  });
  const own = Object.values(context.clusterIPs.get(service.name) ?? {});
  const all = endpoints.flatMap(({ all, address }) => address ?? all.map((one) => one.address));
  return { service, nodes, addresses: isHeadless ? [...new Set(all)] : own, links: [...links], bridges: [...bridges] };
}

/** How a namespace reaches an endpoint in one family: at an address on a LAN of both, else at its first one. */
function reach(
  netns: string,
  { label, all, address: written }: ServiceEndpoint,
  { world, connected, ownerOf, live, family }: ServiceResolveContext & { readonly family: Family },
): readonly ReachedEndpoint[] {
  const usable = all.filter(({ link }) => link.kind !== 'lo');
  const shared = firstAddressOfFamily(addressesOnSharedLan(world, netns, usable), family);
  const address =
    written ?? (shared ?? firstAddressOfFamily(usable, family) ?? firstAddressOfFamily(all, family))?.address;
  const parsed = address === undefined ? null : parseAddress(address);
  if (address === undefined || parsed?.family !== family) return [];
  const isOwn = connected.isOwn(netns, address);
  const near = isOwn ? null : connected.find(netns, parsed);
  const segment = near?.placed?.segment ?? null;
  const link = segment ? (ownerOf(segment, address)?.link ?? null) : null;
  const own = near?.device.link ?? null;
  const isSeen = live.get(BRIDGE_FILTER) !== null && own !== null && link !== null && hasFramesOf(world, own, link);
  const lan = near ? formatPrefix(isSeen ? hostPrefix(parsed) : networkPrefix(near.prefix)) : null;
  return [{ label, address, lan, isLocal: isOwn || near !== null, link, bridge: isSeen ? own : null }];
}

/**
 * Whether a link of the namespace that translates is a bridge of the kernel that the endpoint has its port on: its answers to a
 * neighbour are frames of that bridge, and translated back when these pass netfilter. Only its own calls to itself are not.
 */
const hasFramesOf = ({ wiring, segmentByLink, linkKinds }: LabModel, bridge: ModelLink, endpoint: ModelLink): boolean =>
  bridge.kind === 'switch' &&
  bridge.vlan === null &&
  !wiring.vlans.members.has(bridge) &&
  !(bridge.own && linkKindOf(linkKinds, bridge.own.kind).madeByProgram) &&
  segmentByLink.get(endpoint)?.bridgeByLink.get(endpoint) === bridge;

const hostPrefix = ({ family, value }: IpAddress): Prefix => ({ family, value, length: addressBits(family) });

type RuleContext = { readonly reached: readonly ReachedEndpoint[]; readonly cluster: string | null };

function rulesOf(service: TopologyService, family: Family, { reached, cluster }: RuleContext): readonly ServiceRule[] {
  const local = reached.filter(({ isLocal }) => isLocal);
  const seed = service.hasAffinity ? seedOf(service.name) : null;
  const externals = service.externalIPs.filter(({ value }) => familyOf(value) === family);
  return service.ports.flatMap(({ at, port, targetPort, protocols, nodePort }) =>
    protocols.flatMap((protocol): readonly ServiceRule[] => {
      const toTargets = (endpoints: readonly ReachedEndpoint[]): ServiceRule['targets'] =>
        endpoints.map(({ label, address, lan }) => ({
          ...{ label, address, weight: 1, lan },
          ...(typeof targetPort === 'number' ? { port: targetPort } : { port: 0, portName: targetPort, at }),
        }));
      const common = { service: service.name, family, protocol, seed };
      const external = {
        ...common,
        masquerade: !service.isExternalLocal,
        targets: toTargets(service.isExternalLocal ? local : reached),
      };
      return [
        ...(cluster === null
          ? []
          : [
              {
                ...common,
                ...{ at: { cluster }, port, masquerade: false },
                targets: toTargets(service.isInternalLocal ? local : reached),
              },
            ]),
        ...externals.map(({ value }) => ({ ...external, at: { external: value }, port })),
        ...(nodePort ? [{ ...external, at: { node: true } as const, port: nodePort.value }] : []),
      ];
    }),
  );
}

/** Two services do not send one client to the same place in their lists. */
const seedOf = (name: string): number =>
  new DataView(shortSha256(new TextEncoder().encode(name)).buffer).getUint32(0) >>> 1;
