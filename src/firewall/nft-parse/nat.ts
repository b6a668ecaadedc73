import type { PortRange, Protocol } from '../../model/topology.ts';
import { type NftRuleCondition, type NftRuleStatement, parseNftRule } from './rule.ts';
import { type NftChainText, parseRulesetChains } from './ruleset.ts';

/** The address and port translation of a namespace that the language can express. Prefixes are as nft prints them. */
export type RulesetNat = {
  readonly nat: readonly RulesetSourceNat[];
  readonly forwards: readonly RulesetPortForward[];
  /** Rules that are not understood, or would do something else here: `table ip filter, chain FORWARD: …`. */
  readonly unknown: readonly string[];
  /** Rules that filter or mark packets, in the same words. */
  readonly filters: readonly string[];
};

/** A rule of source NAT, as `nft list ruleset` prints it. */
export type RulesetSourceNat = {
  /** Null: any. */
  readonly from: string | null;
  readonly out: string | null;
  /** Links that it does not go out by, and destinations that it is not for. */
  readonly notOut: readonly string[];
  readonly exceptTo: readonly string[];
  /** `203.0.113.5` or `203.0.113.5:1000-2000`; null: masquerade. */
  readonly as: string | null;
};

/** A rule of destination NAT, as `nft list ruleset` prints it. */
export type RulesetPortForward = {
  readonly address: string | null;
  readonly ports: PortRange;
  readonly protocols: readonly Protocol[];
  readonly target: string;
  readonly targetPorts: PortRange | null;
  /** It is for the machine's own addresses, as Docker writes it. */
  readonly local: boolean;
  /** Only for what comes in by that link, which the language cannot say. */
  readonly onlyFrom: string | null;
};

/** The address translation in a ruleset. */
export function parseRulesetNat(ruleset: string): RulesetNat {
  const found: RulesetNatAccumulator = { nat: [], forwards: [], unknown: [], filters: [] };
  const chains = parseRulesetChains(ruleset).filter(({ table }) => !isLabTable(table));
  for (const chain of chains.filter(({ hook }) => hook !== null)) {
    const isNat = chain.hook?.type === 'nat';
    if (isNat) for (const rule of chain.rules) parseNatRule({ chains, chain, found }, rule, []);
    else if (hasEffect(chain, chains)) for (const rule of chain.rules) found.filters.push(formatRule(chain, rule));
    if (chain.hook?.policy === 'drop') found.filters.push(formatRule(chain, ['policy', 'drop']));
  }
  return { ...found, forwards: mergePortForwards(found.forwards) };
}

/** A table that netform made, as `inet netform_lab`: the file of its lab says what is in it. */
export const isLabTable = (table: string): boolean => /^(?:inet|bridge) netform_/.test(table);

type RulesetNatAccumulator = {
  readonly nat: RulesetSourceNat[];
  readonly forwards: RulesetPortForward[];
  readonly unknown: string[];
  readonly filters: string[];
};
type NatChainContext = {
  readonly chains: readonly NftChainText[];
  readonly chain: NftChainText;
  readonly found: RulesetNatAccumulator;
};

function parseNatRule(
  { chains, chain, found }: NatChainContext,
  words: readonly string[],
  before: readonly NftRuleCondition[],
): void {
  const rule = parseNftRule(words);
  const conditions = rule && [...before, ...rule.conditions];
  if (rule === null || conditions === null) return void found.unknown.push(formatRule(chain, words));
  if (rule.action === 'jump') {
    const next = chains.find(({ table, name }) => table === chain.table && name === rule.to);
    for (const one of next?.rules ?? []) if (next) parseNatRule({ chains, chain: next, found }, one, conditions);
    return;
  }
  const nat = toSourceNat(rule, conditions);
  const forward = toPortForward(rule, conditions);
  if (nat) found.nat.push(nat);
  else if (forward) found.forwards.push(forward);
  else if (!isNoOpRule(rule, conditions)) found.unknown.push(formatRule(chain, words));
}

/** Docker lets its own bridge through, and has a container that calls itself masqueraded: so does netform. */
function isNoOpRule({ action }: NftRuleStatement, conditions: readonly NftRuleCondition[]): boolean {
  const from = singleValue(conditions, 'saddr');
  const isHairpin = action === 'masquerade' && from !== null && from === singleValue(conditions, 'daddr');
  return action === 'return' || action === 'accept' || action === 'none' || isHairpin;
}

function toSourceNat(
  { action, to }: NftRuleStatement,
  conditions: readonly NftRuleCondition[],
): RulesetSourceNat | null {
  if (action !== 'masquerade' && action !== 'snat') return null;
  const known = conditions.every(
    ({ on, not, values }) =>
      (on === 'oif' && values.length === 1) || (on === 'saddr' && !not) || (on === 'daddr' && not) || on === 'nfproto',
  );
  if (!known) return null;
  const froms = conditions.filter(({ on }) => on === 'saddr');
  if (froms.length > 1 || (froms[0]?.values.length ?? 1) > 1) return null;
  return {
    from: singleValue(conditions, 'saddr'),
    out: conditions.find(({ on, not }) => on === 'oif' && !not)?.values[0] ?? null,
    notOut: conditions.filter(({ on, not }) => on === 'oif' && not).flatMap(({ values }) => values),
    exceptTo: conditions.filter(({ on }) => on === 'daddr').flatMap(({ values }) => values),
    as: action === 'snat' ? to : null,
  };
}

function toPortForward(
  { action, to }: NftRuleStatement,
  conditions: readonly NftRuleCondition[],
): RulesetPortForward | null {
  const ports = parsePortRange(singleValue(conditions, 'dport') ?? '');
  const protocols = conditions
    .filter(({ on }) => on === 'l4proto' || on === 'protocol')
    .flatMap(({ values }) => values);
  const target = /^(?:\[([0-9a-f:.]+)\]|([0-9.]+))(?::([0-9-]+))?$/i.exec(to ?? '');
  if (action !== 'dnat' || ports === null || target === null) return null;
  const known = conditions.every(({ on, not, values }) => {
    // The machine's own programs get by localhost what is there.
    if (on === 'daddr' && not) return values.every((value) => value.startsWith('127.'));
    return on === 'iif' || (FORWARD_CONDITIONS.has(on) && !not);
  });
  if (!known || !protocols.every(isProtocol)) return null;
  return {
    address: singleValue(conditions, 'daddr'),
    ports,
    protocols: [...new Set(protocols.filter(isProtocol))],
    target: target[1] ?? target[2] ?? '',
    targetPorts: parsePortRange(target[3] ?? ''),
    local: conditions.some(({ on }) => on === 'local'),
    onlyFrom: conditions.find(({ on, not }) => on === 'iif' && !not)?.values[0] ?? null,
  };
}

const FORWARD_CONDITIONS = new Set(['dport', 'l4proto', 'protocol', 'daddr', 'local', 'nfproto']);

const isProtocol = (word: string): word is Protocol => word === 'tcp' || word === 'udp' || word === 'sctp';

const singleValue = (conditions: readonly NftRuleCondition[], on: string): string | null =>
  conditions.find((one) => one.on === on && !one.not && one.values.length === 1)?.values[0] ?? null;

function parsePortRange(text: string): PortRange | null {
  const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  return first === undefined ? null : { first: Number(first), last: Number(last ?? first) };
}

/** Merges port forwards that differ only in their protocols, or are in both prerouting and output. */
function mergePortForwards(forwards: readonly RulesetPortForward[]): readonly RulesetPortForward[] {
  const known = new Map<string, RulesetPortForward>();
  for (const one of forwards) {
    const { address, ports, target, targetPorts } = one;
    const key = JSON.stringify([address, ports, target, targetPorts]);
    const other = known.get(key);
    known.set(key, other ? { ...other, protocols: [...new Set([...other.protocols, ...one.protocols])] } : one);
  }
  return [...known.values()];
}

/** Whether a chain can drop or change anything: one that only accepts what is accepted anyhow is as good as none. */
function hasEffect(chain: NftChainText, chains: readonly NftChainText[]): boolean {
  const all = chains.filter(({ table }) => table === chain.table).flatMap(({ rules }) => rules);
  return chain.hook?.policy === 'drop' || all.some((words) => words.some((word) => !HARMLESS_WORD.test(word)));
}

const HARMLESS_WORD =
  /^(?:i?oifname|iifname|oif|iif|ip6?|saddr|daddr|protocol|meta|l4proto|tcp|udp|icmp|dport|sport|ct|state|counter|accept|return|jump|comment|!=|packets|bytes|".*"|\{.*\}|[0-9a-f.:/,-]+|established|related|new|established,related|related,established)$/i;

const formatRule = ({ table, name }: NftChainText, words: readonly string[]): string =>
  `table ${table}, chain ${name}: ${words.filter((word) => word !== 'counter').join(' ')}`;
