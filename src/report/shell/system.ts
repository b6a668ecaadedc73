import type { SysctlValues } from '../../model/instruction.ts';
import { command, heredoc, inside, ip, word } from './words.ts';

type AddNetns = { readonly netns: string; readonly mark: string; readonly sysctls: SysctlValues };
type DeleteTable = { readonly netns: string; readonly table: string; readonly family?: string };
type ReplaceTable = { readonly netns: string; readonly table: string; readonly script: string };

/** A namespace with its mark on `lo`, its sysctls, and `lo` up. */
export function addNetns({ netns, mark, sysctls }: AddNetns): readonly string[] {
  const settings = Object.entries(sysctls).map(([key, value]) => `  ${word(`${key}=${value}`)}`);
  return [
    `ip netns add ${word(netns)}`,
    command(ip(netns), 'link set dev lo alias', word(mark)),
    ...(settings.length > 0 ? [`${inside(netns, 'sysctl')} -qw \\`, settings.join(' \\\n')] : []),
    command(ip(netns), 'link set dev lo up'),
  ];
}

/** One kernel setting, by its path below /proc/sys, in which a dot stays a dot. */
export const setSysctl = (netns: string, key: string, value: string): string =>
  command(inside(netns, 'sysctl'), '-qw', word(`${key}=${value}`));

/** One transaction: the table of that name, if any, goes and the new one comes. */
export const replaceTable = ({ netns, table, script }: ReplaceTable): readonly string[] =>
  heredoc(inside(netns, 'nft -f -'), `table inet ${table}\ndelete table inet ${table}\n${script}`);

export const deleteTable = ({ netns, table, family = 'inet' }: DeleteTable): string =>
  command(inside(netns, 'nft'), 'delete table', family, word(table));
