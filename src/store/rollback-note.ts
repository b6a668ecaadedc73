import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { invariant } from '../model/error.ts';
import { isName } from '../net/name.ts';
import { writeAtomic } from './atomic-write.ts';
import { checkPrivateFile, checkPrivateFolder, ensurePrivateFolder, type StorePaths } from './store-paths.ts';

/** Records, until the next reboot, that a run of a lab was rolled back because it was not confirmed; `sentence` says so. */
export function writeRollbackNote(roots: StorePaths, lab: string, sentence: string): void {
  ensurePrivateFolder(roots, roots.run);
  writeAtomic(rollbackNotePath(roots, lab), `${sentence}\n`);
}

/** The labs that have a note, sorted. */
export function listRollbackNotes(roots: StorePaths): readonly string[] {
  if (!checkPrivateFolder(roots, roots.run)) return [];
  const labs = readdirSync(roots.run).map((name) =>
    name.startsWith(NOTE_PREFIX) ? name.slice(NOTE_PREFIX.length) : '',
  );
  return labs.filter(isName).sort();
}

/** The note; null: none. */
export function readRollbackNote(roots: StorePaths, lab: string): string | null {
  const path = rollbackNotePath(roots, lab);
  if (!checkPrivateFolder(roots, roots.run) || !checkPrivateFile(roots, path)) return null;
  return readFileSync(path, 'utf8').trim();
}

export const removeRollbackNote = (roots: StorePaths, lab: string): void =>
  rmSync(rollbackNotePath(roots, lab), { force: true });

const NOTE_PREFIX = 'rolled-back.';

function rollbackNotePath(roots: StorePaths, lab: string): string {
  invariant(isName(lab), `${lab} is not the name of a lab`);
  return join(roots.run, `${NOTE_PREFIX}${lab}`);
}
