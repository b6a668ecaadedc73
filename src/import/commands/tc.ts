import { IMPAIRMENT_WORDS, type ImpairmentWord, parseImpairmentWord } from '../../net/impairment.ts';
import type { JsonMap } from '../result.ts';
import { type CommandReader, linkConfig } from './config.ts';

/** `tc qdisc add|replace dev eth1 root netem|tbf …`. */
export const readTcCommand: CommandReader = (config, words, { nameOf }) => {
  const [object, verb, ...rest] = words;
  if (object !== 'qdisc' || !['add', 'replace'].includes(verb ?? '')) return false;
  const dev = rest[rest.indexOf('dev') + 1];
  const kind = rest.findIndex((word) => word === 'netem' || word === 'tbf');
  const head = rest
    .slice(0, kind)
    .filter((word, i, all) => !['dev', 'handle'].includes(word) && !['dev', 'handle'].includes(all[i - 1] ?? ''));
  if (!rest.includes('dev') || dev === undefined || kind < 0 || head.join(' ') !== 'root') return false;
  const impair = rest[kind] === 'netem' ? netemWords(rest.slice(kind + 1)) : tbfWords(rest.slice(kind + 1));
  if (impair === null) return false;
  linkConfig(config, nameOf(dev)).impair = impair;
  return true;
};

/** `delay 20ms 2ms loss 1%`; null: it says more than `impair` can. */
function netemWords(words: readonly string[]): JsonMap | null {
  const found: { [word: string]: string } = {};
  const rest = [...words];
  while (rest.length > 0) {
    const name = rest.shift();
    const word = IMPAIRMENT_WORDS.find((one) => one === name && one !== 'jitter');
    if (name === 'limit') rest.shift();
    else if (word === undefined) return null;
    else if (!take(found, word, word === 'loss' && rest[0] === 'random' ? rest.splice(0, 2)[1] : rest.shift()))
      return null;
    if (word === 'delay' && /^\d/.test(rest[0] ?? '') && !take(found, 'jitter', rest.shift())) return null;
  }
  return Object.keys(found).length > 0 ? found : null;
}

/** Burst and latency follow from the rate. */
function tbfWords(words: readonly string[]): JsonMap | null {
  const found: { [word: string]: string } = {};
  const at = words.indexOf('rate');
  const known = words.filter((_, i) => i % 2 === 0).every((word) => TBF_WORDS.includes(word));
  return at >= 0 && known && take(found, 'rate', words[at + 1]) ? found : null;
}

const TBF_WORDS = ['rate', 'burst', 'buffer', 'maxburst', 'latency', 'limit'];

/** Keeps a value that `impair` takes: `tc` also writes `20.0ms` and `10Mbit`. */
function take(found: { [word: string]: string }, word: ImpairmentWord, text: string | undefined): boolean {
  if (text === undefined || 'problem' in parseImpairmentWord(word, text)) return false;
  found[word] = text.toLowerCase();
  return true;
}
