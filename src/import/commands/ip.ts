import { omitEmpty } from '../result.ts';
import { type CommandConfig, type CommandReader, linkConfig } from './config.ts';
import { ipLink } from './ip-link.ts';
import { ipRoute } from './ip-route.ts';
import { ipRule } from './ip-rule.ts';
import { tunnelKind } from './link-kinds.ts';
import { asPrefix, isAddressText, namedWords } from './named-words.ts';

const ADD = /^(?:a|add|r|replace|change|append|prepend)$/;
const DELETE = /^(?:d|del|delete)$/;

/** `ip [-4|-6] OBJECT …`. */
export const readIpCommand: CommandReader = (config, words, context) => {
  const [object = '', command = '', ...rest] = words.filter((word) => !/^-(?:4|6|f|force|batch)$/.test(word));
  const verb = ADD.test(command) ? 'add' : DELETE.test(command) ? 'delete' : command;
  const family = words.includes('-6') ? 6 : 4;
  if (isObject(object, 'address', 1)) return ipAddress(config, [verb, ...rest], context);
  if (isObject(object, 'link', 1)) return ipLink(config, [verb, ...rest], context);
  if (isObject(object, 'route', 1)) return ipRoute(config, [verb, ...rest], { ...context, family });
  if (isObject(object, 'rule', 2)) return verb === 'add' && ipRule(config, rest, context);
  if (isObject(object, 'neighbour', 1) || object === 'neighbor')
    return verb === 'add' && ipNeighbour(config, rest, context);
  if (isObject(object, 'tunnel', 3)) return verb === 'add' && ipTunnel(config, rest, context);
  if (isObject(object, 'tuntap', 4)) return verb === 'add' && ipTuntap(config, rest, context);
  return false;
};

/** `ip tunnel add NAME mode gre remote …`. */
const ipTunnel: CommandReader = (config, words, { nameOf }) => {
  const { plain, named } = namedWords(words, {
    ...{ name: 'name', mode: 'mode', remote: 'remote', local: 'local', dev: 'dev', key: 'key' },
    ...{ ttl: 'ttl', hoplimit: 'ttl' },
  });
  const name = named.get('name') ?? plain[0];
  const dev = named.get('dev');
  const rest = new Map([...named].filter(([key]) => key !== 'name'));
  const kind = tunnelKind(rest, dev === undefined ? null : nameOf(dev));
  if (name === undefined || plain.length > (named.has('name') ? 0 : 1) || kind === null) return false;
  linkConfig(config, nameOf(name)).kind = kind;
  return true;
};

/** `ip tuntap add dev NAME mode tap user …`. */
const ipTuntap: CommandReader = (config, words, { nameOf }) => {
  const { plain, named } = namedWords(words, { dev: 'dev', name: 'dev', mode: 'mode', user: 'user', group: 'group' });
  const mode = named.get('mode');
  const name = named.get('dev') ?? plain[0];
  if (name === undefined || plain.length > (named.has('dev') ? 0 : 1)) return false;
  if (mode !== 'tun' && mode !== 'tap') return false;
  const [user, group] = [named.get('user') ?? null, named.get('group') ?? null];
  linkConfig(config, nameOf(name)).kind = { [mode]: omitEmpty({ user, group }) };
  return true;
};

/** `ip` takes every beginning of an object's name. */
const isObject = (word: string, name: string, least: number): boolean => word.length >= least && name.startsWith(word);

const ipAddress: CommandReader = (config, [verb = '', ...words], { nameOf }) => {
  const { plain, named } = namedWords(words, {
    dev: 'dev',
    brd: 'brd',
    broadcast: 'brd',
    scope: 'scope',
    label: 'label',
    ...{ peer: 'peer', remote: 'peer' },
  });
  const [text, ...more] = plain.filter((word) => word !== 'nodad' && word !== 'local');
  const dev = named.get('dev');
  if (verb === 'flush') return flush(config, dev ?? text, nameOf);
  if (text === undefined || dev === undefined || more.length > 0 || !isAddressText(text)) return false;
  if (named.has('label') || !['global', undefined].includes(named.get('scope'))) return false;
  const peer = named.get('peer');
  if (peer !== undefined && (!isAddressText(peer) || text.includes('/'))) return false;
  const { addresses } = linkConfig(config, nameOf(dev));
  const address = peer === undefined ? asPrefix(text) : `${text} peer ${asPrefix(peer)}`;
  const at = addresses.indexOf(address);
  if (verb === 'add' && at < 0) addresses.push(address);
  if (verb === 'delete' && at >= 0) addresses.splice(at, 1);
  return verb === 'add' || (verb === 'delete' && at >= 0);
};

function flush(config: CommandConfig, dev: string | undefined, nameOf: (link: string) => string): boolean {
  if (dev === undefined) return false;
  linkConfig(config, nameOf(dev)).addresses.length = 0;
  return true;
}

const ipNeighbour: CommandReader = (config, words, { nameOf }) => {
  const { plain, named } = namedWords(words, { lladdr: 'mac', dev: 'dev', nud: 'nud', to: 'to' });
  const to = named.get('to') ?? plain[0];
  const [mac, dev] = [named.get('mac'), named.get('dev')];
  if (to === undefined || mac === undefined || dev === undefined || plain.length > 1) return false;
  if (!['permanent', undefined].includes(named.get('nud'))) return false;
  config.neighbours.push({ to, mac: mac.toLowerCase(), dev: nameOf(dev) });
  return true;
};
