import { callError, sysError } from '../../kernel/errno.ts';
import type { NetlinkEncoder } from '../../kernel/execute/instruction-executor.ts';
import { addRuleMessage, deleteRuleMessage, dumpRules } from '../../kernel/netlink/rule.ts';
import { NETFORM_PROTOCOL } from '../../model/instruction.ts';
import type { RuleLive } from '../../model/kernel/live-state.ts';
import type { RuleInstruction, RuleValue } from './types.ts';

/** RTM_NEWRULE and RTM_DELRULE. */
export const ruleEncoder: NetlinkEncoder<RuleInstruction> = {
  encode: ({ do: verb, rule, behind = [] }) =>
    verb === 'rule.add'
      ? [addRuleMessage(rule)]
      : [...behind.flatMap((one) => [addRuleMessage(one), deleteRuleMessage(one)]), deleteRuleMessage(rule)],
  exact: (session) => {
    let rules: readonly RuleLive[] | null = null;
    return (instruction) => {
      const { rule } = instruction;
      rules ??= dumpRules(session.socket);
      if (instruction.do === 'rule.add') {
        rules = addExactRule(rules, rule);
        return instruction;
      }
      const { left, behind } = removeExactRule(rules, rule);
      rules = left;
      return behind.length === 0 ? instruction : { ...instruction, behind };
    };
  },
  // A deletion would hit a rule with more selectors, if that came first and still existed.
  rank: ({ do: verb, rule }) => (verb === 'rule.delete' ? ruleSelectors(rule).length + (rule.unknown?.length ?? 0) : 0),
};

/** The rules with `wanted` among them. Throws EEXIST when there is one with exactly its selectors. */
function addExactRule(live: readonly RuleLive[], wanted: RuleValue): readonly RuleLive[] {
  if (live.some((rule) => ruleKey(rule) === ruleKey(wanted))) throw callError('rule.add', 'EEXIST');
  return [...live, { ...wanted, protocol: wanted.protocol ?? NETFORM_PROTOCOL }];
}

type RemovedRule = { readonly left: readonly RuleLive[]; readonly behind: readonly RuleLive[] };

/**
 * What is left of the rules when `wanted` is deleted, and the rules of netform that have to move behind it first: the kernel
 * would delete one of them instead. Throws when it would delete another program's, or finds none.
 */
function removeExactRule(live: readonly RuleLive[], wanted: RuleValue): RemovedRule {
  const protocol = wanted.protocol ?? NETFORM_PROTOCOL;
  const isMeant = (rule: RuleLive): boolean => rule.protocol === protocol && ruleKey(rule) === ruleKey(wanted);
  // A protocol of 0 in a deletion matches any.
  const isHit = (rule: RuleLive): boolean =>
    (protocol === 0 || rule.protocol === protocol) && isDeletionMatch(rule, wanted);
  const hit = live.find(isHit);
  if (hit && isMeant(hit)) return { left: live.filter((rule) => rule !== hit), behind: [] };
  if (!live.some(isMeant)) throw callError('rule.delete', 'ENOENT');
  const behind = protocol === NETFORM_PROTOCOL ? [] : live.filter((rule) => isOwnBeside(rule, wanted));
  const moved = [...live.filter((rule) => !behind.includes(rule)), ...behind];
  const next = moved.find(isHit);
  if (next && isMeant(next) && behind.every(({ unknown }) => unknown === undefined))
    return { left: moved.filter((rule) => rule !== next), behind };
  throw sysError('EBUSY', `the kernel would delete another rule of priority ${wanted.priority}: delete that one first`);
}

/** A rule of netform that shares its place with another. */
const isOwnBeside = (rule: RuleLive, { family, priority }: RuleValue): boolean =>
  rule.protocol === NETFORM_PROTOCOL && rule.family === family && rule.priority === priority;

/**
 * As the kernel matches (`rule_find` in net/core/fib_rules.c): what the deletion does not give counts as a match, and it
 * never compares `not` and the target of a `goto`.
 */
function isDeletionMatch(rule: RuleValue, wanted: RuleValue): boolean {
  const same = rule.family === wanted.family && rule.priority === wanted.priority && rule.action === wanted.action;
  const given = ruleSelectors(wanted);
  const has = new Set(ruleSelectors(rule));
  return same && (wanted.table === 0 || rule.table === wanted.table) && given.every((selector) => has.has(selector));
}

const ruleKey = ({ protocol: _protocol, ...rule }: RuleValue): string =>
  JSON.stringify([
    rule.family,
    rule.priority,
    rule.action,
    rule.table,
    ...ruleSelectors(rule),
    ...[rule.not ?? false, rule.goto ?? null, rule.unknown ?? []],
  ]);

/** The selectors that a deletion compares, each as text. */
function ruleSelectors({ from, to, iif, oif, mark, ...rest }: RuleValue): readonly string[] {
  const { tos, ipproto, sport, dport, uidrange, l3mdev, suppressPrefixLength, suppressIfGroup, realms } = rest;
  const unknown = (rest.unknown ?? []).filter(({ name }) => name === 'tun_id' || name === 'dscp');
  const named = Object.fromEntries(unknown.map(({ name, value }) => [name, value]));
  const all = { from, to, iif, oif, mark, tos, ipproto, sport, dport, uidrange, l3mdev, ...named };
  return Object.entries({ ...all, suppressPrefixLength, suppressIfGroup, realms }).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [`${name} ${JSON.stringify(value)}`],
  );
}
