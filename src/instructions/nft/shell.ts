import { shellWord } from '../../model/values/shell-word.ts';
import { hereDocument, netnsCommand, shellCommand } from '../shell-commands.ts';
import type { NftInstruction } from './types.ts';

/** `nft -f -` with what changes, or with the deletion and the new table, a transaction each; and `nft delete table`. */
export function nftShell(instruction: NftInstruction): readonly string[] {
  const { netns, table } = instruction;
  if (instruction.do === 'nft.delete')
    return [shellCommand(netnsCommand(netns, 'nft'), 'delete table', instruction.family ?? 'inet', shellWord(table))];
  if (instruction.changes !== undefined)
    return instruction.changes.flatMap((commands) => hereDocument(netnsCommand(netns, 'nft -f -'), commands));
  const named = `${instruction.family ?? 'inet'} ${table}`;
  const script = `table ${named}\ndelete table ${named}\n${instruction.script}`;
  return hereDocument(netnsCommand(netns, 'nft -f -'), script);
}
