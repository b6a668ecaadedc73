import type { LabModel, LanSegment, ModelLink } from '../../lab/model.ts';
import { isUsual } from '../../lab/selectors/peers.ts';
import type { LabRoute } from '../../model/lab.ts';
import { linkKindOf } from '../../model/link-kind.ts';

/** Where the packets of a namespace are asked for. */
export type PolicyPlaces = {
  /** The bridges of its LANs whose frames are to pass netfilter; none when not all of its LANs have one. */
  readonly bridges: readonly ModelLink[];
  /** The namespaces, `host` among them, where packets to it and from it are forwarded, in the order of the file. */
  readonly nodes: readonly string[];
  /** In itself, too: others on a LAN reach it past the nodes. */
  readonly self: boolean;
};

/** What places are found with. `canFilter`: frames between ports of a bridge can pass netfilter; `hasServices`: gateways translate. */
export type PolicyPlacesContext = {
  readonly world: LabModel;
  readonly routes: readonly LabRoute[];
  readonly canFilter: boolean;
  readonly hasServices: boolean;
};

/**
 * A LAN without a bridge of the kernel that is the lab's own (a cable, an Open vSwitch, a plugin's bridge) has its frames seen nowhere. Where
 * the gateway has another place than the bridge, that sees packets to services before they are translated.
 */
export function createPolicyPlaces({
  world,
  routes,
  canFilter,
  hasServices,
}: PolicyPlacesContext): (netns: string) => PolicyPlaces {
  const owners = new Map(
    [...world.addressesByNetns].flatMap(([netns, all]) => all.map(({ address }) => [address, netns] as const)),
  );
  const containers = new Set(world.topology.namespaces.flatMap((one) => (one.container != null ? [one.name] : [])));
  const gatewaysOf = new Map<string, readonly string[]>();
  for (const { netns, to, hops } of routes)
    if (to.endsWith('/0'))
      gatewaysOf.set(netns, [
        ...(gatewaysOf.get(netns) ?? []),
        ...hops.flatMap(({ via }) => owners.get(via ?? '') ?? []),
      ]);
  return (netns) => {
    const lans = lansOf(world, netns);
    const bridges = lans.flatMap(bridgesOf).filter((one) => one.netns !== netns);
    const gateways = gatewaysOf.get(netns) ?? [];
    const isApart = hasServices && gateways.some((one) => !bridges.some((bridge) => bridge.netns === one));
    const self = !canFilter || containers.has(netns) || isApart || lans.some((lan) => !isFiltering(world, lan));
    const nodes = new Set([...bridges.map((one) => one.netns), ...(self ? gateways : [])]);
    nodes.delete(netns);
    return { bridges: self ? [] : bridges, nodes: [...nodes], self };
  };
}

const lansOf = (world: LabModel, netns: string): readonly LanSegment[] => [
  ...(world.addressesByNetnsSegment.get(netns) ?? new Map<LanSegment, unknown>()).keys(),
];

/** The bridges of a LAN, those that plugins make on the machine among them. */
const bridgesOf = ({ bridges, links }: LanSegment): readonly ModelLink[] => [
  ...bridges,
  ...links.filter(({ netns, kind }) => netns === 'host' && kind === 'plugin'),
];

const isFiltering = ({ linkKinds }: LabModel, { bridges }: LanSegment): boolean =>
  bridges.length > 0 &&
  bridges.every(
    ({ kind, own, vlan }) =>
      kind === 'switch' && vlan === null && !(own && linkKindOf(linkKinds, own.kind).madeByProgram),
  );

/** The addresses of the bridges of the LANs of a namespace, and those that nodes have there: what a node sends itself always passes. */
export function nodeAddresses(world: LabModel, netns: string, nodes: readonly string[]): readonly string[] {
  const lans = lansOf(world, netns);
  const bridges = new Set(lans.flatMap(bridgesOf));
  const near = nodes.flatMap((node) => lans.flatMap((lan) => world.addressesByNetnsSegment.get(node)?.get(lan) ?? []));
  return [...[...bridges].flatMap((bridge) => world.addressesByLink.get(bridge) ?? []), ...near]
    .map(({ address }) => address)
    .filter(isUsual);
}
