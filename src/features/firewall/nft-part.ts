import { firewallDefaults, firewallEntries, isCoveredBy } from '../../firewall/lab-firewall.ts';
import { defineNftPart } from '../../kinds/nft/part.ts';
import { transitionText } from '../../kinds/plan-line.ts';
import type { FirewallDefaults, FirewallRule } from '../../model/lab-parts/firewall-rule.ts';
import { firewallStatements } from './nft-statements.ts';
import { FIREWALL } from './resolve.ts';

/** Firewalls in the lab's table: a chain for each direction. */
export const firewallPart = defineNftPart<FirewallRule>({
  name: FIREWALL,
  statements: firewallStatements,
  describe: {
    noun: 'firewall',
    key: (rule) => JSON.stringify(rule.sort === 'defaults' ? [rule.sort] : [rule.sort, rule.label]),
    title: ({ sort }) => (sort === 'defaults' ? 'default' : sort),
    text: (before, after) => transitionText(before && ruleText(before), after && ruleText(after)) || 'its addresses',
  },
  // Rules of others are not compared with a firewall: there is no one way to write it.
  equivalent: { keys: (rule) => [JSON.stringify(rule)], found: () => [] },
  opens,
  staleConntrack: () => [],
});

const ruleText = (rule: FirewallRule): string => (rule.sort === 'defaults' ? defaultsText(rule) : rule.label);

/** `forward drop, output accept`. */
export function defaultsText({ verdicts, clampMss, log }: FirewallDefaults): string {
  const closed = (['input', 'forward', 'output'] as const).filter((direction) => verdicts[direction] !== 'accept');
  const parts = [
    ...closed.map((direction) => `${direction} ${verdicts[direction]}`),
    ...(clampMss ? ['MSS clamped'] : []),
    ...(log ? ['logged'] : []),
  ];
  return parts.length === 0 ? 'accept' : parts.join(', ');
}

const DIRECTIONS = ['input', 'forward', 'output'] as const;

/** Whether something passes afterwards that did not: a default that is open now, something that is no longer denied, or more that is allowed. */
function opens(before: readonly FirewallRule[], after: readonly FirewallRule[]): boolean {
  const [had, has] = [firewallDefaults(before), firewallDefaults(after)];
  if (had === null) return false;
  const [old, now] = [firewallEntries(before), firewallEntries(after)];
  const isClosed = (of: FirewallDefaults | null) => DIRECTIONS.filter((one) => of && of.verdicts[one] !== 'accept');
  const wasClosed = isClosed(had);
  if (wasClosed.some((direction) => !isClosed(has).includes(direction))) return true;
  const allowsMore = now.some(
    (entry) => entry.sort === 'allow' && !old.some((one) => one.sort === 'allow' && isCoveredBy(entry, one)),
  );
  if (wasClosed.length > 0 && allowsMore) return true;
  return old.some(
    (entry) =>
      entry.sort === 'deny' &&
      entry.matches.length > 0 &&
      !now.some((one) => one.sort === 'deny' && isCoveredBy(entry, one)),
  );
}
