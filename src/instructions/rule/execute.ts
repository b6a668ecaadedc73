import { callError, sysError } from '../../kernel/errno.ts';
import type { NetlinkEncoder } from '../../kernel/execute/instruction-executor.ts';
import { addRuleMessage, deleteRuleMessage, dumpRules } from '../../kernel/netlink/rule.ts';
import { NETFORM_PROTOCOL } from '../../model/instruction.ts';
import type { RuleLive } from '../../model/kernel/live-state.ts';
import type { RuleInstruction, RuleValue } from './types.ts';

/** RTM_NEWRULE and RTM_DELRULE. */
export const ruleEncoder: NetlinkEncoder<RuleInstruction> = {
  encode: ({ do: verb, rule }) => [verb === 'rule.add' ? addRuleMessage(rule) : deleteRuleMessage(rule)],
  exact: (session) => {
    let rules: readonly RuleLive[] | null = null;
    return (instruction) => {
      const change = instruction.do === 'rule.add' ? addExactRule : removeExactRule;
      rules = change(rules ?? dumpRules(session.socket), instruction.rule);
      return instruction;
    };
  },
  // A deletion would hit a rule with more selectors, if that came first and still existed.
  rank: ({ do: verb, rule }) => (verb === 'rule.delete' ? ruleSelectors(rule).length : 0),
};

/** The rules with `wanted` among them. Throws EEXIST when there is one with exactly its selectors. */
function addExactRule(live: readonly RuleLive[], wanted: RuleValue): readonly RuleLive[] {
  if (live.some((rule) => ruleKey(rule) === ruleKey(wanted))) throw callError('rule.add', 'EEXIST');
  return [...live, { ...wanted, protocol: wanted.protocol ?? NETFORM_PROTOCOL }];
}

/** What is left of the rules when `wanted` is deleted. Throws when the kernel would delete another one, or finds none. */
function removeExactRule(live: readonly RuleLive[], wanted: RuleValue): readonly RuleLive[] {
  const protocol = wanted.protocol ?? NETFORM_PROTOCOL;
  const isMeant = (rule: RuleLive): boolean => rule.protocol === protocol && ruleKey(rule) === ruleKey(wanted);
  // A protocol of 0 in a deletion matches any.
  const hit = live.find((rule) => (protocol === 0 || rule.protocol === protocol) && isDeletionMatch(rule, wanted));
  if (hit && isMeant(hit)) return live.filter((rule) => rule !== hit);
  if (!live.some(isMeant)) throw callError('rule.delete', 'ENOENT');
  throw sysError('EBUSY', `the kernel would delete another rule of priority ${wanted.priority}: delete that one first`);
}

/** As the kernel matches: what the deletion does not give counts as a match. */
function isDeletionMatch(rule: RuleValue, wanted: RuleValue): boolean {
  const same = rule.family === wanted.family && rule.priority === wanted.priority && rule.action === wanted.action;
  const given = ruleSelectors(wanted);
  const has = new Set(ruleSelectors(rule));
  return same && (wanted.table === 0 || rule.table === wanted.table) && given.every((selector) => has.has(selector));
}

const ruleKey = (rule: RuleValue): string =>
  JSON.stringify([rule.family, rule.priority, rule.action, rule.table, ...ruleSelectors(rule)]);

function ruleSelectors({ from, to, iif, oif, mark }: RuleValue): readonly string[] {
  const all = { from, to, iif, oif, mark: mark && `${mark.value}/${mark.mask}` };
  return Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [`${name} ${value}`]));
}
