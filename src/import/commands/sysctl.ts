import type { CommandReader } from './config.ts';
import { numberOrText } from './named-words.ts';

/** `sysctl -w a=0 b=1`, `sysctl -qw a = 0`. */
export const readSysctlCommand: CommandReader = (config, words) => {
  const text = words
    .filter((word) => !word.startsWith('-'))
    .reduce(
      (all, word, i) => (i > 0 && !(word.startsWith('=') || all.endsWith('=')) ? `${all}\n${word}` : `${all}${word}`),
      '',
    );
  const pairs = text.split('\n').map((pair) => /^([\w./-]+)=([\s\S]*)$/.exec(pair));
  if (text === '' || pairs.includes(null)) return false;
  for (const [, key = '', value = ''] of pairs.flatMap((pair) => (pair ? [pair] : [])))
    config.sysctls[dotted(key)] = numberOrText(value.trim());
  return true;
};

/** `echo 1 > /proc/sys/net/ipv4/ip_forward`. */
export const readEchoCommand: CommandReader = (config, words) => {
  const [value = '', arrow, path = ''] = words.filter((word) => word !== '-n');
  const [, key] = /^\/proc\/sys\/(.+)$/.exec(path) ?? [];
  if (arrow !== '>' || key === undefined || words.length > 4) return false;
  config.sysctls[dotted(key)] = numberOrText(value);
  return true;
};

/** sysctl(8) takes slashes for dots, and then dots for slashes. */
const dotted = (key: string): string =>
  /^[^.]*\//.test(key) ? key.replace(/[./]/g, (character) => (character === '/' ? '.' : '/')) : key;
