import type { Json } from '../../model/json.ts';
import type { RouteLive } from '../../model/kernel/live-state.ts';
import {
  isLearnedRoute,
  RT_TABLE_LOCAL,
  RT_TABLE_MAIN,
  RTPROT_KERNEL,
  RTPROT_RA,
  RTPROT_REDIRECT,
} from '../../model/kernel/rtnetlink.ts';
import { unknownText } from '../../model/kernel/unknown-attribute.ts';
import { familyOf } from '../../net/address.ts';
import { prefixContainsText } from '../../net/prefix.ts';
import { endpointSubnets, type ImportModel, importNetnsState, netnsDisplayName } from '../model.ts';
import { type JsonMap, omitEmpty, oneOrList } from '../result.ts';

/** Protocols of routes that no user or program wrote. */
const NOT_WRITTEN = new Set([RTPROT_REDIRECT, RTPROT_KERNEL, RTPROT_RA]);

/** The static routes, without those that follow from a gateway and those that a routing daemon brings. `links`: the imported links of the namespace. */
export function importRoutes(
  found: ImportModel,
  netns: string,
  { links, implied }: { readonly links: ReadonlySet<string>; readonly implied: ReadonlySet<RouteLive> },
): readonly JsonMap[] {
  const isWhole = netns !== 'host' || found.choice.host === 'whole';
  const candidates = (importNetnsState(found, netns)?.routes ?? [])
    .filter((route) => !NOT_WRITTEN.has(route.protocol) && !isLearnedRoute(route.protocol) && !implied.has(route))
    .filter((route) => isWhole || route.hops.length > 0);
  const all = candidates.map((route) => {
    // Every machine has `lo`.
    const isOnImported = route.hops.every(({ dev }) => links.has(dev) || (dev === 'lo' && isWhole));
    const problem = routeProblem(route);
    if (problem !== null && isOnImported) found.unknown(`route ${route.to} of ${netnsDisplayName(netns)}: ${problem}`);
    if (!isOnImported && isWhole && netns !== 'host')
      found.unknown(`route ${route.to} of ${netnsDisplayName(netns)}: by a link that is not imported`);
    return { route, isWritten: isOnImported && problem === null };
  });
  const written = all.flatMap(({ route, isWritten }) => (isWritten ? [route] : []));
  const way = createWayLookup(found, netns, written);
  return written.map((route) => routeOf(route, way));
}

/** Why a topology cannot have a route; null: it can. */
function routeProblem(route: RouteLive): string | null {
  const { hops, mtu, lock = [] } = route;
  const more = unknownText(route);
  if (more !== '') return more;
  if (mtu !== null && mtu < LEAST_MTU) return `mtu ${mtu}`;
  const others = lock.filter((name) => name !== 'rto_min' && !isLocked(route, name));
  if (others.length > 0) return `lock ${others.join(' and ')}`;
  if (lock.includes('rto_min') !== (route.rtoMin !== undefined)) return 'rto_min without its lock';
  if (hops.some(({ onlink }) => onlink) && !hops.every(({ via, onlink }) => via !== null && onlink))
    return 'onlink at one next hop and not at another';
  const isLeading = route.type === 'unicast' || route.type === 'local';
  return isLeading && hops.length === 0 ? 'without a next hop' : null;
}

/** The least MTU of a topology. */
const LEAST_MTU = 68;

/** Whether a topology can lock a metric that the route has. */
const isLocked = (route: RouteLive, name: string): boolean =>
  LOCKS.some((lock) => lock === name && (route[lock] ?? null) !== null);

const LOCKS = ['mtu', 'window', 'rtt', 'advmss', 'initcwnd', 'initrwnd'] as const;

type RouteHop = RouteLive['hops'][number];

/** How a next hop is reached: whether only `onlink` says so, and whether another link could be meant. */
type NextHopWay = { readonly isOffLink: boolean; readonly isOnAnother: boolean };
type NextHopWayLookup = (hop: RouteHop, table: number) => NextHopWay;

/** By the subnets of the links, and by the routes straight to a link that are written, too. */
function createWayLookup(found: ImportModel, netns: string, written: readonly RouteLive[]): NextHopWayLookup {
  const links = [...(importNetnsState(found, netns)?.links.values() ?? [])];
  const subnets = links.flatMap((link) =>
    endpointSubnets(found, { netns, link }).map((to) => ({ to, dev: link.name, table: RT_TABLE_MAIN })),
  );
  const direct = written.flatMap(({ type, to, table, hops }) =>
    type === 'unicast' && !to.endsWith('/0') && hops.every(({ via }) => via === null)
      ? hops.map(({ dev }) => ({ to, dev, table }))
      : [],
  );
  const ways = [...subnets, ...direct];
  return ({ via, dev }, table) => {
    if (via === null || via.startsWith('fe80:')) return { isOffLink: false, isOnAnother: false };
    const fitting = ways.filter(
      (way) => (way.table === table || way.table === RT_TABLE_MAIN) && prefixContainsText(way.to, via),
    );
    return {
      isOffLink: links.some(({ name }) => name === dev) && !fitting.some((way) => way.dev === dev),
      isOnAnother: fitting.some((way) => way.dev !== dev),
    };
  };
}

function routeOf(route: RouteLive, wayOf: NextHopWayLookup): JsonMap {
  const { to, type, hops, src, metric, table, mtu } = route;
  const [first] = hops;
  const direct = hops.every(({ via }) => via === null);
  const isOnlink = (hop: RouteHop): boolean => hop.onlink || wayOf(hop, table).isOffLink;
  const needsDev = (hop: RouteHop): boolean =>
    hop.via === null || hop.via.startsWith('fe80:') || isOnlink(hop) || wayOf(hop, table).isOnAnother;
  const isSeveral = hops.length > 1;
  return omitEmpty({
    to: isDefaultWord(route) ? 'default' : to,
    type: type === 'unicast' ? null : type,
    via: direct && !isSeveral ? null : oneOrList(hops.map((hop) => (isSeveral ? viaOf(hop, needsDev(hop)) : hop.via))),
    dev: first && !isSeveral && needsDev(first) ? first.dev : null,
    src,
    metric: metric === (to.includes(':') ? 1024 : 0) ? null : metric,
    table: table === (type === 'local' ? RT_TABLE_LOCAL : RT_TABLE_MAIN) ? null : tableOf(table),
    onlink: hops.some(isOnlink) ? true : null,
    mtu,
    ...optionsOf(route),
  });
}

const tableOf = (table: number): Json => (table === RT_TABLE_MAIN ? 'main' : table);

/** The family of `default` is that of the next hops' addresses. */
const isDefaultWord = ({ to, hops }: RouteLive): boolean => {
  const addresses = hops.flatMap(({ via }) => via ?? []);
  return to.endsWith('/0') && addresses.length > 0 && addresses.every((via) => familyOf(via) === familyOf(to));
};

function optionsOf(route: RouteLive): JsonMap {
  const { tos, window, rtt, advmss, initcwnd, rtoMin, initrwnd, quickack, lock = [], realms, pref, scope } = route;
  return omitEmpty({
    ...{ tos, advmss, initcwnd, initrwnd, window },
    rtt: rtt === undefined ? null : `${rtt}ms`,
    rtoMin: rtoMin === undefined ? null : `${rtoMin}ms`,
    quickack,
    lock: oneOrList(lock.filter((name) => name !== 'rto_min')),
    realms: realms === undefined || realms.includes('/') ? realms : Number(realms),
    pref,
    scope,
  });
}

function viaOf({ via, dev, weight }: RouteHop, needsDev: boolean): Json {
  if (weight === 1 && !needsDev) return via;
  return omitEmpty({ to: via, dev: needsDev ? dev : null, weight: weight === 1 ? null : weight });
}
