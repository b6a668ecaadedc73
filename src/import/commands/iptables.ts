import { omitEmpty } from '../result.ts';
import type { CommandReader } from './config.ts';
import { asPrefix, namedWords } from './named-words.ts';

const WORDS = {
  ...{ '-t': 'table', '--table': 'table', '-A': 'chain', '--append': 'chain', '-I': 'chain', '--insert': 'chain' },
  ...{ '-s': 'from', '--source': 'from', '-o': 'out', '--out-interface': 'out', '-j': 'jump', '--jump': 'jump' },
  ...{ '--to-source': 'as', '-p': 'protocol', '--protocol': 'protocol', '--dport': 'port' },
  ...{ '--destination-port': 'port', '--to-destination': 'to', '-d': 'for', '--destination': 'for', '-m': 'match' },
};

/** `iptables -t nat -A POSTROUTING … -j MASQUERADE|SNAT`, and `-A PREROUTING … -j DNAT` of a port. */
export const readIptablesCommand: CommandReader = (config, words, { nameOf }) => {
  const { plain, named } = namedWords(words, WORDS);
  const known = plain.filter((word) => word !== '-w' && word !== '--wait');
  if (known.length > 0 || named.get('table') !== 'nat') return false;
  const [chain, jump] = [named.get('chain'), named.get('jump')];
  if (chain === 'PREROUTING' && jump === 'DNAT') return portForward(config, named);
  if (chain !== 'POSTROUTING' || ['for', 'protocol', 'port', 'match'].some((key) => named.has(key))) return false;
  const [from, out, as] = ['from', 'out', 'as'].map((key) => named.get(key));
  const source = from === undefined ? 'any' : asPrefix(from);
  const rest = { out: out === undefined ? null : nameOf(out) };
  if (jump === 'MASQUERADE') config.nat.push(omitEmpty({ masquerade: source, ...rest }));
  else if (jump === 'SNAT' && as !== undefined) config.nat.push(omitEmpty({ snat: source, as, ...rest }));
  else return false;
  return true;
};

function portForward({ portForwards }: Parameters<CommandReader>[0], named: ReadonlyMap<string, string>): boolean {
  const [port, to, protocol, address] = ['port', 'to', 'protocol', 'for'].map((key) => named.get(key));
  if (port === undefined || to === undefined || protocol === undefined) return false;
  if (named.has('from') || named.has('out') || !['tcp', 'udp'].includes(protocol)) return false;
  const range = port.replace(':', '-');
  const target = to.includes(':') ? to : `${to}:${range}`;
  const listen = `${address === undefined ? '' : `${address}:`}${range}${protocol === 'tcp' ? '' : `/${protocol}`}`;
  portForwards.push(`${listen} -> ${target}`);
  return true;
}
