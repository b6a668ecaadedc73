import { NETFORM_PROTOCOL, type RouteValue, type RuleValue } from '../../model/instruction.ts';
import type { RouteLive, RuleLive } from '../../model/kernel/live-state.ts';
import { callError, sysError } from '../errno.ts';

/** The kernel's own form of a route to delete: hops in its order. Throws ESRCH when there is no such route of ours. */
export function exactRoute(live: readonly RouteLive[], wanted: RouteValue): RouteValue {
  const key = routeKey(wanted);
  const found = live.find(
    (route) => route.protocol === (wanted.protocol ?? NETFORM_PROTOCOL) && routeKey(route) === key,
  );
  if (!found) throw callError('route.delete', 'ESRCH');
  return found;
}

/** How many selectors a rule has: a deletion removes the first rule that has all the given ones, perhaps with others. */
export const ruleSelectorCount = (rule: RuleValue): number => ruleSelectors(rule).length;

/** The rules with `wanted` among them. Throws EEXIST when there is one with exactly its selectors. */
export function addExactRule(live: readonly RuleLive[], wanted: RuleValue): readonly RuleLive[] {
  if (live.some((rule) => ruleKey(rule) === ruleKey(wanted))) throw callError('rule.add', 'EEXIST');
  return [...live, { ...wanted, protocol: wanted.protocol ?? NETFORM_PROTOCOL }];
}

/** What is left of the rules when `wanted` is deleted. Throws when the kernel would delete another one, or finds none. */
export function removeExactRule(live: readonly RuleLive[], wanted: RuleValue): readonly RuleLive[] {
  const protocol = wanted.protocol ?? NETFORM_PROTOCOL;
  const isMeant = (rule: RuleLive): boolean => rule.protocol === protocol && ruleKey(rule) === ruleKey(wanted);
  // A protocol of 0 in a deletion matches any.
  const hit = live.find((rule) => (protocol === 0 || rule.protocol === protocol) && isDeletionMatch(rule, wanted));
  if (hit && isMeant(hit)) return live.filter((rule) => rule !== hit);
  if (!live.some(isMeant)) throw callError('rule.delete', 'ENOENT');
  throw sysError('EBUSY', `the kernel would delete another rule of priority ${wanted.priority}: delete that one first`);
}

const routeKey = ({ to, type, table, metric, hops }: RouteValue): string =>
  JSON.stringify([
    to,
    type,
    table,
    metric,
    hops.map(({ via, dev, weight, onlink }) => JSON.stringify([via, dev, weight, onlink])).sort(),
  ]);

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
