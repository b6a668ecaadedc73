import { shellWord } from '../../model/values/shell-word.ts';
import { netnsCommand, shellCommand } from '../shell-commands.ts';
import type { SysctlInstruction } from './types.ts';

/** `sysctl -qw`, with the key by its path below /proc/sys, in which a dot stays a dot. */
export const sysctlShell = ({ netns, key, value }: SysctlInstruction): readonly string[] => [
  shellCommand(netnsCommand(netns, 'sysctl'), '-qw', shellWord(`${key}=${value}`)),
];
