import { insertBlock, removeBlock } from '../model/blocks.ts';
import { callError } from './errno.ts';
import { deleteFile, readBytes, replaceFile } from './files.ts';

/** Puts a lab's block of lines into a file, which is made when it is not there. Throws E_DRIFT when the present one is broken. */
export function putBlock(path: string, mark: string, lines: readonly string[]): void {
  replaceFile(path, Buffer.from(insertBlock(readBytes(path), mark, lines), 'latin1'));
}

/** Takes a lab's block out, and the file when nothing else was ever in it. Throws ENOENT when there is none, E_DRIFT when it is broken. */
export function takeBlock(path: string, mark: string): void {
  const text = readBytes(path);
  const rest = text === null ? null : removeBlock(text, mark);
  if (text === null || rest === text) throw callError('file.unblock', 'ENOENT');
  if (rest === null) deleteFile(path);
  else replaceFile(path, Buffer.from(rest, 'latin1'));
}
