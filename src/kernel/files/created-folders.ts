import { existsSync, mkdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { catchErrno, errorCode } from '../errno.ts';
import { readLatin1File, replaceFile, resolveTrustedPath } from './system-files.ts';

/** The folders that netform made for files of a lab, one a line: an empty one that was there before stays. */
const CREATED_LIST = '/var/lib/netform/.folders';
const FOLDER_MODE = 0o755;
const PRIVATE_MODE = 0o700;

/** Makes the folders of a file for what `work` writes; when that fails, those that were made for it go again. */
export function withParentFolders(path: string, work: () => void): void {
  createFolders(dirname(path));
  try {
    work();
  } catch (error) {
    removeEmptyFolders();
    throw error;
  }
}

/** Removes the remembered folders that are empty now, and forgets those that no longer exist. */
export function removeEmptyFolders(): void {
  const before = readCreatedList();
  const after = before.toSorted().toReversed().filter(isKeptFolder).toReversed();
  if (after.length !== before.length) writeCreatedList(after);
}

/** Makes a folder and those on the way, and remembers which of them were not there. */
function createFolders(path: string): void {
  const real = resolveTrustedPath(path);
  const made = missingFolders(real);
  if (made.length === 0) return;
  writeCreatedList([...readCreatedList(), ...made]);
  mkdirSync(real, { recursive: true, mode: FOLDER_MODE });
}

const missingFolders = (path: string): readonly string[] =>
  existsSync(path) ? [] : [...missingFolders(dirname(path)), path];

const readCreatedList = (): readonly string[] => [
  ...new Set((readLatin1File(CREATED_LIST) ?? '').split('\n').filter(Boolean)),
];

function writeCreatedList(folders: readonly string[]): void {
  if (folders.length === 0) {
    catchErrno(['ENOENT'], () => unlinkSync(CREATED_LIST));
    return;
  }
  mkdirSync(dirname(CREATED_LIST), { recursive: true, mode: PRIVATE_MODE });
  replaceFile(CREATED_LIST, Buffer.from(folders.map((folder) => `${folder}\n`).join(''), 'latin1'));
}

function isKeptFolder(folder: string): boolean {
  try {
    rmdirSync(folder);
    return false;
  } catch (error) {
    return !['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '');
  }
}
