import { existsSync, mkdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf, unless } from './errno.ts';
import { readBytes, replaceFile, resolveTrusted } from './files.ts';

/** The folders that netform made for files of a lab, one a line: an empty one that was there before stays. */
const LIST = '/var/lib/netform/.folders';
const MODE = 0o755;
const PRIVATE_MODE = 0o700;

/** Makes the folders of a file for what `work` writes; when that fails, those that were made for it go again. */
export function inFolder(path: string, work: () => void): void {
  makeFolders(dirname(path));
  try {
    work();
  } catch (error) {
    sweepFolders();
    throw error;
  }
}

/** Removes the remembered folders that are empty now, and forgets those that have gone. */
export function sweepFolders(): void {
  const before = remembered();
  const after = before.toSorted().toReversed().filter(isNeeded).toReversed();
  if (after.length !== before.length) remember(after);
}

/** Makes a folder and those on the way, and remembers which of them were not there. */
function makeFolders(path: string): void {
  const real = resolveTrusted(path);
  const made = missing(real);
  if (made.length === 0) return;
  remember([...remembered(), ...made]);
  mkdirSync(real, { recursive: true, mode: MODE });
}

const missing = (path: string): readonly string[] => (existsSync(path) ? [] : [...missing(dirname(path)), path]);

const remembered = (): readonly string[] => [...new Set((readBytes(LIST) ?? '').split('\n').filter(Boolean))];

function remember(folders: readonly string[]): void {
  if (folders.length === 0) {
    unless(['ENOENT'], () => unlinkSync(LIST));
    return;
  }
  mkdirSync(dirname(LIST), { recursive: true, mode: PRIVATE_MODE });
  replaceFile(LIST, Buffer.from(folders.map((folder) => `${folder}\n`).join(''), 'latin1'));
}

function isNeeded(folder: string): boolean {
  try {
    rmdirSync(folder);
    return false;
  } catch (error) {
    return !['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '');
  }
}
