import { closeSync, constants, fchmodSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Replaces a file of ours (0600) so that after a crash it has the old content or the new one: temporary file in the same
 * folder, fsync, rename, fsync of the folder. Throws what the file system says; the old file is then untouched.
 */
export const writeAtomic = (path: string, content: string): void => prepareAtomicWrite(path, content)();

/** Replaces a file that others may read (0644) in one step, so that no reader sees a part of it. Throws what the file system says. */
export function writePublicFile(path: string, content: string): void {
  const temporary = `${path}.${process.pid}.new`;
  try {
    writeFileSync(temporary, content, { flag: 'wx', mode: 0o644 });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** The first half of it, all that needs room on the disk; what it gives does the rest. Until then `<path>.new` is there. */
export function prepareAtomicWrite(path: string, content: string): () => void {
  const temporary = `${path}.new`;
  rmSync(temporary, { force: true });
  try {
    writeDurable(temporary, content);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  return () => {
    renameSync(temporary, path);
    syncFolder(dirname(path));
  };
}

/** Makes a file (0600) that must not be there, durable with its whole content. Throws what the file system says. */
export function writeNewFile(path: string, content: string | Buffer): void {
  try {
    writeDurable(path, content);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) rmSync(path, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

/** Makes what was created, renamed or removed in a folder durable. */
export function syncFolder(path: string): void {
  const fd = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function writeDurable(path: string, content: string | Buffer): void {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const fd = openSync(path, flags, 0o600);
  try {
    fchmodSync(fd, 0o600);
    writeFileSync(fd, content);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
