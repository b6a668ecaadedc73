import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { invariant } from '../model/error.ts';
import type { State } from '../model/state.ts';
import { isName } from '../net/name.ts';
import { prepareAtomic, syncFolder } from './atomic.ts';
import { checkFile, checkFolder, ensureFolder, type Roots } from './roots.ts';
import { parseState } from './shape.ts';

/** The state of a lab; null when it has none. Throws E_STATE on a file that is not a state. */
export function readState(roots: Roots, lab: string): State | null {
  const path = fileOf(roots, lab);
  if (!checkFolder(roots, roots.state) || !checkFolder(roots, folderOf(roots, lab)) || !checkFile(roots, path)) {
    return null;
  }
  const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  const version = [ino, size, mtimeNs, ctimeNs].join(' ');
  const known = lastRead.get(path);
  if (known?.version === version) return known.state;
  const state = parseState(readFileSync(path, 'utf8'), path);
  lastRead.set(path, { version, state });
  return state;
}

/** A run asks for the same state several times, and that of a large lab takes as long to read as the lab to look at. */
const lastRead = new Map<string, { readonly version: string; readonly state: State }>();

/** Writes the state so that a crash leaves the old one or the new one (0600 in 0700). */
export const writeState = (roots: Roots, state: State): void => prepareState(roots, state)();

/** Makes sure that the state can be written; what it gives does it. */
export function prepareState(roots: Roots, state: State): () => void {
  ensureFolder(roots, roots.state);
  ensureFolder(roots, folderOf(roots, state.lab));
  const finish = prepareAtomic(fileOf(roots, state.lab), `${JSON.stringify(state, null, 1)}\n`);
  return () => {
    finish();
    syncFolder(roots.state);
  };
}

/** Forgets a lab: its state goes, and its folder when nothing else is in it. No state is no failure. */
export const removeState = (roots: Roots, lab: string): void => removeFrom(roots, lab, 'state.json');

/** Removes a file of a lab, and what a run that was killed left of a new state; the folder too when it is empty then. */
export function removeFrom(roots: Roots, lab: string, name: string): void {
  const folder = folderOf(roots, lab);
  if (!checkFolder(roots, roots.state) || !checkFolder(roots, folder)) return;
  rmSync(join(folder, name), { force: true });
  rmSync(`${fileOf(roots, lab)}.new`, { force: true });
  syncFolder(folder);
  if (readdirSync(folder).length > 0) return;
  rmdirSync(folder);
  syncFolder(roots.state);
}

/** The names of the labs that have a state on this machine, sorted. */
export function listLabs(roots: Roots): readonly string[] {
  if (!checkFolder(roots, roots.state)) return [];
  const names = readdirSync(roots.state).filter(isName);
  return names.filter((lab) => existsSync(fileOf(roots, lab))).sort();
}

/** Where the files of a lab are. */
export function folderOf(roots: Roots, lab: string): string {
  invariant(isName(lab), `${lab} is not the name of a lab`);
  return join(roots.state, lab);
}

const fileOf = (roots: Roots, lab: string): string => join(folderOf(roots, lab), 'state.json');
