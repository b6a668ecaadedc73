import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { invariant } from '../model/error.ts';
import { isName } from '../net/name.ts';
import { writeAtomic } from './atomic-write.ts';
import { checkPrivateFile, checkPrivateFolder, ensurePrivateFolder, type Store } from './store.ts';

/** Records, until the next reboot, that a run of a lab was rolled back because it was not confirmed; `sentence` says so. */
export function writeRollbackNote(store: Store, lab: string, sentence: string): void {
  ensurePrivateFolder(store, store.run);
  writeAtomic(rollbackNotePath(store, lab), `${sentence}\n`);
}

/** The labs that have a note, sorted. */
export function listRollbackNotes(store: Store): readonly string[] {
  if (!checkPrivateFolder(store, store.run)) return [];
  const labs = readdirSync(store.run).map((name) =>
    name.startsWith(NOTE_PREFIX) ? name.slice(NOTE_PREFIX.length) : '',
  );
  return labs.filter(isName).sort();
}

/** The note; null: none. */
export function readRollbackNote(store: Store, lab: string): string | null {
  const path = rollbackNotePath(store, lab);
  if (!checkPrivateFolder(store, store.run) || !checkPrivateFile(store, path)) return null;
  return readFileSync(path, 'utf8').trim();
}

/** Removes the note of a rollback. A missing note is not an error. */
export const removeRollbackNote = (store: Store, lab: string): void =>
  rmSync(rollbackNotePath(store, lab), { force: true });

const NOTE_PREFIX = 'rolled-back.';

function rollbackNotePath(store: Store, lab: string): string {
  invariant(isName(lab), `${lab} is not the name of a lab`);
  return join(store.run, `${NOTE_PREFIX}${lab}`);
}
