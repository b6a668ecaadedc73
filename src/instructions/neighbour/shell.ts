import { NETFORM_PROTOCOL } from '../../model/instruction.ts';
import { shellWord } from '../../model/values/shell-word.ts';
import { ipCommand, protocolOption, shellCommand } from '../shell-commands.ts';
import type { NeighbourInstruction } from './types.ts';

/** `ip neighbour replace|delete`. */
export function neighbourShell(instruction: NeighbourInstruction): readonly string[] {
  const { netns, dev, to } = instruction;
  if (instruction.do === 'neighbour.delete')
    return [
      shellCommand(ipCommand(netns), 'neighbour delete', instruction.proxy ? 'proxy' : '', to, 'dev', shellWord(dev)),
    ];
  const { mac, protocol = NETFORM_PROTOCOL } = instruction;
  const state = [protocolOption('protocol', protocol), 'nud permanent'];
  return [shellCommand(ipCommand(netns), 'neighbour replace', to, `lladdr ${mac}`, 'dev', shellWord(dev), ...state)];
}
