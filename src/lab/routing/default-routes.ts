import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey, atValue } from '../../model/diagnostics/source-location.ts';
import { RT_TABLE_MAIN } from '../../model/kernel/rtnetlink.ts';
import type { LabRoute } from '../../model/lab.ts';
import type { TopologyNetns } from '../../model/topology.ts';
import { parseAddress } from '../../net/address.ts';
import { prefixContains } from '../../net/prefix.ts';
import { formatModelLink, joinLimited } from '../messages.ts';
import { type Family, formatFamily, IP_FAMILIES, type LabModel, type ModelLink, onLinkPrefix } from '../model.ts';
import type { SegmentGateways, SubnetGateway } from './gateways.ts';
import { vrfTable } from './l3-tables.ts';
import { DEFAULT_ROUTE_METRIC, DEFAULT_ROUTE_PREFIX, defaultRouteKey } from './routes.ts';

/**
 * The implied default routes of a namespace: per family, where exactly one interface is on a subnet that has a gateway,
 * or one says `gateway: true`. On the host and in containers only where an interface says so: they have a default route of their own.
 * Those of a VRF's ports are apart, in its table. `explicit` holds the tables and families that have a written one.
 */
export function impliedDefaultRoutes(
  world: LabModel,
  netns: TopologyNetns,
  { gateways, explicit }: { readonly gateways: SegmentGateways; readonly explicit: ReadonlySet<string> },
): readonly LabRoute[] {
  const ways = defaultRouteCandidates(world, netns.name, gateways);
  reportMissingGateway(world, netns, ways);
  const tables = [...new Set([RT_TABLE_MAIN, ...ways.map(tableOfWay)])];
  const wanted = tables.flatMap((table) => IP_FAMILIES.map((family) => ({ table, family })));
  const isByPlugin = netns.interfaces.some(({ attachment, gateway }) => attachment && gateway?.value === true);
  return wanted.flatMap(({ table, family }) => {
    if (explicit.has(defaultRouteKey(table, family)) || (isByPlugin && table === RT_TABLE_MAIN)) return [];
    const candidates = ways.filter(
      (way) => way.family === family && tableOfWay(way) === table && way.link.gateway?.value !== false,
    );
    const chosen = candidates.filter(({ link }) => link.gateway?.value === true);
    const one = chosen.length > 0 ? chosen : netns.name === 'host' || netns.container ? [] : candidates;
    if (one.length > 1) world.report(ambiguousDefault(netns, one));
    const [way] = one;
    return way && one.length === 1 ? [toDefaultRoute(netns, way)] : [];
  });
}

const tableOfWay = ({ link }: DefaultRouteCandidate): number => vrfTable(link) ?? RT_TABLE_MAIN;

type DefaultRouteCandidate = { readonly family: Family; readonly link: ModelLink; readonly gateway: SubnetGateway };

/** One per link and family. */
function defaultRouteCandidates(
  world: LabModel,
  netns: string,
  gateways: SegmentGateways,
): readonly DefaultRouteCandidate[] {
  const ways = new Map<string, DefaultRouteCandidate>();
  for (const placed of world.addressesByNetns.get(netns) ?? []) {
    const { link, segment, prefix } = placed;
    if (!segment || !link.up || link.master || link.kind === 'plugin') continue;
    for (const gateway of gateways.get(segment) ?? []) {
      const address = parseAddress(gateway.address);
      const onLink =
        address !== null &&
        prefixContains(onLinkPrefix(placed), address) &&
        prefixContains(gateway.subnet.prefix, prefix);
      const key = `${link.name} ${prefix.family}`;
      if (onLink && gateway.owner?.link.netns !== netns && !ways.has(key))
        ways.set(key, { family: prefix.family, link, gateway });
    }
  }
  return [...ways.values()];
}

function reportMissingGateway(
  { report, wiring }: LabModel,
  netns: TopologyNetns,
  ways: readonly DefaultRouteCandidate[],
): void {
  for (const { name, at, gateway } of netns.interfaces) {
    const link = wiring.devices.get(netns.name)?.get(name);
    if (gateway?.value !== true || !link?.up || link.kind === 'plugin' || wiring.broken.has(netns.name)) continue;
    if (ways.some((way) => way.link === link)) continue;
    report(
      makeDiagnostic('ambiguous-default', atValue(gateway.at), `${netns.name}:${name} is on no subnet with a gateway`, {
        related: [{ at: atKey(at), message: 'the interface' }],
        hint: 'write `gateway:` at its bridge or subnet, or a default route under `routes`',
      }),
    );
  }
}

function ambiguousDefault(
  netns: TopologyNetns,
  ways: readonly DefaultRouteCandidate[],
): ReturnType<typeof makeDiagnostic> {
  const family = ways[0]?.family ?? 4;
  const links = joinLimited(ways.map(({ link, gateway }) => `${link.label} (${gateway.address})`));
  const message = `${netns.name} has no ${formatFamily(family)} default route: several interfaces are on a subnet with a gateway: ${links}`;
  return makeDiagnostic('ambiguous-default', atKey(netns.at), message, {
    severity: 'warning',
    related: ways.map(({ link }) => ({ at: atKey(link.at), message: `${formatModelLink(link)} has a gateway` })),
    hint: 'write `gateway: true` at one of them, `gateway: false` at the others, or a default route',
  });
}

const toDefaultRoute = (netns: TopologyNetns, { family, link, gateway }: DefaultRouteCandidate): LabRoute => ({
  netns: netns.name,
  to: DEFAULT_ROUTE_PREFIX[family],
  type: 'unicast',
  hops: [{ via: gateway.address, dev: link.name, weight: 1, onlink: false }],
  src: null,
  metric: DEFAULT_ROUTE_METRIC[family],
  table: vrfTable(link) ?? RT_TABLE_MAIN,
  mtu: null,
  at: link.at,
  implied: true,
});

/** The entry of `ambiguous-default` in docs/checks.md. */
export const ambiguousDefaultDoc: CheckDoc = {
  name: 'ambiguous-default',
  code: 'NF2206',
  title: 'Ambiguous default route',
  explain:
    'A warning: two interfaces of a namespace are on subnets that have a gateway, so no default route is added. `gateway: true` or `gateway: false` at an interface decides, and so does a default route under `routes`.',
  bad: `
bridges:
  lan-a: { subnet: 10.1.0.0/24, address: 10.1.0.1 }
  lan-b: { subnet: 10.2.0.0/24, address: 10.2.0.1 }
host: { forwarding: false }
namespaces:
  red: { interfaces: { eth0: { bridge: lan-a }, eth1: { bridge: lan-b } } }
`,
  good: `
bridges:
  lan-a: { subnet: 10.1.0.0/24, address: 10.1.0.1 }
  lan-b: { subnet: 10.2.0.0/24, address: 10.2.0.1 }
host: { forwarding: false }
namespaces:
  red: { interfaces: { eth0: { bridge: lan-a, gateway: true }, eth1: { bridge: lan-b } } }
`,
};
