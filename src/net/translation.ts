import type { PortRange, Protocol } from '../model/topology.ts';
import { type Condition, type Understood, understand } from './rule-words.ts';
import { type ChainText, chainsIn } from './ruleset.ts';

/** What a namespace does to addresses and ports, as far as the language can say it. Prefixes as nft prints them. */
export type Translation = {
  readonly nat: readonly FoundNat[];
  readonly forwards: readonly FoundForward[];
  /** Rules that are not understood, or would do something else here: `table ip filter, chain FORWARD: …`. */
  readonly unknown: readonly string[];
};

export type FoundNat = {
  /** Null: any. */
  readonly from: string | null;
  readonly out: string | null;
  /** Links that it does not go out by, and destinations that it is not for. */
  readonly notOut: readonly string[];
  readonly exceptTo: readonly string[];
  /** `203.0.113.5` or `203.0.113.5:1000-2000`; null: masquerade. */
  readonly as: string | null;
};

export type FoundForward = {
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
export function translationIn(ruleset: string): Translation {
  const found: Found = { nat: [], forwards: [], unknown: [] };
  const chains = chainsIn(ruleset).filter(({ table }) => !isLabs(table));
  for (const chain of chains.filter(({ hook }) => hook !== null)) {
    const isNat = chain.hook?.type === 'nat';
    if (isNat) for (const rule of chain.rules) translate({ chains, chain, found }, rule, []);
    else if (isFilter(chain, chains)) for (const rule of chain.rules) found.unknown.push(lineOf(chain, rule));
    if (chain.hook?.policy === 'drop') found.unknown.push(lineOf(chain, ['policy', 'drop']));
  }
  return { ...found, forwards: merged(found.forwards) };
}

/** A table that netform made, as `inet netform_lab`: the file of its lab says what is in it. */
export const isLabs = (table: string): boolean => table.startsWith('inet netform_');

type Found = { readonly nat: FoundNat[]; readonly forwards: FoundForward[]; readonly unknown: string[] };
type Around = { readonly chains: readonly ChainText[]; readonly chain: ChainText; readonly found: Found };

function translate({ chains, chain, found }: Around, words: readonly string[], before: readonly Condition[]): void {
  const rule = understand(words);
  const conditions = rule && [...before, ...rule.conditions];
  if (rule === null || conditions === null) return void found.unknown.push(lineOf(chain, words));
  if (rule.action === 'jump') {
    const next = chains.find(({ table, name }) => table === chain.table && name === rule.to);
    for (const one of next?.rules ?? []) if (next) translate({ chains, chain: next, found }, one, conditions);
    return;
  }
  const nat = natOf(rule, conditions);
  const forward = forwardOf(rule, conditions);
  if (nat) found.nat.push(nat);
  else if (forward) found.forwards.push(forward);
  else if (!isNothing(rule, conditions)) found.unknown.push(lineOf(chain, words));
}

/** Docker lets its own bridge through, and has a container that calls itself masqueraded: so does netform. */
function isNothing({ action }: Understood, conditions: readonly Condition[]): boolean {
  const from = onlyValue(conditions, 'saddr');
  const isHairpin = action === 'masquerade' && from !== null && from === onlyValue(conditions, 'daddr');
  return action === 'return' || action === 'accept' || action === 'none' || isHairpin;
}

function natOf({ action, to }: Understood, conditions: readonly Condition[]): FoundNat | null {
  if (action !== 'masquerade' && action !== 'snat') return null;
  const known = conditions.every(
    ({ on, not, values }) =>
      (on === 'oif' && values.length === 1) || (on === 'saddr' && !not) || (on === 'daddr' && not) || on === 'nfproto',
  );
  if (!known) return null;
  const froms = conditions.filter(({ on }) => on === 'saddr');
  if (froms.length > 1 || (froms[0]?.values.length ?? 1) > 1) return null;
  return {
    from: onlyValue(conditions, 'saddr'),
    out: conditions.find(({ on, not }) => on === 'oif' && !not)?.values[0] ?? null,
    notOut: conditions.filter(({ on, not }) => on === 'oif' && not).flatMap(({ values }) => values),
    exceptTo: conditions.filter(({ on }) => on === 'daddr').flatMap(({ values }) => values),
    as: action === 'snat' ? to : null,
  };
}

function forwardOf({ action, to }: Understood, conditions: readonly Condition[]): FoundForward | null {
  const ports = rangeOf(onlyValue(conditions, 'dport') ?? '');
  const protocols = conditions
    .filter(({ on }) => on === 'l4proto' || on === 'protocol')
    .flatMap(({ values }) => values);
  const target = /^(?:\[([0-9a-f:.]+)\]|([0-9.]+))(?::([0-9-]+))?$/i.exec(to ?? '');
  if (action !== 'dnat' || ports === null || target === null) return null;
  const known = conditions.every(({ on, not, values }) => {
    // The machine's own programs get by localhost what is there.
    if (on === 'daddr' && not) return values.every((value) => value.startsWith('127.'));
    return on === 'iif' || (KNOWN.has(on) && !not);
  });
  if (!known || !protocols.every(isProtocol)) return null;
  return {
    address: onlyValue(conditions, 'daddr'),
    ports,
    protocols: [...new Set(protocols.filter(isProtocol))],
    target: target[1] ?? target[2] ?? '',
    targetPorts: rangeOf(target[3] ?? ''),
    local: conditions.some(({ on }) => on === 'local'),
    onlyFrom: conditions.find(({ on, not }) => on === 'iif' && !not)?.values[0] ?? null,
  };
}

const KNOWN = new Set(['dport', 'l4proto', 'protocol', 'daddr', 'local', 'nfproto']);

const isProtocol = (word: string): word is Protocol => word === 'tcp' || word === 'udp' || word === 'sctp';

const onlyValue = (conditions: readonly Condition[], on: string): string | null =>
  conditions.find((one) => one.on === on && !one.not && one.values.length === 1)?.values[0] ?? null;

function rangeOf(text: string): PortRange | null {
  const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  return first === undefined ? null : { first: Number(first), last: Number(last ?? first) };
}

/** The same for several protocols is one; what stands in prerouting and in output, too. */
function merged(forwards: readonly FoundForward[]): readonly FoundForward[] {
  const known = new Map<string, FoundForward>();
  for (const one of forwards) {
    const { address, ports, target, targetPorts } = one;
    const key = JSON.stringify([address, ports, target, targetPorts]);
    const other = known.get(key);
    known.set(key, other ? { ...other, protocols: [...new Set([...other.protocols, ...one.protocols])] } : one);
  }
  return [...known.values()];
}

/** Whether a chain can drop or change anything: one that only accepts what is accepted anyhow is as good as none. */
function isFilter(chain: ChainText, chains: readonly ChainText[]): boolean {
  const all = chains.filter(({ table }) => table === chain.table).flatMap(({ rules }) => rules);
  return chain.hook?.policy === 'drop' || all.some((words) => words.some((word) => !HARMLESS.test(word)));
}

const HARMLESS =
  /^(?:i?oifname|iifname|oif|iif|ip6?|saddr|daddr|protocol|meta|l4proto|tcp|udp|icmp|dport|sport|ct|state|counter|accept|return|jump|comment|!=|packets|bytes|".*"|\{.*\}|[0-9a-f.:/,-]+|established|related|new|established,related|related,established)$/i;

const lineOf = ({ table, name }: ChainText, words: readonly string[]): string =>
  `table ${table}, chain ${name}: ${words.filter((word) => word !== 'counter').join(' ')}`;
