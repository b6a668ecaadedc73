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
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { sysError, unless } from './errno.ts';
import { hasAttributes } from './libc.ts';
import { isTrusted } from './trust.ts';

const NEW_FILE_MODE = 0o644;
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
 * file with other names or with extended attributes, or that is mounted by itself, is written in place. Only root's symbolic links are
 * followed.
 */
export function replaceFile(path: string, content: Buffer): void {
  const real = resolveTrusted(path);
  const old = unless(['ENOENT'], () => lstatSync(real));
  if (old && !old.isFile()) throw sysError('EINVAL', `${path} is not a file`);
  if (old && (old.nlink > 1 || hasAttributes(real))) {
    writeInPlace(real, content);
    return;
  }
  // A file that is mounted by itself (containers do so) cannot be replaced.
  const replaced = unless(['EBUSY'], () => {
    writeBeside(real, { content, like: old }, (fresh) => renameSync(fresh, real));
    return true;
  });
  if (!replaced) writeInPlace(real, content);
  syncFolder(dirname(real));
}

/** Makes a file that must not be there. EEXIST when it is, or a symbolic link. It appears with its whole content. */
export function createFile(path: string, content: Buffer): void {
  const real = inTrustedFolder(path);
  writeBeside(real, { content, like: null }, (fresh) => {
    linkSync(fresh, real);
    unlinkSync(fresh);
  });
  syncFolder(dirname(real));
}

/** Removes what a run that was killed while it wrote this file has left beside it. */
export function sweepBeside(path: string): void {
  const folder = unless(['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP'], () => resolveTrusted(dirname(path)));
  const names = folder === null ? null : unless(['ENOENT', 'ENOTDIR'], () => readdirSync(folder));
  if (folder === null || names === null) return;
  const left = names.filter((name) => name.startsWith(`${basename(path)}.`) && FRESH.test(name));
  for (const name of left) unless(['ENOENT'], () => unlinkSync(join(folder, name)));
}

/** How a file is called until it is whole. */
const FRESH = /\.netform-[0-9a-f]{8}$/;

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

type Content = { readonly content: Buffer; readonly like: Stats | null };

/** Puts a durable file into the same folder, with the mode and owner of `like`, and has it used; it goes if that fails. */
function writeBeside(path: string, { content, like }: Content, use: (fresh: string) => void): void {
  const fresh = `${path}.netform-${randomBytes(4).toString('hex')}`;
  const fd = openSync(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    try {
      writeWhole(fd, content);
      if (like && (like.uid !== 0 || like.gid !== 0)) fchownSync(fd, like.uid, like.gid);
      fchmodSync(fd, like ? like.mode & 0o7777 : NEW_FILE_MODE);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    use(fresh);
  } catch (error) {
    unless(['ENOENT'], () => unlinkSync(fresh));
    throw error;
  }
}

/** The old content stays beside it until the new one, or the old one again, is durable. */
function writeInPlace(path: string, content: Buffer): void {
  const old = readFileSync(path);
  writeBeside(path, { content: old, like: null }, (backup) => {
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
    ftruncateSync(fd, writeWhole(fd, bytes));
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
