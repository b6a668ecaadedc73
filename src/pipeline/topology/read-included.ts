import { closeSync, constants, fstatSync, lstatSync, openSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { IncludeReader } from '../../source/expand/include/join.ts';
import { MAX_INPUT_BYTES, nearFiles, READ_ERRORS, readUpTo } from './read-file.ts';

/**
 * Reads files below a folder, by paths from it. A symbolic link on the way is refused, so that a topology cannot have
 * root read, and show in messages, what its author may not.
 */
export const includeReader =
  (folder: string): IncludeReader =>
  (path) => {
    try {
      const refused = symlinkIn(folder, path);
      if (refused !== null)
        return { problem: `${refused} is a symbolic link`, hint: 'write the path of the file itself' };
      return readBelow(folder, path);
    } catch (error) {
      if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error;
      const near = error.code === 'ENOENT' ? nearFiles(join(folder, path)) : [];
      const hint = 'paths are relative to the file that includes';
      return { problem: READ_ERRORS[String(error.code)] ?? error.message, hint, near };
    }
  };

/** The first part of the path that is a symbolic link; null: none is. */
function symlinkIn(folder: string, path: string): string | null {
  const steps = path.split('/');
  const parts = steps.map((_, i) => steps.slice(0, i + 1).join('/'));
  return parts.find((part) => lstatSync(join(folder, part)).isSymbolicLink()) ?? null;
}

function readBelow(folder: string, path: string): ReturnType<IncludeReader> {
  const file = join(folder, path);
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const fd = openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const opened = fstatSync(fd);
    if (!opened.isFile()) return { problem: opened.isDirectory() ? 'it is a folder' : 'it is not a file', hint: null };
    // A folder on the way may have become a symbolic link since it was looked at.
    const there = statSync(file);
    const isSame = there.dev === opened.dev && there.ino === opened.ino;
    if (!isSame || realpathSync(file) !== join(realpathSync(folder), path)) {
      return { problem: 'it was replaced while it was read', hint: null };
    }
    return { bytes: readUpTo(fd, MAX_INPUT_BYTES) };
  } finally {
    closeSync(fd);
  }
}
