import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { invariant } from '../model/error.ts';
import type { State } from '../model/state.ts';
import { isName } from '../net/name.ts';
import { prepareAtomicWrite, syncFolder } from './atomic-write.ts';
import { parseState } from './state-schema.ts';
import { checkPrivateFile, checkPrivateFolder, ensurePrivateFolder, type StorePaths } from './store-paths.ts';

/** The state of a lab; null when it has none. Throws E_STATE on a file that is not a state. */
export function readState(roots: StorePaths, lab: string): State | null {
  const path = statePath(roots, lab);
  if (
    !checkPrivateFolder(roots, roots.state) ||
    !checkPrivateFolder(roots, labFolder(roots, lab)) ||
    !checkPrivateFile(roots, path)
  ) {
    return null;
  }
  const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  const version = [ino, size, mtimeNs, ctimeNs].join(' ');
  const known = stateCache.get(path);
  if (known?.version === version) return known.state;
  const state = parseState(readFileSync(path, 'utf8'), path);
  stateCache.set(path, { version, state });
  return state;
}

/** A run asks for the same state several times, and that of a large lab takes as long to read as the lab to look at. */
const stateCache = new Map<string, { readonly version: string; readonly state: State }>();

/** Writes the state so that a crash leaves the old one or the new one (0600 in 0700). */
export const writeState = (roots: StorePaths, state: State): void => prepareStateWrite(roots, state)();

/** Makes sure that the state can be written; what it gives does it. */
export function prepareStateWrite(roots: StorePaths, state: State): () => void {
  ensurePrivateFolder(roots, roots.state);
  ensurePrivateFolder(roots, labFolder(roots, state.lab));
  const finish = prepareAtomicWrite(statePath(roots, state.lab), `${JSON.stringify(state, null, 1)}\n`);
  return () => {
    finish();
    syncFolder(roots.state);
  };
}

/** Forgets a lab: its state goes, and its folder when nothing else is in it. A missing state is not an error. */
export const removeState = (roots: StorePaths, lab: string): void => removeLabFile(roots, lab, 'state.json');

/** Removes a file of a lab, and what a run that was killed left of a new state; the folder too when it is empty then. */
export function removeLabFile(roots: StorePaths, lab: string, name: string): void {
  const folder = labFolder(roots, lab);
  if (!checkPrivateFolder(roots, roots.state) || !checkPrivateFolder(roots, folder)) return;
  rmSync(join(folder, name), { force: true });
  rmSync(`${statePath(roots, lab)}.new`, { force: true });
  syncFolder(folder);
  if (readdirSync(folder).length > 0) return;
  rmdirSync(folder);
  syncFolder(roots.state);
}

/** The names of the labs that have a state on this machine, sorted. */
export function listStates(roots: StorePaths): readonly string[] {
  if (!checkPrivateFolder(roots, roots.state)) return [];
  const names = readdirSync(roots.state).filter(isName);
  return names.filter((lab) => existsSync(statePath(roots, lab))).sort();
}

/** Where the files of a lab are. */
export function labFolder(roots: StorePaths, lab: string): string {
  invariant(isName(lab), `${lab} is not the name of a lab`);
  return join(roots.state, lab);
}

const statePath = (roots: StorePaths, lab: string): string => join(labFolder(roots, lab), 'state.json');
