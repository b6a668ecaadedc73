import { NETFORM_PROTOCOL } from '../../model/instruction.ts';
import { shellWord } from '../../model/values/shell-word.ts';
import { ipCommand, shellCommand } from '../shell-commands.ts';
import type { RuleInstruction } from './types.ts';

/** `ip rule add|delete`, always with the full key. */
export function ruleShell({ do: verb, netns, rule }: RuleInstruction): readonly string[] {
  const mark = rule.mark === null ? null : `fwmark ${hex(rule.mark.value)}/${hex(rule.mark.mask)}`;
  return [
    shellCommand(
      ipCommand(netns),
      rule.family === 6 ? '-6' : null,
      'rule',
      verb.slice('rule.'.length),
      rule.from === null ? null : `from ${rule.from}`,
      rule.to === null ? null : `to ${rule.to}`,
      rule.iif === null ? null : `iif ${shellWord(rule.iif)}`,
      rule.oif === null ? null : `oif ${shellWord(rule.oif)}`,
      mark,
      rule.action === 'lookup' ? `table ${rule.table}` : rule.action,
      `priority ${rule.priority}`,
      `protocol ${rule.protocol ?? NETFORM_PROTOCOL}`,
    ),
  ];
}

const hex = (value: number): string => `0x${value.toString(16)}`;
