import type { Json } from '../model/json.ts';
import { appendTo } from '../model/values/group-by.ts';
import { type JsonMap, omitEmpty } from './result.ts';

/** The configuration that `ip` and `sysctl` commands make in one namespace. */
export type IpCommandConfig = {
  /** By interface. */
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  readonly mtus: ReadonlyMap<string, number>;
  readonly routes: readonly JsonMap[];
  readonly sysctls: JsonMap;
  /** Lines that are not understood. */
  readonly unknown: readonly string[];
};

/** Reads lines as people write them to be run in a node: `ip addr add 10.0.0.1/24 dev eth1`. */
export function parseIpCommands(lines: readonly string[]): IpCommandConfig {
  const addresses = new Map<string, string[]>();
  const mtus = new Map<string, number>();
  const routes: JsonMap[] = [];
  const sysctls: { [key: string]: Json } = {};
  const unknown: string[] = [];
  for (const line of lines.flatMap(partsOf)) {
    const address = addressIn(line);
    const mtu = /^ip link set (?:dev )?(\S+)(?: up)? mtu (\d+)(?: up)?$/.exec(line);
    const route = routeIn(line);
    const sysctl = /^sysctl (?:-[a-z]+ )*([\w./-]+) ?= ?"?([^"]*)"?$/.exec(line);
    if (address) appendTo(addresses, address.dev, address.prefix);
    else if (mtu) mtus.set(mtu[1] ?? '', Number(mtu[2]));
    else if (route) routes.push(route);
    else if (sysctl) sysctls[sysctl[1] ?? ''] = /^\d+$/.test(sysctl[2] ?? '') ? Number(sysctl[2]) : (sysctl[2] ?? '');
    else if (!/^ip link set (?:dev )?\S+ up$/.test(line)) unknown.push(line);
  }
  return { addresses, mtus, routes, sysctls, unknown };
}

/** `ip addr add 10.0.0.1/24 brd + dev eth1`, in any order; null when it says more than the topology can express. */
function addressIn(line: string): { readonly prefix: string; readonly dev: string } | null {
  const [, rest] = /^ip (?:-[46] )?a(?:ddr(?:ess)?)? (?:a|add|r|replace) (.+)$/i.exec(line) ?? [];
  const { plain, named } = wordsOf(rest ?? '', ['dev', 'brd', 'broadcast', 'scope']);
  const [text, ...more] = plain;
  const dev = named.get('dev');
  if (text === undefined || dev === undefined || more.length > 0 || !/^[0-9a-f.:]+(?:\/\d+)?$/i.test(text)) return null;
  return { prefix: text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`, dev };
}

/** `ip route add 10.0.0.0/8 via 10.1.0.1 dev eth1`, in any order; null likewise. */
function routeIn(line: string): JsonMap | null {
  const [, rest] = /^ip (?:-[46] )?r(?:o(?:ute)?)? (?:a|add|r|replace) (.+)$/i.exec(line) ?? [];
  const { plain, named } = wordsOf(rest ?? '', ['via', 'dev', 'metric', 'proto']);
  const [to, ...more] = plain;
  const via = named.get('via');
  const metric = named.get('metric');
  if (to === undefined || more.length > 0 || (via !== undefined && !/^[0-9a-f.:]+$/i.test(via))) return null;
  const isPlain = via !== undefined && !via.startsWith('fe80:');
  return omitEmpty({
    to: to === '0.0.0.0/0' || to === '::/0' ? 'default' : to,
    via,
    dev: isPlain ? null : named.get('dev'),
    metric: metric === undefined ? null : Number(metric),
  });
}

/** Words that stand by themselves, and those that follow a key. */
function wordsOf(text: string, keys: readonly string[]) {
  const plain: string[] = [];
  const named = new Map<string, string>();
  const words = text.split(' ').filter(Boolean);
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (keys.includes(word)) named.set(word, words[++i] ?? '');
    else plain.push(word);
  }
  return { plain, named };
}

/** `sh -c "one && two; three"` as its lines. */
const partsOf = (line: string): readonly string[] =>
  line
    .replace(/^(?:ba|a)?sh -c (['"])(.*)\1$/, '$2')
    .split(/\s*(?:&&|;)\s*/)
    .map((part) => part.trim().replace(/\s+/g, ' '))
    .filter((part) => part !== '');
