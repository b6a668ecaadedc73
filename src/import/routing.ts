import type { Json } from '../model/json.ts';
import type { RouteLive, RuleLive } from '../model/kernel/live-state.ts';
import {
  RT_TABLE_DEFAULT,
  RT_TABLE_MAIN,
  RTPROT_KERNEL,
  RTPROT_RA,
  RTPROT_REDIRECT,
} from '../model/kernel/rtnetlink.ts';
import { unknownText, type WithUnknown } from '../model/kernel/unknown-attribute.ts';
import { type ImportModel, importNetnsState, netnsDisplayName } from './model.ts';
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
      const more = unknownWords(route, ROUTE_WORDS);
      if (more !== '') {
        found.unknown(`route ${route.to} of ${netnsDisplayName(netns)}: ${more}`);
        return [];
      }
      if (route.hops.every(({ dev }) => links.has(dev))) return [routeOf(route)];
      if (isWhole && netns !== 'host')
        found.unknown(`route ${route.to} of ${netnsDisplayName(netns)}: by a link that is not imported`);
      return [];
    });
}

function routeOf({ to, type, hops, src, metric, table, mtu }: RouteLive): JsonMap {
  const [first] = hops;
  const direct = hops.every(({ via }) => via === null);
  const isDefault = to === '0.0.0.0/0' || (to === '::/0' && hops.some(({ via }) => via !== null));
  return omitEmpty({
    to: isDefault && !(to === '0.0.0.0/0' && direct) ? 'default' : to,
    type: type === 'unicast' ? null : type,
    via: direct ? null : oneOrList(hops.map((hop) => viaOf(hop, hops.length))),
    dev: first && hops.length === 1 && (direct || first.via?.startsWith('fe80:') || first.onlink) ? first.dev : null,
    src,
    metric: metric === (to.includes(':') ? 1024 : 0) ? null : metric,
    table: table === RT_TABLE_MAIN ? null : table,
    onlink: hops.some(({ onlink }) => onlink) ? true : null,
    mtu,
  });
}

function viaOf({ via, dev, weight }: RouteLive['hops'][number], count: number): Json {
  if (count === 1 || (weight === 1 && via !== null && !via.startsWith('fe80:'))) return via;
  return omitEmpty({ to: via, dev: via?.startsWith('fe80:') ? dev : null, weight: weight === 1 ? null : weight });
}

/** The rules that are not the kernel's own. */
export const importRules = (found: ImportModel, netns: string): readonly JsonMap[] =>
  (importNetnsState(found, netns)?.rules ?? [])
    .filter(({ protocol }) => protocol !== RTPROT_KERNEL)
    .flatMap((rule) => {
      const more = unknownWords(rule, RULE_WORDS);
      if (more === '') return [ruleOf(rule)];
      found.unknown(`rule ${rule.priority} of ${netnsDisplayName(netns)}: ${more}`);
      return [];
    });

function ruleOf({ from, to, iif, oif, mark, table, priority, action }: RuleLive): JsonMap {
  const all = mark?.mask === 0xffffffff;
  return omitEmpty({
    from,
    to,
    iif,
    oif,
    mark: mark && (all ? mark.value : `0x${mark.value.toString(16)}/0x${mark.mask.toString(16)}`),
    table: action === 'lookup' ? tableWord(table) : null,
    priority,
    type: action === 'lookup' ? null : action,
  });
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
const RULE_WORDS = new Set('family from to iif oif mark table priority action protocol unknown'.split(' '));

/** What an object has beyond the words, as text; empty text for one that can be written. */
function unknownWords(value: WithUnknown, words: ReadonlySet<string>): string {
  const more = Object.entries(value).filter(([name]) => !words.has(name));
  const options = more.map(([name, one]) => ({
    name,
    value: typeof one === 'object' ? JSON.stringify(one) : String(one),
  }));
  return unknownText({ unknown: [...options, ...(value.unknown ?? [])] });
}
