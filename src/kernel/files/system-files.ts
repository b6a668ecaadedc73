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
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { catchErrno, sysError } from '../errno.ts';
import { hasXattrs, syncFilesystem } from './file-system.ts';
import { isTrusted } from './ownership.ts';

/** The mode of a file that netform makes. */
export const NEW_FILE_MODE = 0o644;
const MAX_SYMLINKS = 8;
const MAX_BYTES = 16 << 20;
const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_DIRECTORY } = constants;

/** A file's text, one character per byte (latin1), so that it can be written back as it was; null when there is none. */
export function readLatin1File(path: string): string | null {
  const content = catchErrno(['ENOENT', 'ENOTDIR'], () => readFileSync(path));
  if (content === null) return null;
  if (content.length > MAX_BYTES) throw sysError('EFBIG', `${path} is larger than 16 MiB`);
  return content.toString('latin1');
}

/** Reads as `readLatin1File`, but the content of several names of one file only once. */
export function linkedFileReader(): (path: string) => string | null {
  const known = new Map<string, string>();
  return (path) => {
    const stats = catchErrno(['ENOENT', 'ENOTDIR'], () => statSync(path));
    if (stats === null || stats.nlink < 2) return stats && readLatin1File(path);
    const key = `${stats.dev}:${stats.ino}`;
    const text = known.get(key) ?? readLatin1File(path);
    if (text !== null) known.set(key, text);
    return text;
  };
}

/**
 * Puts `content` into a file, whole or not at all: a new file in the same folder takes its name. Mode and owner stay. A
 * file with other names or with extended attributes, or that is mounted by itself, is written in place. Only root's symbolic links are
 * followed.
 */
export function replaceFile(path: string, content: Buffer): void {
  const real = resolveTrustedPath(path);
  const old = catchErrno(['ENOENT'], () => lstatSync(real));
  if (old && !old.isFile()) throw sysError('EINVAL', `${path} is not a file`);
  if (old && (old.nlink > 1 || hasXattrs(real))) {
    writeInPlace(real, content);
    return;
  }
  // A file that is mounted by itself (containers do so) cannot be replaced.
  const replaced = catchErrno(['EBUSY'], () => {
    writeTemporaryFile(real, { content, like: old }, (fresh) => renameSync(fresh, real));
    return true;
  });
  if (!replaced) writeInPlace(real, content);
  syncNames(dirname(real));
}

/** Makes a file that must not be there. EEXIST when it is, or a symbolic link. It appears with its whole content. */
export function createFile(path: string, content: Buffer): void {
  const real = resolveTrustedParent(path);
  writeTemporaryFile(real, { content, like: null }, (fresh) => {
    linkSync(fresh, real);
    unlinkSync(fresh);
  });
  syncNames(dirname(real));
}

/** Removes what a run that was killed while it wrote this file has left beside it. */
export function removeTemporaryFiles(path: string): void {
  const folder = catchErrno(['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP'], () => resolveTrustedPath(dirname(path)));
  const names = folder === null ? null : catchErrno(['ENOENT', 'ENOTDIR'], () => readdirSync(folder));
  if (folder === null || names === null) return;
  const left = names.filter((name) => name.startsWith(`${basename(path)}.`) && TEMPORARY_NAME.test(name));
  for (const name of left) catchErrno(['ENOENT'], () => unlinkSync(join(folder, name)));
}

/** The name of a file until it is whole. */
export const temporaryName = (path: string): string => `${path}.netform-${randomBytes(4).toString('hex')}`;

const TEMPORARY_NAME = /\.netform-[0-9a-f]{8}$/;

/** Removes a file. ENOENT when there is none. A symbolic link is refused. */
export const unlinkFile = (path: string): void => syncNames(unlinkName(path));

/** Removes a file as `unlinkFile` does, but not durably; gives its folder. */
export function unlinkName(path: string): string {
  const real = resolveTrustedParent(path);
  if (lstatSync(real).isSymbolicLink()) throw sysError('ELOOP', `${path} is a symbolic link`);
  unlinkSync(real);
  return dirname(real);
}

/** The path without symbolic links. Throws EACCES when a user other than root could change what it leads to. */
export function resolveTrustedPath(path: string): string {
  let rest = resolve('/', path).split('/').filter(Boolean);
  let at = '/';
  for (let symlinks = 0; rest.length > 0; ) {
    const [name = '', ...after] = rest;
    const next = join(at, name);
    const stats = catchErrno(['ENOENT'], () => lstatSync(next));
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
const resolveTrustedParent = (path: string): string => join(resolveTrustedPath(dirname(path)), basename(path));

type FileReplacement = { readonly content: Buffer; readonly like: Stats | null };

/** Puts a durable file into the same folder, with the mode and owner of `like`, and has it used; it goes if that fails. */
export function writeTemporaryFile(
  path: string,
  { content, like }: FileReplacement,
  use: (fresh: string) => void,
): void {
  const fresh = temporaryName(path);
  const fd = openSync(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    try {
      writeAll(fd, content);
      if (like && (like.uid !== 0 || like.gid !== 0)) fchownSync(fd, like.uid, like.gid);
      fchmodSync(fd, like ? like.mode & 0o7777 : NEW_FILE_MODE);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    use(fresh);
  } catch (error) {
    catchErrno(['ENOENT'], () => unlinkSync(fresh));
    throw error;
  }
}

/** The old content stays beside it until the new one, or the old one again, is durable. */
function writeInPlace(path: string, content: Buffer): void {
  const old = readFileSync(path);
  writeTemporaryFile(path, { content: old, like: null }, (backup) => {
    const fd = openSync(path, O_WRONLY | O_NOFOLLOW);
    try {
      overwrite(fd, content, old);
    } finally {
      closeSync(fd);
    }
    unlinkSync(backup);
  });
}

function overwrite(fd: number, content: Buffer, old: Buffer): void {
  const put = (bytes: Buffer): void => {
    ftruncateSync(fd, writeAll(fd, bytes));
    fsyncSync(fd);
  };
  try {
    put(content);
  } catch (error) {
    put(old);
    throw error;
  }
}

/** Writes from the start; gives the number of bytes. */
function writeAll(fd: number, bytes: Buffer): number {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at, at);
  return bytes.length;
}

/** Makes the names of a folder durable. */
export const syncNames = (path: string): void => withFolder(path, fsyncSync);

/**
 * Makes the names of folders durable: those of many by one call for each file system, because each fsync of a folder can
 * wait for the disk. A folder that is gone needs nothing.
 */
export function syncManyNames(folders: readonly string[]): void {
  const there = folders.filter((folder) => catchErrno(['ENOENT'], () => statSync(folder)) !== null);
  if (there.length <= FEW_FOLDERS) {
    for (const folder of there) syncNames(folder);
    return;
  }
  const byDevice = new Map(there.map((folder) => [statSync(folder).dev, folder]));
  for (const folder of byDevice.values()) withFolder(folder, syncFilesystem);
}

const FEW_FOLDERS = 4;

function withFolder(path: string, action: (fd: number) => void): void {
  const fd = openSync(path, O_RDONLY | O_DIRECTORY);
  try {
    action(fd);
  } finally {
    closeSync(fd);
  }
}
