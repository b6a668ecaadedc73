import { existsSync, mkdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { RUN_FOLDER } from '../../model/kernel/lab-process.ts';
import { catchErrno, errorCode } from '../errno.ts';
import { rememberedProcesses, removeEmptyRunFolders } from '../process/process-record.ts';
import { readLatin1File, removeTemporaryFiles, replaceFile, resolveTrustedPath } from './system-files.ts';

/** The folders that netform made for files of a lab, one a line: an empty one that was there before stays. */
const CREATED_LIST = '/var/lib/netform/.folders';
const FOLDER_MODE = 0o755;
const PRIVATE_MODE = 0o700;

/** Makes the folders of files before these are written. */
export type FolderMaker = {
  /** Makes the folders of a file for what `work` writes. */
  readonly around: (path: string, work: () => void) => void;
  /** Called once after all files: when one of them failed, the folders that were made and are empty go again. */
  readonly finish: () => void;
};

/** Remembers the folders that files of one batch need and that are not there, in one go, before any of them is made. */
export function openFolderMaker(paths: readonly string[]): FolderMaker {
  const folders = [...new Set(paths.map(dirname))];
  const missing = new Set(folders.flatMap((folder) => missingFolders(realFolder(folder) ?? folder)));
  if (missing.size > 0) writeCreatedList([...readCreatedList(), ...missing]);
  let hasFailed = false;
  return {
    around: (path, work) => {
      try {
        mkdirSync(resolveTrustedPath(dirname(path)), { recursive: true, mode: FOLDER_MODE });
        work();
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    },
    finish: () => {
      if (hasFailed) removeEmptyFolders();
    },
  };
}

/** Null where the path leads through a link that is not root's: making the folder says so. */
function realFolder(folder: string): string | null {
  try {
    return resolveTrustedPath(folder);
  } catch {
    return null;
  }
}

/**
 * Removes the remembered folders that are empty now, and forgets those that no longer exist. One that a process sees another folder in
 * the place of stays: to remove it would end that mount in the process's own mounts (rmdir(2) since Linux 3.18).
 */
export function removeEmptyFolders(): void {
  const before = readCreatedList();
  if (before.length === 0) return;
  const covered = new Set(rememberedProcesses().flatMap(({ process }) => Object.keys(process.privateFolders ?? {})));
  const isKept = (folder: string): boolean => covered.has(folder) || isKeptFolder(folder);
  const after = before.toSorted().toReversed().filter(isKept).toReversed();
  // Those around it were perhaps made for a process that has ended since.
  for (const folder of before.filter((one) => one.startsWith(`${RUN_FOLDER}/`) && !after.includes(one)))
    removeEmptyRunFolders(dirname(folder));
  if (after.length !== before.length) writeCreatedList(after);
}

/** Removes what a run has left that was killed: empty folders that it made, and a part of the list of them. */
export function recoverFolders(): void {
  removeTemporaryFiles(CREATED_LIST);
  removeEmptyFolders();
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
