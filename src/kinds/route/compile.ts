import { addressId, routeId } from '../../model/ids.ts';
import type { Lab, LabHop, LabRoute } from '../../model/lab.ts';
import type { Resource } from '../../model/resource.ts';
import { appendTo } from '../../model/values/group-by.ts';
import { prefixContainsText } from '../../net/prefix.ts';
import { linkDependencies } from '../links/link-attributes.ts';
import { hasHops, type RouteSpec, sortedHops } from './spec.ts';

/** After the links of its hops and their addresses, its source address, and the routes that make a next hop reachable. */
export function compileRoutes(lab: Lab): readonly Resource<RouteSpec>[] {
  const place = linkDependencies(lab);
  const before = prerequisites(lab);
  const lans = lanLabels(lab);
  return lab.routes.map((route) => {
    const { netns, to, type, src, metric, table, mtu, options, at } = route;
    const hops = hasHops(route) ? sortedHops(route.hops.map(hopOf)) : [];
    const { dependsOn, within } = place(
      netns,
      hops.map((hop) => hop.dev),
    );
    return {
      kind: 'route',
      id: routeId(netns, route),
      netns,
      spec: { to, type, hops, src, metric, table, mtu, ...options },
      dependsOn: [...new Set([...dependsOn, ...before(route)])],
      within,
      origin: at,
      note: route.reason ?? (route.implied ? noteOf(lans, route) : null),
    };
  });
}

const hopOf = ({ via, dev, weight, onlink }: LabHop): LabHop => ({ via, dev, weight, onlink });

function prerequisites(lab: Lab): (route: LabRoute) => readonly string[] {
  const addressed = new Set(lab.addresses.map(({ netns, dev }) => addressId(netns, dev)));
  const owners = new Map(
    lab.addresses.flatMap(({ netns, dev, prefixes }) =>
      prefixes.map((prefix) => [`${netns} ${prefix.split('/')[0]}`, addressId(netns, dev)] as const),
    ),
  );
  const direct = directRoutes(lab);
  return (route) => {
    const hops = route.hops.flatMap(({ via, dev, onlink }) => [
      ...[addressId(route.netns, dev)].filter((id) => addressed.has(id)),
      ...(via === null || onlink ? [] : (direct.get(`${route.netns} ${dev}`) ?? []))
        .filter((other) => other.to !== route.to && prefixContainsText(other.to, via ?? ''))
        .map((other) => routeId(other.netns, other)),
    ]);
    const source = owners.get(`${route.netns} ${route.src}`);
    return source === undefined ? hops : [...hops, source];
  };
}

/** By `netns dev`. */
function directRoutes(lab: Lab): ReadonlyMap<string, readonly LabRoute[]> {
  const routes = new Map<string, LabRoute[]>();
  for (const route of lab.routes.filter(isDirect)) {
    for (const { dev } of route.hops) appendTo(routes, `${route.netns} ${dev}`, route);
  }
  return routes;
}

/** A route straight to a link, other than a default one, that another's next hop may be reached through. */
const isDirect = ({ type, to, hops }: LabRoute): boolean =>
  type === 'unicast' && !to.endsWith('/0') && hops.every((hop) => hop.via === null);

/** The LAN's label by `netns dev` of its members. */
function lanLabels(lab: Lab): ReadonlyMap<string, string> {
  return new Map(
    lab.lans.flatMap(({ label, members }) => members.map(({ netns, dev }) => [`${netns} ${dev}`, label] as const)),
  );
}

function noteOf(lans: ReadonlyMap<string, string>, { netns, hops }: LabRoute): string {
  const label = lans.get(`${netns} ${hops[0]?.dev}`);
  return label === undefined ? 'default route' : `default route of ${label}`;
}
