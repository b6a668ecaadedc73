import type { Json } from '../../model/json.ts';
import { type JsonMap, omitEmpty, oneOrList } from '../result.ts';
import type { CommandConfig, CommandContext } from './config.ts';
import { isAddressText, namedWords, numberOrText } from './named-words.ts';

const WORDS = {
  ...{ via: 'via', dev: 'dev', oif: 'dev', metric: 'metric', priority: 'metric', preference: 'metric', to: 'to' },
  ...{ table: 'table', src: 'src', mtu: 'mtu', proto: 'proto', protocol: 'proto', scope: 'scope', weight: 'weight' },
};
const TYPES = ['blackhole', 'unreachable', 'prohibit'];

type RouteContext = CommandContext & { readonly family: 4 | 6 };

/** `ip route add|del`. */
export function ipRoute(
  config: CommandConfig,
  [verb = '', ...words]: readonly string[],
  context: RouteContext,
): boolean {
  if (verb === 'delete') return deleteRoute(config, words);
  const route = verb === 'add' ? routeOf(words, context) : null;
  if (route) config.routes.push(route);
  return route !== null;
}

function routeOf(words: readonly string[], { nameOf, family }: RouteContext): JsonMap | null {
  const [head = [], ...hops] = splitAt(words, 'nexthop');
  const { plain, named } = namedWords(head, WORDS);
  const type = plain.find((word) => TYPES.includes(word)) ?? null;
  const isOnlink = plain.includes('onlink');
  const others = plain.filter((word) => word !== type && word !== 'onlink' && word !== 'unicast');
  const to = named.get('to') ?? others[0];
  if (to === undefined || others.length > (named.has('to') ? 0 : 1)) return null;
  if (to !== 'default' && !isAddressText(to)) return null;
  const via = named.get('via');
  if (!['global', 'link', undefined].includes(named.get('scope')) || (via !== undefined && !isAddressText(via)))
    return null;
  const dev = named.get('dev');
  const needsDev = via === undefined || via.startsWith('fe80:') || isOnlink;
  const several = hops.map((hop) => hopOf(hop, nameOf));
  if (several.includes(null)) return null;
  const number = (key: string): Json => (named.has(key) ? numberOrText(named.get(key) ?? '') : null);
  const isEverything = to === '0.0.0.0/0' || to === '::/0' || to === 'default';
  return omitEmpty({
    to: isEverything && !(via === undefined && hops.length === 0) ? 'default' : everything(to, family),
    type,
    via: via ?? oneOrList(several),
    dev: needsDev && dev !== undefined ? nameOf(dev) : null,
    src: named.get('src') ?? null,
    metric: number('metric'),
    table: number('table'),
    mtu: number('mtu'),
    onlink: isOnlink ? true : null,
  });
}

/** A default route to a link alone names its family. */
const everything = (to: string, family: 4 | 6): string =>
  to === 'default' ? (family === 4 ? '0.0.0.0/0' : '::/0') : to;

function hopOf(words: readonly string[], nameOf: (link: string) => string): Json {
  const { plain, named } = namedWords(words, WORDS);
  const via = named.get('via');
  if (via === undefined || plain.length > 0) return null;
  const [weight, dev] = [named.get('weight'), named.get('dev')];
  const needsDev = via.startsWith('fe80:') && dev !== undefined;
  if (!needsDev && (weight === undefined || weight === '1')) return via;
  return omitEmpty({
    to: via,
    dev: needsDev ? nameOf(dev) : null,
    weight: weight === undefined ? null : Number(weight),
  });
}

function splitAt(words: readonly string[], separator: string): readonly (readonly string[])[] {
  const parts: string[][] = [[]];
  for (const word of words) {
    if (word === separator) parts.push([]);
    else parts.at(-1)?.push(word);
  }
  return parts;
}

/** A default route that is deleted is one of the lines before, or the one that the node began with. */
function deleteRoute(config: CommandConfig, words: readonly string[]): boolean {
  const { plain, named } = namedWords(words, WORDS);
  const [to = named.get('to')] = plain;
  if (to === undefined) return false;
  const table = named.has('table') ? numberOrText(named.get('table') ?? '') : undefined;
  const at = config.routes.findIndex((route) => route['to'] === to && route['table'] === table);
  if (at >= 0) config.routes.splice(at, 1);
  else if (to === 'default' && table === undefined) config.hasDefaultDeleted = true;
  return at >= 0 || (to === 'default' && table === undefined);
}
