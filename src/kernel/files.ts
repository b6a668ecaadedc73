import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  renameSync,
  type Stats,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { sysError, unless } from './errno.ts';
import { isTrusted } from './trust.ts';

const NEW_FILE_MODE = 0o644;
const NEW_FOLDER_MODE = 0o755;
const MAX_SYMLINKS = 8;
const MAX_BYTES = 16 << 20;
const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_DIRECTORY } = constants;

/** A file's text, one character a byte (latin1), so that it can be written back as it was; null when there is none. */
export function readBytes(path: string): string | null {
  const content = unless(['ENOENT', 'ENOTDIR'], () => readFileSync(path));
  if (content === null) return null;
  if (content.length > MAX_BYTES) throw sysError('EFBIG', `${path} is larger than 16 MiB`);
  return content.toString('latin1');
}

/**
 * Puts `content` into a file, whole or not at all: a new file in the same folder takes its name. Mode and owner stay. A
 * file with other names, or that is mounted by itself, is written in place. Folders on the way are made; only root's
 * symbolic links are followed.
 */
export function replaceFile(path: string, content: Buffer): void {
  const real = resolveTrusted(path);
  const old = unless(['ENOENT'], () => lstatSync(real));
  if (old && !old.isFile()) throw sysError('EINVAL', `${path} is not a file`);
  makeFolder(dirname(real));
  if (old && old.nlink > 1) {
    writeInPlace(real, content);
    return;
  }
  const fresh = writeBeside(real, content, old);
  // A file that is mounted by itself (containers do so) cannot be replaced.
  const replaced = unless(['EBUSY'], () => {
    renameSync(fresh, real);
    return true;
  });
  if (!replaced) {
    unlinkSync(fresh);
    writeInPlace(real, content);
  }
  syncFolder(dirname(real));
}

/** Makes a file that must not be there. EEXIST when it is, or a symbolic link. It appears with its whole content. */
export function createFile(path: string, content: Buffer): void {
  const real = inTrustedFolder(path);
  makeFolder(dirname(real));
  const fresh = writeBeside(real, content, null);
  try {
    linkSync(fresh, real);
  } finally {
    unlinkSync(fresh);
  }
  syncFolder(dirname(real));
}

/** Removes a file. ENOENT when there is none. A symbolic link is refused. */
export function deleteFile(path: string): void {
  const real = inTrustedFolder(path);
  if (lstatSync(real).isSymbolicLink()) throw sysError('ELOOP', `${path} is a symbolic link`);
  unlinkSync(real);
  syncFolder(dirname(real));
}

/** The path without symbolic links. Throws EACCES when somebody else than root could change what it leads to. */
export function resolveTrusted(path: string): string {
  let rest = resolve('/', path).split('/').filter(Boolean);
  let at = '/';
  for (let symlinks = 0; rest.length > 0; ) {
    const [name = '', ...after] = rest;
    const next = join(at, name);
    const stats = unless(['ENOENT'], () => lstatSync(next));
    if (!stats) return join(next, ...after);
    if (!stats.isFile() && !isTrusted(stats)) throw sysError('EACCES', `${next} can be written by others than root`);
    if (!stats.isSymbolicLink()) {
      at = next;
      rest = after;
      continue;
    }
    symlinks += 1;
    if (symlinks > MAX_SYMLINKS) throw sysError('ELOOP', `${path} has too many symbolic links`);
    rest = [...resolve(at, readlinkSync(next)).split('/').filter(Boolean), ...after];
    at = '/';
  }
  return at;
}

/** The path with its folder's symbolic links followed, but not one of its own. */
const inTrustedFolder = (path: string): string => join(resolveTrusted(dirname(path)), basename(path));

const makeFolder = (path: string): void => void mkdirSync(path, { recursive: true, mode: NEW_FOLDER_MODE });

/** A durable file with the content, in the same folder; with the mode and owner of `like`. */
function writeBeside(path: string, content: Buffer, like: Stats | null): string {
  const fresh = `${path}.netform-${randomBytes(4).toString('hex')}`;
  const fd = openSync(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    writeWhole(fd, content);
    if (like && (like.uid !== 0 || like.gid !== 0)) fchownSync(fd, like.uid, like.gid);
    fchmodSync(fd, like ? like.mode & 0o7777 : NEW_FILE_MODE);
    fsyncSync(fd);
    return fresh;
  } catch (error) {
    unlinkSync(fresh);
    throw error;
  } finally {
    closeSync(fd);
  }
}

/** The old content stays beside it until the new one is durable. */
function writeInPlace(path: string, content: Buffer): void {
  const backup = writeBeside(path, readFileSync(path), null);
  const fd = openSync(path, O_WRONLY | O_NOFOLLOW);
  try {
    ftruncateSync(fd, writeWhole(fd, content));
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  unlinkSync(backup);
}

/** Writes from the start; gives the number of bytes. */
function writeWhole(fd: number, bytes: Buffer): number {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at, at);
  return bytes.length;
}

function syncFolder(path: string): void {
  const fd = openSync(path, O_RDONLY | O_DIRECTORY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
