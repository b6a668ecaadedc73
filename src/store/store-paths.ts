import { lstatSync, mkdirSync, type Stats } from 'node:fs';
import { EXIT, netformError } from '../model/error.ts';

/** The folders that netform keeps its own files in, and the user id that they must belong to. */
export type StorePaths = { readonly state: string; readonly run: string; readonly owner: number };

export const STORE_PATHS: StorePaths = { state: '/var/lib/netform', run: '/run/netform', owner: 0 };

const PRIVATE = 0o700;
const WRITABLE_BY_OTHERS = 0o022;

/**
 * Makes a folder of ours (0700) when it is not there, and refuses one that another user could have planted: not a
 * folder, a symbolic link, of another owner, or writable by others. Throws E_UNSAFE_FOLDER.
 */
export function ensurePrivateFolder(roots: StorePaths, path: string): void {
  if (!readStats(path)) mkdirSync(path, { recursive: true, mode: PRIVATE });
  checkPrivateFolder(roots, path);
}

/** Whether a private folder exists. Throws E_UNSAFE_FOLDER when another user could have planted it. */
export function checkPrivateFolder(roots: StorePaths, path: string): boolean {
  const stat = readStats(path);
  if (!stat) return false;
  const fault = folderFault(roots, stat);
  if (!fault) return true;
  throw netformError('E_UNSAFE_FOLDER', EXIT.usage, `${path} ${fault}`, {
    hint: 'netform keeps its own files there: remove it, or give it to root with mode 0700',
  });
}

/** Refuses a file of ours that is a symbolic link, of another owner, or writable by others. Throws E_UNSAFE_FILE. */
export function checkPrivateFile(roots: StorePaths, path: string): boolean {
  const stat = readStats(path);
  if (!stat) return false;
  const fault = stat.isFile() ? ownerFault(roots, stat) : 'is not a plain file';
  if (!fault) return true;
  throw netformError('E_UNSAFE_FILE', EXIT.usage, `${path} ${fault}`, { hint: 'look at it, and remove it' });
}

const readStats = (path: string): Stats | null => lstatSync(path, { throwIfNoEntry: false }) ?? null;

const folderFault = (roots: StorePaths, stat: Stats): string | null =>
  stat.isDirectory() ? ownerFault(roots, stat) : 'is not a folder';

function ownerFault(roots: StorePaths, stat: Stats): string | null {
  if (stat.uid !== roots.owner) return `belongs to the user id ${stat.uid}, not ${roots.owner}`;
  return stat.mode & WRITABLE_BY_OTHERS ? 'can be written by others' : null;
}
