import type { SysctlValues } from '../../model/instruction.ts';
import { shellWord } from '../../model/values/shell-word.ts';
import { hereDocument, ipCommand, netnsCommand, shellCommand } from './quote.ts';

type ShellNetnsAdd = { readonly netns: string; readonly mark: string; readonly sysctls: SysctlValues };
type ShellTableDelete = { readonly netns: string; readonly table: string; readonly family?: string };
type ShellTableReplace = { readonly netns: string; readonly table: string; readonly script: string };

/** A namespace with its mark on `lo`, its sysctls, and `lo` up. */
export function addNetnsLines({ netns, mark, sysctls }: ShellNetnsAdd): readonly string[] {
  const settings = Object.entries(sysctls).map(([key, value]) => `  ${shellWord(`${key}=${value}`)}`);
  return [
    `ip netns add ${shellWord(netns)}`,
    shellCommand(ipCommand(netns), 'link set dev lo alias', shellWord(mark)),
    ...(settings.length > 0 ? [`${netnsCommand(netns, 'sysctl')} -qw \\`, settings.join(' \\\n')] : []),
    shellCommand(ipCommand(netns), 'link set dev lo up'),
  ];
}

/** One kernel setting, by its path below /proc/sys, in which a dot stays a dot. */
export const setSysctlLine = (netns: string, key: string, value: string): string =>
  shellCommand(netnsCommand(netns, 'sysctl'), '-qw', shellWord(`${key}=${value}`));

/** One transaction: the table of that name, if any, goes and the new one comes. */
export const replaceTableLines = ({ netns, table, script }: ShellTableReplace): readonly string[] =>
  hereDocument(netnsCommand(netns, 'nft -f -'), `table inet ${table}\ndelete table inet ${table}\n${script}`);

export const deleteTableLine = ({ netns, table, family = 'inet' }: ShellTableDelete): string =>
  shellCommand(netnsCommand(netns, 'nft'), 'delete table', family, shellWord(table));
