import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import { RT_TABLE_MAIN } from '../../model/kernel/rtnetlink.ts';
import type { LabHop, LabRoute } from '../../model/lab.ts';
import type { TopologyNetns, TopologyRoute } from '../../model/topology.ts';
import { familyOf } from '../../net/address.ts';
import { type Family, formatFamily, IP_FAMILIES, type LabModel } from '../model.ts';
import { type NamedDevice, resolveDevice } from '../wiring/resolve-device.ts';
import { type FamilyNextHop, type NextHopContext, resolveNextHops } from './next-hops.ts';
import { resolveRouteTargets } from './route-targets.ts';

/** The metric that the kernel fills in, by family (IP6_RT_PRIO_USER). */
export const DEFAULT_ROUTE_METRIC = { 4: 0, 6: 1024 } as const;
export const DEFAULT_ROUTE_PREFIX = { 4: '0.0.0.0/0', 6: '::/0' } as const;

/** The routes that a namespace writes, and the families that have a written default route in the main table. */
export function resolveRoutes(
  netns: TopologyNetns,
  ground: Omit<NextHopContext, 'netns'>,
): { readonly routes: readonly LabRoute[]; readonly defaults: ReadonlySet<Family> } {
  const defaults = new Set<Family>();
  const routes = netns.routes.flatMap((route) => {
    const targets = resolveRouteTargets(route, ground.world);
    const ways = resolveRouteNextHops(route, { ...ground, netns: netns.name, targets });
    const isDefault = (text: string): boolean => text === DEFAULT_ROUTE_PREFIX[4] || text === DEFAULT_ROUTE_PREFIX[6];
    const families = targets === 'default' ? ways.families : targets.filter(isDefault).map(familyOf);
    if (route.table === RT_TABLE_MAIN) for (const family of families) defaults.add(family);
    return (targets === 'default' ? ways.families.map((family) => DEFAULT_ROUTE_PREFIX[family]) : targets).flatMap(
      (to) => toLabRoutes(to, route, { ground, netns: netns.name, ways, asked: targets === 'default' }),
    );
  });
  return { routes, defaults };
}

/** The resolved `via` and `dev` of a route. `families`: those that the route can have; all when it was not resolved. */
type RouteNextHops = { readonly families: readonly Family[]; readonly hops: readonly FamilyNextHop[] };

function resolveRouteNextHops(
  route: TopologyRoute,
  ground: NextHopContext & { readonly targets: 'default' | readonly string[] },
): RouteNextHops {
  const { world, netns, targets } = ground;
  if (route.type !== 'unicast') return { families: IP_FAMILIES, hops: [] };
  if (route.via.length > 0) {
    const families = targets === 'default' ? [] : [...new Set(targets.map(familyOf))];
    const wanted = families.length === 1 ? (families[0] ?? null) : null;
    const hops = route.via.flatMap((hop) => resolveNextHops(hop, route, { ...ground, wanted }));
    const found = IP_FAMILIES.filter((family) => hops.some((hop) => hop.family === family));
    return { families: found.length > 0 ? found : IP_FAMILIES, hops };
  }
  if (!route.dev) return { families: IP_FAMILIES, hops: [] };
  const device = resolveDevice(world, netns, route.dev);
  const families = targets === 'default' ? familiesOn(world, device) : IP_FAMILIES;
  const usable = device && device.link?.up !== false;
  const hop: LabHop | null = usable ? { via: null, dev: device.name, weight: 1, onlink: false } : null;
  return { families, hops: families.map((family) => ({ family, hop })) };
}

/** The families of a default route straight to a link: those of the link's addresses, else IPv4, as in `ip route`. */
function familiesOn(world: LabModel, device: NamedDevice | null): readonly Family[] {
  const placed = device?.link ? (world.addressesByLink.get(device.link) ?? []) : [];
  const families = IP_FAMILIES.filter((family) => placed.some(({ prefix }) => prefix.family === family));
  return families.length > 0 ? families : [4];
}

type RouteFamilyContext = {
  readonly ground: Omit<NextHopContext, 'netns'>;
  readonly netns: string;
  readonly ways: RouteNextHops;
  readonly asked: boolean;
};

function toLabRoutes(
  to: string,
  route: TopologyRoute,
  { ground, netns, ways, asked }: RouteFamilyContext,
): readonly LabRoute[] {
  const family = familyOf(to);
  const { report } = ground.world;
  const same = ways.hops.filter((hop) => hop.family === family);
  const hops = same.flatMap(({ hop }) => hop ?? []);
  if (!asked) for (const wrong of mixedFamilyProblems(route, to)) report(wrong);
  if (route.type === 'unicast' && hops.length === 0) return [];
  const src = route.src && familyOf(route.src.value) === family ? route.src.value : null;
  return [
    {
      netns,
      to,
      type: route.type,
      hops: route.type === 'unicast' ? hops : [],
      src,
      metric:
        route.metric === null || (family === 6 && route.metric === 0) ? DEFAULT_ROUTE_METRIC[family] : route.metric,
      table: route.table,
      mtu: route.mtu,
      at: route.at,
      implied: false,
    },
  ];
}

function mixedFamilyProblems(route: TopologyRoute, to: string): readonly ReturnType<typeof makeDiagnostic>[] {
  if ('object' === typeof route.to.value && 'ref' in route.to.value) return [];
  const family = familyOf(to);
  const hint = `write an ${formatFamily(family)} address, or another destination`;
  const vias = route.via.flatMap((hop) => ('address' in hop.to ? [{ value: hop.to.address, at: hop.at }] : []));
  return [...vias, ...(route.src ? [route.src] : [])]
    .filter(({ value }) => familyOf(value) !== family)
    .map(({ value, at }) =>
      makeDiagnostic('mixed-families', atValue(at), `cannot mix IPv4 and IPv6: ${value}, ${to}`, { hint }),
    );
}

/** The entry of `mixed-families` in docs/checks.md. */
export const mixedFamiliesDoc: CheckDoc = {
  name: 'mixed-families',
  code: 'NF2205',
  title: 'IPv4 and IPv6 mixed',
  explain:
    'A route has a destination of one family and a next hop, or a source, of the other; or a rule mixes families in `from` and `to`.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, routes: [{ to: "fd00:9::/64", via: 10.0.0.1 }] }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, routes: [{ to: 10.9.0.0/16, via: 10.0.0.1 }] }
`,
};
