import type { NumberRange } from '../model/instruction.ts';
import { type Json, sameJson } from '../model/json.ts';
import type { RouteLive, RuleLive } from '../model/kernel/live-state.ts';
import {
  RT_TABLE_DEFAULT,
  RT_TABLE_MAIN,
  RTPROT_KERNEL,
  RTPROT_RA,
  RTPROT_REDIRECT,
} from '../model/kernel/rtnetlink.ts';
import { unknownText, type WithUnknown } from '../model/kernel/unknown-attribute.ts';
import { familyOf } from '../net/address.ts';
import { ipProtocolName } from '../net/ip-protocols.ts';
import { formatPrefix, networkPrefix, parsePrefix, prefixContainsText } from '../net/prefix.ts';
import { addressPeers, endpointAddresses, type ImportModel, importNetnsState, netnsDisplayName } from './model.ts';
import { type JsonMap, omitEmpty, oneOrList } from './result.ts';

/** Protocols of routes that no user or program wrote. */
const NOT_WRITTEN = new Set([RTPROT_REDIRECT, RTPROT_KERNEL, RTPROT_RA]);

/** The static routes, without those that follow from a gateway. `links`: the imported links of the namespace. */
export function importRoutes(
  found: ImportModel,
  netns: string,
  { links, implied }: { readonly links: ReadonlySet<string>; readonly implied: ReadonlySet<RouteLive> },
): readonly JsonMap[] {
  const isWhole = netns !== 'host' || found.choice.host === 'whole';
  return (importNetnsState(found, netns)?.routes ?? [])
    .filter((route) => !NOT_WRITTEN.has(route.protocol) && !implied.has(route))
    .filter((route) => isWhole || route.hops.length > 0)
    .flatMap((route) => {
      const problem = routeProblem(route) ?? peerProblem(found, netns, route);
      const isOnImported = route.hops.every(({ dev }) => links.has(dev));
      if (isOnImported && problem === null) return [routeOf(route, found, netns)];
      const why = isOnImported ? problem : 'by a link that is not imported';
      if (isOnImported || (isWhole && netns !== 'host'))
        found.unknown(`route ${route.to} of ${netnsDisplayName(netns)}: ${why}`);
      return [];
    })
    .concat(peerRoutes(found, netns, links));
}

/** Why a topology cannot have a route; null: it can. */
function routeProblem(route: RouteLive): string | null {
  const { to, hops } = route;
  const more = unknownWords(route, ROUTE_WORDS);
  if (more !== '') return more;
  const bare = hops.length > 1 ? hops.find(({ via }) => via === null) : undefined;
  if (bare) return `one of several next hops is a link alone, ${bare.dev}`;
  const foreign = hops.find(({ via }) => via !== null && familyOf(via) !== familyOf(to));
  return foreign ? `its next hop ${foreign.via} is of the other family` : null;
}

/** An address with a peer is not adopted, and a route by it would have no subnet. */
function peerProblem(found: ImportModel, netns: string, { hops, src }: RouteLive): string | null {
  const peers = found.choice.purpose === 'adopt' ? addressPeers(found, netns) : [];
  const isByPeer = peers.some(
    ({ peer, address }) =>
      src === address || hops.some(({ via }) => via !== null && prefixContainsText(formatNetwork(peer), via)),
  );
  return isByPeer ? 'by the peer of an address' : null;
}

const formatNetwork = (text: string): string => {
  const prefix = parsePrefix(text);
  return prefix ? formatPrefix(networkPrefix(prefix)) : text;
};

/** The routes that the kernel makes to the other ends of point-to-point addresses. */
const peerRoutes = (found: ImportModel, netns: string, links: ReadonlySet<string>): readonly JsonMap[] =>
  (found.choice.purpose === 'copy' ? addressPeers(found, netns) : [])
    .filter(({ dev }) => links.has(dev))
    .map(({ dev, peer }) => ({ to: formatNetwork(peer), dev }));

type RouteHop = RouteLive['hops'][number];

function routeOf({ to, type, hops, src, metric, table, mtu }: RouteLive, found: ImportModel, netns: string): JsonMap {
  const [first] = hops;
  const direct = hops.every(({ via }) => via === null);
  const isDefault = to === '0.0.0.0/0' || (to === '::/0' && hops.some(({ via }) => via !== null));
  const isOnlink = (hop: RouteHop): boolean => hop.onlink || isOffLink(found, netns, hop);
  const needsDev = (hop: RouteHop): boolean =>
    hop.via === null || hop.via.startsWith('fe80:') || isOnlink(hop) || isOnAnother(found, netns, hop);
  return omitEmpty({
    to: isDefault && !(to === '0.0.0.0/0' && direct) ? 'default' : to,
    type: type === 'unicast' ? null : type,
    via: direct ? null : oneOrList(hops.map((hop) => (hops.length === 1 ? hop.via : viaOf(hop, needsDev(hop))))),
    dev: first && hops.length === 1 && needsDev(first) ? first.dev : null,
    src,
    metric: metric === (to.includes(':') ? 1024 : 0) ? null : metric,
    table: table === RT_TABLE_MAIN ? null : table,
    onlink: hops.some(isOnlink) ? true : null,
    mtu,
  });
}

function viaOf({ via, dev, weight }: RouteHop, needsDev: boolean): Json {
  if (weight === 1 && !needsDev) return via;
  return omitEmpty({ to: via, dev: needsDev ? dev : null, weight: weight === 1 ? null : weight });
}

/** Whether a next hop is reached by a host route rather than a subnet, which a topology has to say. */
function isOffLink(found: ImportModel, netns: string, hop: RouteHop): boolean {
  const { via, dev } = hop;
  if (via === null || via.startsWith('fe80:')) return false;
  const link = importNetnsState(found, netns)?.links.get(dev);
  return link !== undefined && !holds(endpointAddresses(found, { netns, link }), via);
}

/** Whether a next hop is in a subnet of another link, too. */
function isOnAnother(found: ImportModel, netns: string, { via, dev }: RouteHop): boolean {
  const others = [...(importNetnsState(found, netns)?.links.values() ?? [])].filter(({ name }) => name !== dev);
  return others.some((link) => holds(endpointAddresses(found, { netns, link }), via ?? ''));
}

const holds = (prefixes: readonly string[], address: string): boolean =>
  prefixes.some((prefix) => prefixContainsText(prefix, address));

/** The rules that are not the kernel's own. */
export function importRules(found: ImportModel, netns: string): readonly JsonMap[] {
  const all = (importNetnsState(found, netns)?.rules ?? []).filter(({ protocol }) => protocol !== RTPROT_KERNEL);
  return all.flatMap((rule) => {
    const more = unknownText(rule);
    // Twins of both families are one rule of a file.
    if (more === '' && isTwin(rule, all)) return [];
    if (more === '') return [hasTwin(rule, all) ? omitAll(ruleOf(rule)) : ruleOf(rule)];
    found.unknown(`rule ${rule.priority} of ${netnsDisplayName(netns)}: ${more}`);
    return [];
  });
}

/** Whether the other family has the same rule, without a prefix; the one of IPv6 is then not written. */
const hasTwin = (rule: RuleLive, all: readonly RuleLive[]): boolean =>
  rule.from === null && rule.to === null && all.some((one) => one.family !== rule.family && isSameRule(one, rule));

const isTwin = (rule: RuleLive, all: readonly RuleLive[]): boolean => rule.family === 6 && hasTwin(rule, all);

const isSameRule = (one: RuleLive, other: RuleLive): boolean =>
  sameJson({ ...one, family: 4, protocol: 0 }, { ...other, family: 4, protocol: 0 });

const omitAll = ({ from: _all, ...rule }: JsonMap): JsonMap => rule;

function ruleOf({ family, from, to, iif, oif, mark, table, priority, action, ...rest }: RuleLive): JsonMap {
  const all = mark?.mask === 0xffffffff;
  const { not, tos, ipproto, sport, dport, uidrange, l3mdev, realms } = rest;
  return omitEmpty({
    not,
    // Without a prefix a rule of a file is for both families.
    from: from ?? (to === null ? ALL[family] : null),
    to,
    iif,
    oif,
    mark: mark && (all ? mark.value : `0x${mark.value.toString(16)}/0x${mark.mask.toString(16)}`),
    tos,
    ipproto: ipproto === undefined ? null : ipProtocolWord(ipproto),
    sport: sport && rangeWord(sport),
    dport: dport && rangeWord(dport),
    uidrange: uidrange && rangeWord(uidrange),
    l3mdev,
    table: action === 'lookup' && !l3mdev ? tableWord(table) : null,
    suppressPrefixLength: rest.suppressPrefixLength,
    suppressIfGroup: rest.suppressIfGroup,
    goto: rest.goto,
    realms: realms === undefined || realms.includes('/') ? realms : Number(realms),
    priority,
    type: action === 'lookup' || action === 'goto' ? null : action,
  });
}

const ALL = { 4: '0.0.0.0/0', 6: '::/0' } as const;

const rangeWord = ({ first, last }: NumberRange): Json => (first === last ? first : `${first}-${last}`);

function ipProtocolWord(number: number): Json {
  const name = ipProtocolName(number);
  return name === String(number) ? number : name;
}

const tableWord = (table: number): Json =>
  table === RT_TABLE_MAIN ? 'main' : table === RT_TABLE_DEFAULT ? 'default' : table;

/** The permanent neighbour entries on imported links. */
export const importNeighbours = (found: ImportModel, netns: string, links: ReadonlySet<string>): readonly JsonMap[] =>
  (found.inventory.live.get({ need: 'neighbours', netns }) ?? [])
    .filter(({ permanent, unknown, dev }) => (permanent || unknown) && links.has(dev))
    .flatMap((neighbour) => {
      const { to, mac, dev } = neighbour;
      if (!neighbour.unknown) return [{ to, mac, dev }];
      found.unknown(`neighbour ${to} on ${dev} of ${netnsDisplayName(netns)}: ${unknownText(neighbour)}`);
      return [];
    });

const ROUTE_WORDS = new Set(['to', 'type', 'hops', 'src', 'metric', 'table', 'mtu', 'protocol', 'unknown']);
/** What an object has beyond the words, as text; empty text for one that can be written. */
function unknownWords(value: WithUnknown, words: ReadonlySet<string>): string {
  const more = Object.entries(value).filter(([name]) => !words.has(name));
  const options = more.map(([name, one]) => ({
    name,
    value: typeof one === 'object' ? JSON.stringify(one) : String(one),
  }));
  return unknownText({ unknown: [...options, ...(value.unknown ?? [])] });
}
