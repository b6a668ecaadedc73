import type { Json } from '../../model/json.ts';
import { type JsonMap, omitEmpty, oneOrList } from '../result.ts';
import type { CommandConfig, CommandContext } from './config.ts';
import { isAddressText, namedWords, numberOrText } from './named-words.ts';

const WORDS = {
  ...{ via: 'via', dev: 'dev', oif: 'dev', metric: 'metric', priority: 'metric', preference: 'metric', to: 'to' },
  ...{ table: 'table', src: 'src', mtu: 'mtu', proto: 'proto', protocol: 'proto', scope: 'scope', weight: 'weight' },
  ...{ tos: 'tos', dsfield: 'tos', advmss: 'advmss', initcwnd: 'initcwnd', initrwnd: 'initrwnd', window: 'window' },
  ...{ rtt: 'rtt', rto_min: 'rtoMin', quickack: 'quickack', realms: 'realms', realm: 'realms', pref: 'pref' },
};
const TYPES = ['blackhole', 'unreachable', 'prohibit', 'throw', 'local'];

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
  const { words: unlocked, locks } = takeLocks(withoutFamily(words));
  const [head = [], ...hops] = splitAt(unlocked, 'nexthop');
  const { plain, named } = namedWords(head, WORDS);
  const type = plain.find((word) => TYPES.includes(word)) ?? null;
  const isOnlink = plain.includes('onlink');
  const others = plain.filter((word) => word !== type && word !== 'onlink' && word !== 'unicast');
  const to = named.get('to') ?? others[0];
  if (to === undefined || others.length > (named.has('to') ? 0 : 1)) return null;
  if (to !== 'default' && !isAddressText(to)) return null;
  const via = named.get('via');
  const options = optionsOf(named, locks);
  if (options === null || (via !== undefined && !isAddressText(via))) return null;
  const dev = named.get('dev');
  const needsDev = via === undefined || via.startsWith('fe80:') || isOnlink;
  const several = hops.map((hop) => hopOf(hop, nameOf));
  if (several.includes(null)) return null;
  const isEverything = to === '0.0.0.0/0' || to === '::/0' || to === 'default';
  const isByOther = via?.includes(':') && (to.includes('.') || (to === 'default' && words.includes('inet6')));
  return omitEmpty({
    to: isEverything && !isByOther && !(via === undefined && hops.length === 0) ? 'default' : everything(to, family),
    type,
    via: via ?? oneOrList(several),
    dev: needsDev && dev !== undefined ? nameOf(dev) : null,
    src: named.get('src') ?? null,
    ...options,
    onlink: isOnlink ? true : null,
  });
}

/** `via inet6 fe80::1`: the address says its family. */
const withoutFamily = (words: readonly string[]): readonly string[] =>
  words.filter((word, i) => !(words[i - 1] === 'via' && /^inet6?$/.test(word)));

/** `mtu lock 1400` as `mtu 1400`, with the names that are locked. */
function takeLocks(words: readonly string[]): { readonly words: readonly string[]; readonly locks: readonly string[] } {
  const isLock = (i: number): boolean => words[i] === 'lock' && LOCKS.includes(words[i - 1] ?? '');
  return { words: words.filter((_, i) => !isLock(i)), locks: words.filter((_, i) => isLock(i + 1)) };
}

const LOCKS = ['mtu', 'advmss', 'initcwnd', 'initrwnd', 'window', 'rtt', 'rto_min'];

/** What a route has beside its way; null: something that a topology cannot say. */
function optionsOf(named: ReadonlyMap<string, string>, locks: readonly string[]): JsonMap | null {
  const number = (key: string): Json => (named.has(key) ? numberOrText(named.get(key) ?? '') : null);
  const [tos, quickack, pref] = ['tos', 'quickack', 'pref'].map((key) => named.get(key));
  const times = ['rtt', 'rtoMin'].map((key) => named.get(key));
  // A time without a unit is in ticks.
  if (times.some((time) => time !== undefined && !/^\d+m?s$/.test(time))) return null;
  if (tos !== undefined && !/^(?:0x[0-9a-f]+|\d+)$/i.test(tos)) return null;
  if (!['global', 'link', undefined].includes(named.get('scope'))) return null;
  const [rtt = null, rtoMin = null] = times;
  return {
    ...{ metric: number('metric'), table: number('table'), mtu: number('mtu'), tos: tos ? Number(tos) : null },
    ...{ advmss: number('advmss'), initcwnd: number('initcwnd'), initrwnd: number('initrwnd') },
    ...{ window: number('window'), rtt, rtoMin, quickack: quickack === '1' ? true : null },
    ...{ lock: oneOrList(locks.filter((name) => name !== 'rto_min')), realms: number('realms') },
    pref: pref === 'medium' ? null : (pref ?? null),
  };
}

/** A default route to a link alone names its family. */
const everything = (to: string, family: 4 | 6): string =>
  to === 'default' ? (family === 4 ? '0.0.0.0/0' : '::/0') : to;

function hopOf(words: readonly string[], nameOf: (link: string) => string): Json {
  const { plain, named } = namedWords(words, { via: 'via', dev: 'dev', oif: 'dev', weight: 'weight' });
  const [via, weight, dev] = ['via', 'weight', 'dev'].map((key) => named.get(key));
  if ((via === undefined && dev === undefined) || plain.length > 0) return null;
  const needsDev = dev !== undefined && (via === undefined || via.startsWith('fe80:'));
  if (!needsDev && (weight === undefined || weight === '1')) return via ?? null;
  return omitEmpty({
    to: via ?? null,
    dev: needsDev ? nameOf(dev) : null,
    weight: weight === undefined || weight === '1' ? null : Number(weight),
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
