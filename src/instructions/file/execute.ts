import { sysError } from '../../kernel/errno.ts';
import type { BatchExecutor } from '../../kernel/execute/instruction-executor.ts';
import { openFolderMaker, removeEmptyFolders } from '../../kernel/files/created-folders.ts';
import { openBlockWriter } from '../../kernel/files/managed-block.ts';
import { putBytes } from '../../kernel/files/put-bytes.ts';
import { createFile, replaceFile, unlinkFile } from '../../kernel/files/system-files.ts';
import type { FileInstruction } from './types.ts';

type FileWrite = Extract<FileInstruction, { do: 'file.write' | 'file.put' | 'file.block' }>;
type FileRemoval = Exclude<FileInstruction, FileWrite>;

/** Writes files, then blocks, then removes blocks and files, then the folders that netform made and that are empty. */
export const executeFiles: BatchExecutor<FileInstruction> = (instructions, _context, attempt) => {
  const written = [
    ...instructions.filter((one) => one.do === 'file.write'),
    ...instructions.filter((one) => one.do === 'file.put'),
    ...instructions.filter((one) => one.do === 'file.block'),
  ];
  const removed = [
    ...instructions.filter((one) => one.do === 'file.unblock'),
    ...instructions.filter((one) => one.do === 'file.delete'),
  ];
  const blocks = openBlockWriter();
  if (written.length > 0)
    attempt(written, () => {
      const folders = openFolderMaker(written.map(({ path }) => path));
      for (const one of written) attempt([one], () => folders.around(one.path, () => writeOne(one, blocks)));
      folders.finish();
    });
  for (const one of removed) attempt([one], () => removeOne(one, blocks));
  attempt(instructions, blocks.finish);
  if (removed.length > 0) attempt(removed, removeEmptyFolders);
};

function writeOne(one: FileWrite, blocks: ReturnType<typeof openBlockWriter>): void {
  if (one.do === 'file.block') blocks.write(one.path, one.mark, one.lines);
  else if (one.do === 'file.put') putStoredBytes(one);
  else (one.exclusive ? createFile : replaceFile)(one.path, Buffer.from(one.content));
}

function putStoredBytes({ path, sha, mode, owner, bytes }: Extract<FileInstruction, { do: 'file.put' }>): void {
  const content = bytes();
  if (content === null)
    throw sysError('ENODATA', `the bytes of ${path} (${sha.slice(0, 12)}) are in no store any more`);
  putBytes(path, Buffer.from(content, 'latin1'), { mode, owner });
}

function removeOne(one: FileRemoval, blocks: ReturnType<typeof openBlockWriter>): void {
  if (one.do === 'file.unblock') blocks.remove(one.path, one.mark);
  else unlinkFile(one.path);
}
