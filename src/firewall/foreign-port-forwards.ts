import type { LiveState } from '../model/kernel/need.ts';
import type { PortRange } from '../model/topology.ts';
import { parseLegacyChains } from './nft-parse/legacy.ts';
import { type NftChainText, parseRulesetChains } from './nft-parse/ruleset.ts';
import { parseServiceMaps } from './nft-parse/service-maps.ts';

/** A rule of another program that gives packets to the machine another destination. */
export type ForeignPortForward = {
  /** Null: both. */
  readonly family: 4 | 6 | null;
  /** Null: every protocol. */
  readonly protocol: string | null;
  readonly ports: readonly PortRange[];
  /** Destination addresses; null: every address of the machine. */
  readonly addresses: readonly string[] | null;
  /** `10.0.0.2:80`, `:8080`; empty when the rule does not say it in its own words. */
  readonly target: string;
  /** `table ip nat, chain PREROUTING: tcp dport 8080 dnat to 10.0.0.2:80`. */
  readonly words: string;
  /** `ip nat PREROUTING`; null: legacy iptables has it. */
  readonly chain: string | null;
};

/** The rules in a namespace by which packets to its ports go elsewhere. Legacy iptables is among them when it was read. */
export function findForeignPortForwards(live: LiveState, netns: string): readonly ForeignPortForward[] {
  const ruleset = live.get({ need: 'foreign-ruleset', netns }) ?? '';
  const legacy = (live.get({ need: 'legacy-iptables', netns }) ?? []).flatMap(parseLegacyChains);
  const ours = new Set(live.get({ need: 'attachment-traces' })?.chains);
  const chains = [...parseRulesetChains(ruleset), ...legacy].filter(({ name }) => !ours.has(name));
  const entries = chains.filter(({ hook }) => hook?.type === 'nat' && hook.at === 'prerouting');
  const maps = parseServiceMaps(ruleset).filter(({ table }) => entries.some((entry) => entry.table === table));
  return [
    ...entries.flatMap((entry) => forwardsIn(chains, entry, { words: [], depth: 0 })),
    ...maps.map(({ table, element, protocol, port, address }) => ({
      ...{ family: familyOfTable(table), protocol, ports: [{ first: port, last: port }], target: '' },
      ...{ addresses: address === null ? null : [address], words: `table ${table}: ${element}`, chain: null },
    })),
  ];
}

type RulePath = { readonly words: readonly string[]; readonly depth: number };

/** The kernel allows sixteen. */
const MAX_JUMPS = 16;

function forwardsIn(chains: readonly NftChainText[], chain: NftChainText, path: RulePath): ForeignPortForward[] {
  return chain.rules.flatMap((rule) => {
    const words = [...path.words, ...rule];
    if (rule.some((word) => TRANSLATIONS.has(word.replaceAll('"', '')))) return toForward(chain, rule, words) ?? [];
    const next =
      path.depth < MAX_JUMPS ? chains.find((one) => one.table === chain.table && jumpsTo(rule, one.name)) : null;
    return next ? forwardsIn(chains, next, { words, depth: path.depth + 1 }) : [];
  });
}

const TRANSLATIONS = new Set(['dnat', 'redirect', 'DNAT', 'REDIRECT']);
const JUMPS = new Set(['jump', 'goto', '-j', '-g']);

const jumpsTo = (rule: readonly string[], name: string): boolean =>
  rule.some((word, i) => JUMPS.has(word) && rule[i + 1] === name);

function toForward(chain: NftChainText, rule: readonly string[], words: readonly string[]): ForeignPortForward | null {
  const conditions = readConditions(words);
  if (conditions === null) return null;
  const [family, table = '', legacy] = chain.table.split(' ');
  const said = rule.filter((word) => word !== 'counter').join(' ');
  return {
    ...conditions,
    family: familyOfTable(chain.table),
    target: rule[rule.findIndex((word) => word === 'to' || word === '--to-destination') + 1] ?? '',
    words: `table ${chain.table}, chain ${chain.name}: ${said}`,
    chain: legacy === undefined ? `${family} ${table} ${chain.name}` : null,
  };
}

type RuleConditions = Pick<ForeignPortForward, 'protocol' | 'ports' | 'addresses'>;

const EVERY_PORT: readonly PortRange[] = [{ first: 1, last: 65535 }];
const PROTOCOLS = /^(?:tcp|udp|sctp|dccp|udplite|icmp|icmpv6|ipv6-icmp|gre|esp)$/;

/**
 * The conditions along the path of a rule that are about ports, the protocol and the destination; others are taken to
 * hold. Null: the rule is for loopback, or for no port.
 */
function readConditions(words: readonly string[]): RuleConditions | null {
  let ports: readonly PortRange[] | null = null;
  let protocol: string | null = null;
  let addresses: readonly string[] | null = null;
  for (const [i, word] of words.entries()) {
    const not = words[i + 1] === '!=' || words[i - 1] === '!';
    const value = words[i + 1] ?? '';
    if ((word === 'iifname' || word === 'iif' || word === '-i') && value.replaceAll('"', '') === 'lo') return null;
    if ((word === 'l4proto' || word === 'protocol' || word === '-p') && !not) protocol = value;
    if (not) continue;
    if (word === 'dport' || word === '--dport' || word === '--dports') ports = parsePorts(value);
    if (word === 'dport' && PROTOCOLS.test(words[i - 1] ?? '')) protocol = words[i - 1] ?? null;
    if (word === 'daddr' || word === '-d') addresses = valuesOf(value) ?? addresses;
  }
  if (protocol !== null && !['tcp', 'udp', 'sctp', '6', '17', '132'].includes(protocol)) return null;
  return { protocol, ports: ports ?? EVERY_PORT, addresses };
}

/** The values of a word; null: it is `type` of `fib daddr type local`, or a set by name. */
function valuesOf(word: string): readonly string[] | null {
  if (word === 'type' || word.startsWith('@')) return null;
  return word
    .replaceAll(/[{}]/g, '')
    .split(',')
    .map((value) => value.trim());
}

/** `80`, `80-90`, `80:90`, `{ 80, 443 }`. */
const parsePorts = (word: string): readonly PortRange[] =>
  (valuesOf(word) ?? []).flatMap((value) => {
    const [, first, last] = /^(\d+)(?:[-:](\d+))?$/.exec(value) ?? [];
    return first === undefined ? [] : [{ first: Number(first), last: Number(last ?? first) }];
  });

const familyOfTable = (table: string): 4 | 6 | null =>
  table.startsWith('ip ') ? 4 : table.startsWith('ip6 ') ? 6 : null;
