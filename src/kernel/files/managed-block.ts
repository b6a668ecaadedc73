import { insertManagedBlock, removeManagedBlock } from '../../model/files/managed-block.ts';
import { callError } from '../errno.ts';
import { readLatin1File, replaceFile, unlinkFile } from './system-files.ts';

/** Puts a lab's block of lines into a file, which is made when it is not there. Throws E_DRIFT when the present one is broken. */
export function writeBlockToFile(path: string, mark: string, lines: readonly string[]): void {
  replaceFile(path, Buffer.from(insertManagedBlock(readLatin1File(path), mark, lines), 'latin1'));
}

/** Takes a lab's block out, and the file when nothing else was ever in it. Throws ENOENT when there is none, E_DRIFT when it is broken. */
export function removeBlockFromFile(path: string, mark: string): void {
  const text = readLatin1File(path);
  const rest = text === null ? null : removeManagedBlock(text, mark);
  if (text === null || rest === text) throw callError('file.unblock', 'ENOENT');
  if (rest === null) unlinkFile(path);
  else replaceFile(path, Buffer.from(rest, 'latin1'));
}
