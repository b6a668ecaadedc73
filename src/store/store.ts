import { lstatSync, mkdirSync, type Stats } from 'node:fs';
import { EXIT, netformError } from '../model/error.ts';
import type { JournalRecord } from '../model/journal.ts';
import type { State } from '../model/state.ts';
import { appendJournalRecord } from './journal-record.ts';

/** The folders that netform keeps its own files in, and the user id that must own them. */
export type StorePaths = { readonly state: string; readonly run: string; readonly owner: number };

/** The files that outlive a run: the states and journals of the labs, the lock, the rollback notes. */
export type Store = StorePaths & {
  /** Appends a record to an open journal; it is durable when this returns. */
  readonly appendRecord: (fd: number, record: JournalRecord) => void;
  /** States that were read, by path, with the version of the file: a run asks for the same state several times. */
  readonly stateCache: Map<string, { readonly version: string; readonly state: State }>;
};

/** A store in the given folders, which are created when something is first written. */
export const openStore = (paths: StorePaths): Store => ({
  ...paths,
  appendRecord: appendJournalRecord,
  stateCache: new Map(),
});

/** The store of this host. */
export const openHostStore = (): Store => openStore({ state: '/var/lib/netform', run: '/run/netform', owner: 0 });

const PRIVATE = 0o700;
const WRITABLE_BY_OTHERS = 0o022;

/**
 * Creates a folder of the store (0700) unless it exists. Throws E_UNSAFE_FOLDER when another user could have planted it:
 * it is not a folder, is a symbolic link, has another owner, or is writable by others.
 */
export function ensurePrivateFolder(store: StorePaths, path: string): void {
  if (!readStats(path)) mkdirSync(path, { recursive: true, mode: PRIVATE });
  checkPrivateFolder(store, path);
}

/** Whether a folder of the store exists. Throws E_UNSAFE_FOLDER, as `ensurePrivateFolder` does. */
export function checkPrivateFolder(store: StorePaths, path: string): boolean {
  const stat = readStats(path);
  if (!stat) return false;
  const fault = folderFault(store, stat);
  if (!fault) return true;
  throw netformError('E_UNSAFE_FOLDER', EXIT.usage, `${path} ${fault}`, {
    hint: 'netform keeps its own files there: remove it, or give it to root with mode 0700',
  });
}

/** Whether a file of the store exists. Throws E_UNSAFE_FILE for a symbolic link, another owner, or one that others can write. */
export function checkPrivateFile(store: StorePaths, path: string): boolean {
  const stat = readStats(path);
  if (!stat) return false;
  const fault = stat.isFile() ? ownerFault(store, stat) : 'is not a plain file';
  if (!fault) return true;
  throw netformError('E_UNSAFE_FILE', EXIT.usage, `${path} ${fault}`, { hint: 'look at it, and remove it' });
}

const readStats = (path: string): Stats | null => lstatSync(path, { throwIfNoEntry: false }) ?? null;

const folderFault = (store: StorePaths, stat: Stats): string | null =>
  stat.isDirectory() ? ownerFault(store, stat) : 'is not a folder';

function ownerFault(store: StorePaths, stat: Stats): string | null {
  if (stat.uid !== store.owner) return `belongs to the user id ${stat.uid}, not ${store.owner}`;
  return stat.mode & WRITABLE_BY_OTHERS ? 'can be written by others' : null;
}
