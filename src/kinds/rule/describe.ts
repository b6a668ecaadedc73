import { tableName } from '../../model/ids.ts';
import type { Operation, PlanLine } from '../../model/operation.ts';
import { planLine, transitionText } from '../plan-line.ts';
import type { RuleSpec } from './spec.ts';

/** `+ rule 1000 from 10.1.0.0/24 lookup 100`. */
export function describeRule(operation: Operation<RuleSpec>): readonly PlanLine[] {
  const { before, after } = operation;
  const name = String((after ?? before)?.priority ?? '');
  return [
    planLine(operation, {
      noun: 'rule',
      name,
      text: transitionText(before && ruleText(before), after && ruleText(after)),
    }),
  ];
}

/** Who looks where. */
export function ruleText({ family, from, to, iif, oif, mark, table, action }: RuleSpec): string {
  const selectors = [
    from === null ? '' : `from ${from}`,
    to === null ? '' : `to ${to}`,
    iif === null ? '' : `iif ${iif}`,
    oif === null ? '' : `oif ${oif}`,
    mark === null ? '' : `mark ${mark.value}/${mark.mask}`,
  ].filter(Boolean);
  const who = selectors.length > 0 ? selectors.join(' ') : `from all of IPv${family}`;
  return action === 'lookup' ? `${who} lookup ${tableName(table)}` : `${who} ${action}`;
}
