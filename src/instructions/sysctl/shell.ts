import { sysctlName } from '../../model/ids.ts';
import { shellWord } from '../../model/values/shell-word.ts';
import { netnsCommand, shellCommand } from '../shell-commands.ts';
import type { SysctlInstruction } from './types.ts';

/** `sysctl -qw`, with dots for the slashes of the key, and a slash for the dot of a device's name. */
export const sysctlShell = ({ netns, key, value }: SysctlInstruction): readonly string[] => [
  shellCommand(netnsCommand(netns, 'sysctl'), '-qw', shellWord(`${sysctlName(key)}=${value}`)),
];
