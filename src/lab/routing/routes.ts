import type { Diagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { RouteOptions } from '../../model/instruction.ts';
import type { LabHop, LabRoute } from '../../model/lab.ts';
import type { TopologyHop, TopologyNetns, TopologyRoute } from '../../model/topology.ts';
import { familyOf } from '../../net/address.ts';
import { type Family, IP_FAMILIES, type LabModel } from '../model.ts';
import { selectedOthers } from '../selectors/expand.ts';
import { type NamedDevice, resolveDevice } from '../wiring/resolve-device.ts';
import { createDirectRouteLookup } from './direct-routes.ts';
import { type FamilyNextHop, type NextHopContext, resolveNextHops } from './next-hops.ts';
import { routeFamilyProblems } from './route-families.ts';
import { resolveRouteTargets } from './route-targets.ts';

/** The metric that the kernel fills in, by family (IP6_RT_PRIO_USER). */
export const DEFAULT_ROUTE_METRIC = { 4: 0, 6: 1024 } as const;
export const DEFAULT_ROUTE_PREFIX = { 4: '0.0.0.0/0', 6: '::/0' } as const;

type NetnsRoutesContext = Omit<NextHopContext, 'netns' | 'direct'>;

/** The routes that a namespace writes, and its written default routes, as `table family`. */
export function resolveRoutes(
  netns: TopologyNetns,
  ground: NetnsRoutesContext,
): { readonly routes: readonly LabRoute[]; readonly defaults: ReadonlySet<string> } {
  const resolveAll = (written: readonly TopologyRoute[], direct: readonly LabRoute[]) => {
    const lookup = createDirectRouteLookup(ground.world, netns.name, direct);
    return written.map(
      (route) => [route, resolveRoute(route, { ...ground, netns: netns.name, direct: lookup })] as const,
    );
  };
  // The next hops of the others may be reached by those straight to a link.
  const written = netns.routes.map((route) => withSelectedHops(route, ground.world, netns.name));
  const direct = resolveAll(written.filter(isDirect), []);
  const others = resolveAll(
    written.filter((route) => !isDirect(route)),
    direct.flatMap(([, { routes }]) => routes),
  );
  const resolved = new Map([...direct, ...others]);
  const all = written.flatMap((route) => resolved.get(route) ?? []);
  for (const { problems } of all) for (const problem of problems) ground.world.report(problem);
  return {
    routes: all.flatMap(({ routes }) => routes),
    defaults: new Set(all.flatMap(({ defaults }) => defaults)),
  };
}

/** The route with a next hop for each namespace that is selected, apart from its own. */
function withSelectedHops(route: TopologyRoute, world: LabModel, netns: string): TopologyRoute {
  const via = route.via.flatMap((hop): readonly TopologyHop[] => {
    const others = hop.to === null ? null : selectedOthers(world, { value: hop.to, at: hop.at }, netns);
    return others?.map((to) => ({ ...hop, to })) ?? [hop];
  });
  return via.every((hop, i) => hop === route.via[i]) ? route : { ...route, via };
}

const isDirect = ({ type, via }: TopologyRoute): boolean => type === 'unicast' && via.every(({ to }) => to === null);

/** The routes of one entry, one for each destination; `defaults`: the default routes that it is, as `table family`. */
type ResolvedRoute = {
  readonly routes: readonly LabRoute[];
  readonly defaults: readonly string[];
  readonly problems: readonly Diagnostic[];
};

function resolveRoute(route: TopologyRoute, ground: NextHopContext): ResolvedRoute {
  const problems: Diagnostic[] = [];
  const world = { ...ground.world, report: (problem: Diagnostic) => void problems.push(problem) };
  const targets = resolveRouteTargets(route, world);
  const ways = resolveRouteNextHops(route, { ...ground, world, targets });
  const destinations = targets === 'default' ? ways.families.map((family) => DEFAULT_ROUTE_PREFIX[family]) : targets;
  const familyProblems = routeFamilyProblems(route, destinations);
  return {
    routes:
      familyProblems.length > 0
        ? []
        : destinations.flatMap((to) => toLabRoutes(to, route, { netns: ground.netns, ways })),
    defaults: destinations.filter((to) => DEFAULTS.has(to)).map((to) => defaultRouteKey(route.table, familyOf(to))),
    problems: [...problems, ...familyProblems],
  };
}

/** `table family`: what there is one default route of. */
export const defaultRouteKey = (table: number, family: Family): string => `${table} ${family}`;

const DEFAULTS: ReadonlySet<string> = new Set(Object.values(DEFAULT_ROUTE_PREFIX));

/** The resolved `via` and `dev` of a route. `families`: those that the route can have; all when it was not resolved. */
type RouteNextHops = { readonly families: readonly Family[]; readonly hops: readonly FamilyNextHop[] };

function resolveRouteNextHops(
  route: TopologyRoute,
  ground: NextHopContext & { readonly targets: 'default' | readonly string[] },
): RouteNextHops {
  const { targets } = ground;
  if (route.type !== 'unicast' && route.type !== 'local') return { families: IP_FAMILIES, hops: [] };
  const asked = targets === 'default' ? [] : [...new Set(targets.map(familyOf))];
  const wanted = asked.length === 1 ? (asked[0] ?? null) : null;
  const addressed = route.via.filter(({ to }) => to !== null);
  const hops = addressed.flatMap((hop) => resolveNextHops(hop, route, { ...ground, wanted }));
  const found = IP_FAMILIES.filter((family) => hops.some((hop) => hop.family === family));
  const isDefaultByLinks = targets === 'default' && addressed.length === 0;
  const families = found.length > 0 ? found : isDefaultByLinks ? null : IP_FAMILIES;
  const links = linksOf(route).flatMap((link) => resolveLinkHop(link, { ...ground, families }));
  return {
    families: families ?? IP_FAMILIES.filter((family) => links.some((hop) => hop.family === family)),
    hops: [...hops, ...links],
  };
}

type LinkHop = Pick<TopologyHop, 'weight'> & { readonly dev: NonNullable<TopologyHop['dev']> };

/** The hops that are a link alone. */
function linksOf({ via, dev }: TopologyRoute): readonly LinkHop[] {
  if (via.length === 0) return dev ? [{ dev, weight: 1 }] : [];
  return via.flatMap(({ to, dev, weight }) => (to === null && dev ? [{ dev, weight }] : []));
}

/** `families` null: those that the link has. */
function resolveLinkHop(
  { dev, weight }: LinkHop,
  { world, netns, families }: Pick<NextHopContext, 'world' | 'netns'> & { readonly families: readonly Family[] | null },
): readonly FamilyNextHop[] {
  const device = resolveDevice(world, netns, dev);
  const isUsable = device && device.link?.up !== false;
  const hop: LabHop | null = isUsable ? { via: null, dev: device.name, weight, onlink: false } : null;
  return (families ?? familiesOn(world, device)).map((family) => ({ family, hop }));
}

/** The families of a default route straight to a link: those of the link's addresses, else IPv4, as in `ip route`. */
function familiesOn(world: LabModel, device: NamedDevice | null): readonly Family[] {
  const placed = device?.link ? (world.addressesByLink.get(device.link) ?? []) : [];
  const families = IP_FAMILIES.filter((family) => placed.some(({ prefix }) => prefix.family === family));
  return families.length > 0 ? families : [4];
}

function toLabRoutes(
  to: string,
  route: TopologyRoute,
  { netns, ways }: { readonly netns: string; readonly ways: RouteNextHops },
): readonly LabRoute[] {
  const family = familyOf(to);
  const found = ways.hops.filter((hop) => hop.family === family).flatMap(({ hop }) => hop ?? []);
  const isLeading = route.type === 'unicast' || route.type === 'local';
  if (isLeading && found.length === 0) return [];
  // The kernel keeps no weight of a hop that is the only one.
  const hops = found.length === 1 ? found.map((hop) => ({ ...hop, weight: 1 })) : found;
  const src = route.src && familyOf(route.src.value) === family ? route.src.value : null;
  const options = optionsOf(route, hops);
  return [
    {
      netns,
      to,
      type: route.type,
      hops: isLeading ? hops : [],
      src,
      metric:
        route.metric === null || (family === 6 && route.metric === 0) ? DEFAULT_ROUTE_METRIC[family] : route.metric,
      table: route.table,
      mtu: route.mtu,
      ...(Object.keys(options).length > 0 ? { options } : {}),
      at: route.at,
      implied: false,
    },
  ];
}

/** Without a scope that the route has anyway. */
function optionsOf({ type, options }: TopologyRoute, hops: readonly LabHop[]): RouteOptions {
  const { scope, ...rest } = options;
  const isToLink = type === 'unicast' && hops.every(({ via }) => via === null);
  const usual = type === 'local' ? 'host' : isToLink ? 'link' : 'global';
  return scope === undefined || scope === usual ? rest : { ...rest, scope };
}
