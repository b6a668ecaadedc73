/** A condition of a rule: `saddr`, `dport`, `oifname` …, and its values. */
export type NftRuleCondition = { readonly on: string; readonly not: boolean; readonly values: readonly string[] };

/** A rule in words that are understood here. `to`: of dnat and snat where to, of jump and goto which chain. */
export type NftRuleStatement = {
  readonly conditions: readonly NftRuleCondition[];
  readonly action: 'masquerade' | 'snat' | 'dnat' | 'jump' | 'return' | 'accept' | 'none';
  readonly to: string | null;
};

const HEADER_MATCHES = new Set([
  'ip saddr',
  'ip daddr',
  'ip6 saddr',
  'ip6 daddr',
  'ip protocol',
  'meta l4proto',
  'meta nfproto',
]);
const PORT_MATCHES = new Set(['tcp dport', 'udp dport', 'sctp dport']);
const LINK_MATCHES = new Set(['iifname', 'oifname', 'iif', 'oif']);
const FLAGS = new Set(['random', 'fully-random', 'persistent']);

/** Parses a rule; null when it has a word that is not known here. */
export function parseNftRule(words: readonly string[]): NftRuleStatement | null {
  const conditions: NftRuleCondition[] = [];
  let rest = words;
  const take = (count: number): readonly string[] => {
    const taken = rest.slice(0, count);
    rest = rest.slice(count);
    return taken;
  };
  const condition = (on: string, length: number): void => {
    take(length);
    const not = rest[0] === '!=';
    if (not || rest[0] === '==') take(1);
    conditions.push({ on, not, values: parseValues(take(1)[0] ?? '') });
  };
  while (rest.length > 0) {
    const [first = '', second = ''] = rest;
    const two = `${first} ${second}`;
    if (first === 'counter') take(second === 'packets' ? 5 : 1);
    else if (first === 'comment') take(2);
    else if (HEADER_MATCHES.has(two)) condition(second, 2);
    else if (PORT_MATCHES.has(two)) {
      conditions.push({ on: 'l4proto', not: false, values: [first] });
      condition('dport', 2);
    } else if (LINK_MATCHES.has(first)) condition(first.slice(0, 3), 1);
    else if (rest.slice(0, 4).join(' ') === 'fib daddr type local') {
      take(4);
      conditions.push({ on: 'local', not: false, values: [] });
    } else {
      const action = parseAction(rest);
      return action && { conditions, ...action };
    }
  }
  return { conditions, action: 'none', to: null };
}

function parseAction(words: readonly string[]): Pick<NftRuleStatement, 'action' | 'to'> | null {
  const [first = '', ...after] = words.filter((word) => !FLAGS.has(word));
  if (first === 'masquerade' || first === 'accept' || first === 'return')
    return after.length === 0 ? { action: first, to: null } : null;
  if (first === 'jump' || first === 'goto') return after.length === 1 ? { action: 'jump', to: after[0] ?? '' } : null;
  if (first !== 'dnat' && first !== 'snat') return null;
  const target = after[0] === 'ip' || after[0] === 'ip6' ? after.slice(1) : after;
  return target.length === 2 && target[0] === 'to' ? { action: first, to: target[1] ?? '' } : null;
}

const parseValues = (word: string): readonly string[] =>
  word
    .replace(/^\{\s*|\s*\}$/g, '')
    .split(/,\s*/)
    .map((value) => value.replace(/^"|"$/g, ''));
