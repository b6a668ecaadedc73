import { sysctlName } from '../../model/ids.ts';
import { shellWord } from '../../model/values/shell-word.ts';
import { ipCommand, netnsCommand, shellCommand } from '../shell-commands.ts';
import type { NetnsInstruction } from './types.ts';

/** `ip netns`: a new namespace with its mark on `lo`, its sysctls, and `lo` up. */
export function netnsShell(instruction: NetnsInstruction): readonly string[] {
  const { netns } = instruction;
  if (instruction.do === 'netns.delete') return [`ip netns delete ${shellWord(netns)}`];
  if (instruction.do === 'netns.unlink') return [`rm /run/netns/${shellWord(netns)}`];
  if (instruction.do === 'netns.link')
    return ['mkdir -p /run/netns', `ln -sfn ${shellWord(instruction.target)} /run/netns/${shellWord(netns)}`];
  const { mark, sysctls } = instruction;
  const settings = Object.entries(sysctls).map(([key, value]) => shellWord(`${sysctlName(key)}=${value}`));
  const sysctl = `${netnsCommand(netns, 'sysctl')} -qw`;
  return [
    `ip netns add ${shellWord(netns)}`,
    ...(mark === '' ? [] : [shellCommand(ipCommand(netns), 'link set dev lo alias', shellWord(mark))]),
    ...(settings.length === 1 ? [`${sysctl} ${settings.join('')}`] : []),
    ...(settings.length > 1 ? [`${sysctl} \\`, settings.map((one) => `  ${one}`).join(' \\\n')] : []),
    shellCommand(ipCommand(netns), 'link set dev lo up'),
  ];
}
