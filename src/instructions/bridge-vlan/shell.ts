import { shellWord } from '../../model/values/shell-word.ts';
import { bridgeCommand, shellCommand } from '../shell-commands.ts';
import type { BridgeVlanInstruction } from './types.ts';

/** `bridge vlan add|delete`. */
export function bridgeVlanShell(instruction: BridgeVlanInstruction): readonly string[] {
  const { do: verb, netns, dev, self, vlans, untagged } = instruction;
  const [first, last] = vlans;
  const action = verb === 'bridge-vlan.add' ? 'add' : 'delete';
  const range = first === last ? `${first}` : `${first}-${last}`;
  const words = untagged && action === 'add' ? 'pvid untagged' : '';
  return [
    shellCommand(bridgeCommand(netns), 'vlan', action, 'dev', shellWord(dev), 'vid', range, words, self ? 'self' : ''),
  ];
}
