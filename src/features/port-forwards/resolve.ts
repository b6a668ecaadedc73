import { type AddressOwnerLookup, createAddressOwnerLookup } from '../../lab/addressing/owner-index.ts';
import { formatRef } from '../../lab/messages.ts';
import { type Family, IP_FAMILIES, type LabModel, type LanSegment, type ModelLink } from '../../lab/model.ts';
import { firstAddressOfFamily, noSharedLanProblem, resolveSharedAddresses } from '../../lab/naming/resolve-name.ts';
import type { FeatureContext } from '../../lab/registers.ts';
import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue, type Path } from '../../model/diagnostics/source-location.ts';
import { RT_TABLE_MAIN } from '../../model/kernel/rtnetlink.ts';
import type { LabForward, LabRoute } from '../../model/lab.ts';
import type { PortRange, Protocol, TopologyNetns, TopologyRef, TopologyValue } from '../../model/topology.ts';
import { appendTo } from '../../model/values/group-by.ts';
import { familyOf, parseAddress } from '../../net/address.ts';
import { createPrefixLookup, type PrefixLookup } from '../../net/longest-prefix-match.ts';
import { formatPrefix, networkPrefix, requirePrefix } from '../../net/prefix.ts';
import { publishingLink } from './plugin-publications.ts';
import { withoutRepeatedTargets } from './repeated-targets.ts';
import { writtenForwards } from './topology.ts';

/** A forward, why it is there, and the lab's link that has the target address (null: not on a LAN of the forwarding namespace). */
export type PortForwardResolution = {
  readonly forward: LabForward;
  readonly reason: 'portForwards' | 'publish';
  readonly target: ModelLink | null;
  /** Where the target is written. */
  readonly targetAt: Path;
};

/** Every port forward, one a family: `portForwards` of the host and of namespaces, and `publish`, which is the host's. */
export function resolvePortForwards(ground: FeatureContext): readonly PortForwardResolution[] {
  const { host, namespaces } = ground.world.topology;
  const wanted = [
    ...portForwardRequests(host),
    ...namespaces.flatMap((netns) => [
      ...portForwardRequests(netns),
      ...(publishingLink(ground.world, netns) === null ? publishRequests(netns) : []),
    ]),
  ];
  const { world } = ground;
  const context = { world, seenFrom: createForwardPathLookup(ground), ownerOf: createAddressOwnerLookup(world) };
  const found = wanted.flatMap((want) => resolvePortForward(want, context));
  return withoutRepeatedTargets(found, world);
}

type ForwardContext = {
  readonly world: LabModel;
  readonly seenFrom: ForwardPathLookup;
  readonly ownerOf: AddressOwnerLookup;
};

type PortForwardRequest = {
  readonly netns: string;
  readonly address: string | null;
  readonly listenFamily: Family | null;
  readonly ports: PortRange;
  readonly protocols: readonly Protocol[];
  readonly target: { readonly address: string } | { readonly ref: TopologyRef };
  readonly targetPorts: PortRange;
  /** Null: it is the only target. */
  readonly weight: number | null;
  readonly reason: PortForwardResolution['reason'];
  readonly at: Path;
  /** Where the target is written, which may be within the forward. */
  readonly targetAt: Path;
};

const portForwardRequests = (netns: TopologyNetns): readonly PortForwardRequest[] =>
  writtenForwards(netns).portForwards.flatMap(({ listen, to, at }) =>
    to.map((one) => ({
      netns: netns.name,
      address: listen.address,
      listenFamily: listen.family,
      ports: listen.ports,
      protocols: listen.protocols,
      target: one.target,
      targetPorts: one.ports ?? listen.ports,
      weight: to.length > 1 ? one.weight : null,
      reason: 'portForwards',
      at,
      targetAt: one.at,
    })),
  );

const publishRequests = (netns: TopologyNetns): readonly PortForwardRequest[] =>
  writtenForwards(netns).publish.map(({ address, family, hostPorts, ports, protocols, at }) => ({
    netns: 'host',
    address,
    listenFamily: family,
    ports: hostPorts,
    protocols,
    target: { ref: { name: netns.name, part: null } },
    targetPorts: ports,
    weight: null,
    reason: 'publish',
    at,
    targetAt: at,
  }));

function resolvePortForward(want: PortForwardRequest, context: ForwardContext): readonly PortForwardResolution[] {
  const { world, seenFrom, ownerOf } = context;
  const [from, to] = [countPorts(want.ports), countPorts(want.targetPorts)];
  if (from !== to) {
    const message = `${from} ports are forwarded to ${to}`;
    const hint = 'write two ranges of one size: they are mapped one to one';
    world.report(makeDiagnostic('port-range-mismatch', atValue(want.targetAt), message, { hint }));
    return [];
  }
  return resolveForwardTargets(want, world).map(({ address, label }) => {
    const { family, lan, dev, segment } = seenFrom(want.netns, address);
    const target = { label, address, ports: want.targetPorts };
    const { netns, address: listen, ports, protocols, weight, reason, at, targetAt } = want;
    const forward = { netns, family, address: listen, ports, protocols, target, lan, dev, at };
    return {
      forward: weight === null ? forward : { ...forward, weight },
      targetAt,
      reason,
      target: segment ? (ownerOf(segment, address)?.link ?? null) : null,
    };
  });
}

const countPorts = ({ first, last }: PortRange): number => last - first + 1;

function resolveForwardTargets(
  want: PortForwardRequest,
  world: LabModel,
): readonly { readonly address: string; readonly label: string }[] {
  const families: readonly Family[] = want.listenFamily === null ? IP_FAMILIES : [want.listenFamily];
  if ('address' in want.target) {
    const { address } = want.target;
    if (families.includes(familyOf(address))) return [{ address, label: address }];
    const listen = want.address ?? (want.listenFamily === 4 ? '0.0.0.0' : '::');
    const message = `cannot mix IPv4 and IPv6: ${listen}, ${address}`;
    const hint = 'listen on an address of the family of the target, or on none';
    world.report(makeDiagnostic('mixed-families', atValue(want.targetAt), message, { hint }));
    return [];
  }
  const ref: TopologyValue<TopologyRef> = { value: want.target.ref, at: want.targetAt };
  const all = resolveSharedAddresses(world, want.netns, ref, 'target');
  if (!all) return [];
  const label = formatRef(ref.value);
  const targets = families.flatMap((family) => firstAddressOfFamily(all, family)?.address ?? []);
  const { broken } = world.wiring;
  if (targets.length === 0 && !broken.has(want.netns) && !broken.has(ref.value.name)) {
    const family = families.length === 1 ? families[0] : undefined;
    world.report(noSharedLanProblem(world, { netns: want.netns, ref, all, use: 'target', family }));
  }
  return targets.map((address) => ({ address, label }));
}

/** How a namespace reaches an address: on a LAN of its own, or by a route. */
type ForwardPath = {
  readonly family: Family;
  readonly lan: string | null;
  readonly dev: string | null;
  readonly segment: LanSegment | null;
};
type ForwardPathLookup = (netns: string, address: string) => ForwardPath;

/** Thousands of forwards lead to a few addresses: each is looked for once. */
function createForwardPathLookup({ connected, routes }: FeatureContext): ForwardPathLookup {
  const routeIn = createMainTableLookup(routes);
  const known = new Map<string, ForwardPath>();
  return (netns, address) => {
    const key = `${netns} ${address}`;
    const view = known.get(key) ?? viewOf(netns, address);
    known.set(key, view);
    return view;
  };

  function viewOf(netns: string, address: string): ForwardPath {
    const parsed = parseAddress(address);
    const near = parsed && connected.find(netns, parsed);
    const far = near || !parsed ? null : routeIn(netns)(parsed);
    return {
      family: familyOf(address),
      lan: near ? formatPrefix(networkPrefix(near.prefix)) : null,
      dev: near?.device.name ?? far?.hops[0]?.dev ?? null,
      segment: near?.placed?.segment ?? null,
    };
  }
}

type MainTableLookup = (netns: string) => PrefixLookup<LabRoute>;

function createMainTableLookup(routes: readonly LabRoute[]): MainTableLookup {
  const byNetns = new Map<string, LabRoute[]>();
  for (const route of routes) {
    if (route.table !== RT_TABLE_MAIN || route.hops.length === 0) continue;
    appendTo(byNetns, route.netns, route);
  }
  const lookups = new Map<string, PrefixLookup<LabRoute>>();
  return (netns) => {
    const lookup = lookups.get(netns) ?? createPrefixLookup(byNetns.get(netns) ?? [], ({ to }) => requirePrefix(to));
    lookups.set(netns, lookup);
    return lookup;
  };
}

/** The entry of `port-range-mismatch` in docs/checks.md. */
export const portRangeMismatchDoc: CheckDoc = {
  name: 'port-range-mismatch',
  code: 'NF2402',
  title: 'Port ranges of different size',
  explain: 'A forward maps a range of ports to a range of another size. Ranges of equal size map one to one.',
  bad: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces: { red: { interfaces: { eth0: { bridge: lan } } } }
portForwards: [ "8000-8009 -> red:80-85" ]
`,
  good: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces: { red: { interfaces: { eth0: { bridge: lan } } } }
portForwards: [ "8000-8009 -> red:80-89" ]
`,
};
