import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { invariant } from '../model/error.ts';
import { isName } from '../net/name.ts';
import { writeAtomic } from './atomic.ts';
import { checkFile, checkFolder, ensureFolder, type Roots } from './roots.ts';

/** Notes until the next reboot that a run of a lab was undone because nobody confirmed it; `sentence` says so. */
export function noteRollback(roots: Roots, lab: string, sentence: string): void {
  ensureFolder(roots, roots.run);
  writeAtomic(fileOf(roots, lab), `${sentence}\n`);
}

/** The labs that have a note, sorted. */
export function listNotes(roots: Roots): readonly string[] {
  if (!checkFolder(roots, roots.run)) return [];
  const labs = readdirSync(roots.run).map((name) => (name.startsWith(PREFIX) ? name.slice(PREFIX.length) : ''));
  return labs.filter(isName).sort();
}

/** The note; null: none. */
export function readNote(roots: Roots, lab: string): string | null {
  const path = fileOf(roots, lab);
  if (!checkFolder(roots, roots.run) || !checkFile(roots, path)) return null;
  return readFileSync(path, 'utf8').trim();
}

export const removeNote = (roots: Roots, lab: string): void => rmSync(fileOf(roots, lab), { force: true });

const PREFIX = 'rolled-back.';

function fileOf(roots: Roots, lab: string): string {
  invariant(isName(lab), `${lab} is not the name of a lab`);
  return join(roots.run, `${PREFIX}${lab}`);
}
