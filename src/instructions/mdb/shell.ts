import { shellWord } from '../../model/values/shell-word.ts';
import { bridgeCommand, shellCommand } from '../shell-commands.ts';
import type { MdbInstruction } from './types.ts';

/** `bridge mdb add|del`. */
export const mdbShell = ({ do: verb, netns, bridge, dev, group, vlan }: MdbInstruction): readonly string[] => [
  shellCommand(
    bridgeCommand(netns),
    `mdb ${verb === 'mdb.add' ? 'add' : 'del'} dev`,
    shellWord(bridge),
    `port ${shellWord(dev)} grp ${group}`,
    verb === 'mdb.add' ? 'permanent' : '',
    vlan === null ? '' : `vid ${vlan}`,
  ),
];
