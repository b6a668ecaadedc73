import { tableName } from '../../model/ids.ts';
import type { NumberRange } from '../../model/instruction.ts';
import { unknownText } from '../../model/kernel/unknown-attribute.ts';
import type { Operation, PlanLine } from '../../model/operation.ts';
import { ipProtocolName } from '../../net/ip-protocols.ts';
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

/** Who looks where, in the words of `ip rule`; then what the language lacks. */
export function ruleText(rule: RuleSpec): string {
  const { family, from, to, iif, oif, mark } = rule;
  const selectors = [
    from === null ? '' : `from ${from}`,
    to === null ? '' : `to ${to}`,
    iif === null ? '' : `iif ${iif}`,
    oif === null ? '' : `oif ${oif}`,
    mark === null ? '' : `mark ${mark.value}/${mark.mask}`,
    ...optionTexts(rule),
  ].filter(Boolean);
  const who = selectors.length > 0 ? selectors.join(' ') : `from all of IPv${family}`;
  const text = `${rule.not ? 'not ' : ''}${who} ${actionText(rule)}`;
  return rule.unknown ? `${text}, ${unknownText(rule)}` : text;
}

const optionTexts = ({ tos, ipproto, sport, dport, uidrange, realms }: RuleSpec): readonly string[] => [
  tos === undefined ? '' : `tos 0x${tos.toString(16)}`,
  ipproto === undefined ? '' : `ipproto ${ipProtocolName(ipproto)}`,
  sport === undefined ? '' : `sport ${rangeText(sport)}`,
  dport === undefined ? '' : `dport ${rangeText(dport)}`,
  uidrange === undefined ? '' : `uidrange ${rangeText(uidrange)}`,
  realms === undefined ? '' : `realms ${realms}`,
];

function actionText({ action, table, l3mdev, goto, suppressPrefixLength, suppressIfGroup }: RuleSpec): string {
  if (action === 'goto') return `goto ${goto}`;
  if (action !== 'lookup') return action;
  const parts = [
    l3mdev ? 'lookup the table of its VRF' : `lookup ${tableName(table)}`,
    suppressPrefixLength === undefined ? '' : `suppress_prefixlength ${suppressPrefixLength}`,
    suppressIfGroup === undefined ? '' : `suppress_ifgroup ${suppressIfGroup}`,
  ];
  return parts.filter(Boolean).join(' ');
}

const rangeText = ({ first, last }: NumberRange): string => (first === last ? String(first) : `${first}-${last}`);
