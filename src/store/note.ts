import { readFileSync, rmSync } from 'node:fs';
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

/** The note; null: none. */
export function readNote(roots: Roots, lab: string): string | null {
  const path = fileOf(roots, lab);
  if (!checkFolder(roots, roots.run) || !checkFile(roots, path)) return null;
  return readFileSync(path, 'utf8').trim();
}

export const removeNote = (roots: Roots, lab: string): void => rmSync(fileOf(roots, lab), { force: true });

function fileOf(roots: Roots, lab: string): string {
  invariant(isName(lab), `${lab} is not the name of a lab`);
  return join(roots.run, `rolled-back.${lab}`);
}
