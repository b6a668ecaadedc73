import { NETFORM_PROTOCOL } from '../../model/instruction.ts';
import type { NumberRange } from '../../model/kernel/rule-options.ts';
import { shellWord } from '../../model/values/shell-word.ts';
import { ipCommand, protocolOption, shellCommand } from '../shell-commands.ts';
import type { RuleInstruction, RuleValue } from './types.ts';

/** `ip rule add|delete`, always with the full key. */
export function ruleShell({ do: verb, netns, rule }: RuleInstruction): readonly string[] {
  const mark = rule.mark === null ? null : `fwmark ${hex(rule.mark.value)}/${hex(rule.mark.mask)}`;
  return [
    shellCommand(
      ipCommand(netns),
      rule.family === 6 ? '-6' : null,
      'rule',
      verb.slice('rule.'.length),
      rule.not ? 'not' : null,
      rule.from === null ? null : `from ${rule.from}`,
      rule.to === null ? null : `to ${rule.to}`,
      rule.iif === null ? null : `iif ${shellWord(rule.iif)}`,
      rule.oif === null ? null : `oif ${shellWord(rule.oif)}`,
      mark,
      ...selectors(rule),
      actionWords(rule),
      `priority ${rule.priority}`,
      protocolOption('protocol', rule.protocol ?? NETFORM_PROTOCOL),
    ),
  ];
}

/** The selectors that not every rule has. */
const selectors = ({ tos, ipproto, sport, dport, uidrange, ...rest }: RuleValue): readonly (string | null)[] => [
  tos === undefined ? null : `tos ${hex(tos)}`,
  ipproto === undefined ? null : `ipproto ${ipproto}`,
  sport === undefined ? null : `sport ${range(sport)}`,
  dport === undefined ? null : `dport ${range(dport)}`,
  uidrange === undefined ? null : `uidrange ${uidrange.first}-${uidrange.last}`,
  rest.realms === undefined ? null : `realms ${rest.realms}`,
  rest.suppressPrefixLength === undefined ? null : `suppress_prefixlength ${rest.suppressPrefixLength}`,
  rest.suppressIfGroup === undefined ? null : `suppress_ifgroup ${rest.suppressIfGroup}`,
];

function actionWords({ action, table, l3mdev, goto }: RuleValue): string {
  if (action === 'goto') return `goto ${goto}`;
  if (action !== 'lookup') return action;
  return l3mdev ? 'l3mdev' : `table ${table}`;
}

const range = ({ first, last }: NumberRange): string => (first === last ? String(first) : `${first}-${last}`);

const hex = (value: number): string => `0x${value.toString(16)}`;
