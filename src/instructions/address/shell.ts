import { shellWord } from '../../model/values/shell-word.ts';
import { ipCommand, netnsCommand, shellCommand } from '../shell-commands.ts';
import type { AddressInstruction } from './types.ts';

/** `ip address`. IFA_PROTO is left out: `ip address add … proto` came with iproute2 6.3, so marking has no line. */
export function addressShell(instruction: AddressInstruction): readonly string[] {
  if (instruction.do === 'address.mark') return [];
  if (instruction.do === 'address.add') return [addressLine(instruction, 'add')];
  const line = addressLine(instruction, 'delete');
  if (!instruction.existing || instruction.prefix.includes(':')) return [line];
  // On a link of the machine's own, secondary addresses would be deleted with the first one of their subnet.
  const key = shellWord(`net/ipv4/conf/${instruction.dev}/promote_secondaries`);
  const sysctl = netnsCommand(instruction.netns, 'sysctl');
  return [`promotes=$(${sysctl} -n ${key})`, `${sysctl} -qw ${key}=1`, line, `${sysctl} -qw ${key}="$promotes"`];
}

function addressLine(instruction: Exclude<AddressInstruction, { do: 'address.mark' }>, verb: 'add' | 'delete'): string {
  const { netns, dev, prefix, peer } = instruction;
  const nodad = verb === 'add' && prefix.includes(':') ? 'nodad' : null;
  const [local = '', length = ''] = prefix.split('/');
  const address = peer === undefined ? prefix : `${local} peer ${peer}/${length}`;
  const { label = null, broadcast = null } = instruction.do === 'address.add' ? instruction : {};
  const more = [label && `label ${shellWord(label)}`, broadcast && `broadcast ${broadcast}`, nodad];
  return shellCommand(ipCommand(netns), 'address', verb, address, 'dev', shellWord(dev), ...more);
}
