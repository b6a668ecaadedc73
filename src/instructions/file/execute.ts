import type { BatchExecutor } from '../../kernel/execute/instruction-executor.ts';
import { removeEmptyFolders, withParentFolders } from '../../kernel/files/created-folders.ts';
import { removeBlockFromFile, writeBlockToFile } from '../../kernel/files/managed-block.ts';
import { createFile, replaceFile, unlinkFile } from '../../kernel/files/system-files.ts';
import type { FileInstruction } from './types.ts';

/** Writes files, then blocks, then removes blocks and files, then the folders that netform made and that are empty. */
export const executeFiles: BatchExecutor<FileInstruction> = (instructions, _context, attempt) => {
  for (const one of instructions)
    if (one.do === 'file.write')
      attempt([one], () =>
        withParentFolders(one.path, () =>
          (one.exclusive ? createFile : replaceFile)(one.path, Buffer.from(one.content)),
        ),
      );
  for (const one of instructions)
    if (one.do === 'file.block')
      attempt([one], () => withParentFolders(one.path, () => writeBlockToFile(one.path, one.mark, one.lines)));
  const gone = [
    ...instructions.filter((one) => one.do === 'file.unblock'),
    ...instructions.filter((one) => one.do === 'file.delete'),
  ];
  for (const one of gone)
    attempt([one], () => (one.do === 'file.unblock' ? removeBlockFromFile(one.path, one.mark) : unlinkFile(one.path)));
  if (gone.length > 0) attempt(gone, removeEmptyFolders);
};
