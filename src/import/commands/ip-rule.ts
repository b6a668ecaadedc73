import type { Json } from '../../model/json.ts';
import { type JsonMap, omitEmpty } from '../result.ts';
import type { CommandReader } from './config.ts';
import { asPrefix, namedWords, numberOrText } from './named-words.ts';

const WORDS = {
  ...{ from: 'from', to: 'to', iif: 'iif', dev: 'iif', oif: 'oif', fwmark: 'mark', table: 'table', lookup: 'table' },
  ...{ priority: 'priority', pref: 'priority', preference: 'priority', order: 'priority', prio: 'priority' },
  ...{ tos: 'tos', dsfield: 'tos', ipproto: 'ipproto', sport: 'sport', dport: 'dport', uidrange: 'uidrange' },
  ...{ suppress_prefixlength: 'suppressPrefixLength', sup_pl: 'suppressPrefixLength' },
  ...{ suppress_ifgroup: 'suppressIfGroup', sup_group: 'suppressIfGroup' },
  ...{ goto: 'goto', realms: 'realms', realm: 'realms' },
};
const TYPES = ['blackhole', 'unreachable', 'prohibit'];

/** `ip rule add`. */
export const ipRule: CommandReader = (config, words, { nameOf }) => {
  const { plain, named } = namedWords(words, WORDS);
  const type = plain.find((word) => TYPES.includes(word));
  const more = plain.filter((word) => word !== 'not' && word !== 'l3mdev' && word !== type);
  const hasWay = type !== undefined || named.has('table') || named.has('goto') || plain.includes('l3mdev');
  if (more.length > 0 || !hasWay) return false;
  const link = (key: string): string | null => {
    const name = named.get(key);
    return name === undefined ? null : nameOf(name);
  };
  const options = optionsOf(named);
  if (options === null) return false;
  config.rules.push(
    omitEmpty({
      not: plain.includes('not') ? true : null,
      from: network(named.get('from')),
      to: network(named.get('to')),
      iif: link('iif'),
      oif: link('oif'),
      ...options,
      l3mdev: plain.includes('l3mdev') ? true : null,
      type: type ?? null,
    }),
  );
  return true;
};

const network = (text: string | undefined): string | null =>
  text === undefined || text === 'all' || text === 'any' || text === 'default' ? null : asPrefix(text);

/** What is written by its value; null: a group or a TOS by a name, which only the machine of the command knows. */
function optionsOf(named: ReadonlyMap<string, string>): JsonMap | null {
  const value = (key: string): Json => (named.has(key) ? numberOrText(named.get(key) ?? '') : null);
  const [tos, group] = [named.get('tos'), named.get('suppressIfGroup')];
  if (tos !== undefined && !/^(?:0x[0-9a-f]+|\d+)$/i.test(tos)) return null;
  if (group !== undefined && !/^\d+$/.test(group)) return null;
  return {
    ...{ mark: value('mark'), tos: tos === undefined ? null : Number(tos), ipproto: value('ipproto') },
    ...{ sport: value('sport'), dport: value('dport'), uidrange: value('uidrange'), table: value('table') },
    ...{ suppressPrefixLength: value('suppressPrefixLength'), suppressIfGroup: value('suppressIfGroup') },
    ...{ goto: value('goto'), realms: value('realms'), priority: value('priority') },
  };
}
