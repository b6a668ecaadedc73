import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
} from 'node:fs';
import { join } from 'node:path';
import { EXIT, netformError } from '../model/error.ts';
import type { JournalBegin, JournalRecord, OpenJournal } from '../model/journal.ts';
import { isName } from '../net/name.ts';
import { syncFolder } from './atomic-write.ts';
import { decodeJournalLine } from './journal-record.ts';
import { labFolder, removeLabFile } from './state.ts';
import { checkPrivateFile, checkPrivateFolder, ensurePrivateFolder, type Store } from './store.ts';

/** A journal that is being written. Every call throws E_STATE when the line is not durable. */
export type JournalWriter = {
  readonly append: (record: JournalRecord) => void;
  readonly close: () => void;
};

/** Starts the journal of a lab (0600): durable, its folder too, when this returns. Throws E_STATE, and then leaves nothing. */
export function beginJournal(store: Store, begin: JournalBegin): JournalWriter {
  const path = journalPath(store, begin.lab);
  try {
    return createJournal(store, begin);
  } catch (error) {
    throw stateWriteError(path, error);
  }
}

/** Goes on with a journal that was read. A torn last line goes first. */
export function resumeJournal(store: Store, lab: string): JournalWriter {
  const path = journalPath(store, lab);
  const { length } = parseJournal(readFileSync(path), path);
  const fd = openSync(path, constants.O_RDWR | constants.O_APPEND | constants.O_NOFOLLOW);
  ftruncateSync(fd, length);
  return journalWriter(store, fd, path);
}

/**
 * The open journal of a lab; null: none, or one that was never begun. A torn last line was not durable and is ignored;
 * throws E_JOURNAL when a line before it is damaged, or when a newer netform wrote it.
 */
export function readJournal(store: Store, lab: string): OpenJournal | null {
  const path = journalPath(store, lab);
  if (
    !checkPrivateFolder(store, store.state) ||
    !checkPrivateFolder(store, labFolder(store, lab)) ||
    !checkPrivateFile(store, path)
  ) {
    return null;
  }
  const [begin, ...records] = parseJournal(readFileSync(path), path).records;
  if (begin === undefined) return null;
  if (begin.type !== 'begin') throw journalError(path, 'it does not start with its first record');
  if (!JOURNAL_VERSIONS.includes(begin.version))
    throw journalError(path, `it has version ${JSON.stringify(begin.version)}, not ${JOURNAL_VERSIONS.join(' or ')}`);
  const later = records.flatMap((record) => (record.type === 'intent' ? (record.subjects ?? []) : []));
  return {
    begin: { ...begin, subjects: [...begin.subjects, ...later] },
    intended: new Set(records.flatMap((record) => (record.type === 'intent' ? record.ids : []))),
    applied: records.find((record) => record.type === 'applied') ?? null,
    commit: records.find((record) => record.type === 'commit') ?? null,
  };
}

/** The versions that can be read. In 1 nothing is shared. */
const JOURNAL_VERSIONS: readonly number[] = [1, 2];

/** Ids that an interrupted run of the lab has changed, or may have changed. */
export function interruptedIds(store: Store, lab: string): ReadonlySet<string> {
  const journal = hasJournal(store, lab) ? readJournal(store, lab) : null;
  return journal === null || journal.applied !== null ? new Set() : journal.intended;
}

/** The names of the labs that have a journal, sorted. */
export function listJournals(store: Store): readonly string[] {
  if (!checkPrivateFolder(store, store.state)) return [];
  const names = readdirSync(store.state).filter(isName);
  return names.filter((lab) => hasJournal(store, lab)).sort();
}

/** Whether a lab has a journal. */
export const hasJournal = (store: Store, lab: string): boolean => existsSync(journalPath(store, lab));

/** Removes the journal of a run that is over, and the lab's folder when it is empty. A missing journal is not an error. */
export const removeJournal = (store: Store, lab: string): void => removeLabFile(store, lab, 'journal');

function createJournal(store: Store, begin: JournalBegin): JournalWriter {
  const folder = labFolder(store, begin.lab);
  ensurePrivateFolder(store, store.state);
  ensurePrivateFolder(store, folder);
  const writer = openNewJournal(store, journalPath(store, begin.lab), folder);
  try {
    writer.append(begin);
    syncFolder(folder);
    syncFolder(store.state);
    return writer;
  } catch (error) {
    writer.close();
    removeJournal(store, begin.lab);
    throw error;
  }
}

function openNewJournal(store: Store, path: string, folder: string): JournalWriter {
  const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW, O_APPEND } = constants;
  try {
    const fd = openSync(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_APPEND, 0o600);
    fchmodSync(fd, 0o600);
    return journalWriter(store, fd, path);
  } catch (error) {
    if (readdirSync(folder).length === 0) rmdirSync(folder);
    throw error;
  }
}

const journalPath = (store: Store, lab: string): string => join(labFolder(store, lab), 'journal');

/** Appends records to an open journal. After a failed write it truncates the line, at the latest before the next one. */
function journalWriter(store: Store, fd: number, path: string): JournalWriter {
  let length = fstatSync(fd).size;
  return {
    append: (record) => {
      try {
        ftruncateSync(fd, length);
        store.appendRecord(fd, record);
        length = fstatSync(fd).size;
      } catch (error) {
        // Also a whole line: it may not be durable.
        ignoreFailure(() => ftruncateSync(fd, length));
        throw stateWriteError(path, error);
      }
    },
    close: () => closeSync(fd),
  };
}

function ignoreFailure(action: () => void): void {
  try {
    action();
  } catch {
    // The next line tries it again, and a torn last line is ignored.
  }
}

type JournalContent = { readonly records: readonly JournalRecord[]; readonly length: number };

function parseJournal(bytes: Buffer, path: string): JournalContent {
  const records: JournalRecord[] = [];
  let at = 0;
  while (at < bytes.length) {
    const end = bytes.indexOf(NEWLINE, at);
    const record = end < 0 ? null : decodeJournalLine(bytes.toString('utf8', at, end));
    if (record === null && end >= 0 && end < bytes.length - 1) {
      throw journalError(path, `line ${records.length + 1} is damaged`);
    }
    if (record === null) break;
    records.push(record);
    at = end + 1;
  }
  return { records, length: at };
}

const NEWLINE = 10;

function journalError(path: string, why: string): Error {
  return netformError('E_JOURNAL', EXIT.internal, `${path} cannot be used: ${why}`, {
    hint: 'nothing was touched; keep a copy, remove the file, and look with netform plan at what the interrupted run left',
  });
}

/** An error of the file system as E_STATE. */
export function stateWriteError(path: string, error: unknown): Error {
  if (!(error instanceof Error) || !('code' in error) || String(error.code).startsWith('E_')) {
    return error instanceof Error ? error : new Error(String(error));
  }
  return netformError('E_STATE', EXIT.internal, `${path} cannot be written: ${error.message}`, {
    hint: 'make room for it, then run the command again',
  });
}
