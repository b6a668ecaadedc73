import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { invariant } from '../model/error.ts';
import type { State } from '../model/state.ts';
import { isName } from '../net/name.ts';
import { prepareAtomicWrite, syncFolder } from './atomic-write.ts';
import { removeUnnamedBlobs } from './blobs.ts';
import { parseState, stateText } from './state-schema.ts';
import { checkPrivateFile, checkPrivateFolder, ensurePrivateFolder, type Store } from './store.ts';

/** The state of a lab; null when it has none. Throws E_STATE on a file that is not a state. */
export function readState(store: Store, lab: string): State | null {
  const path = statePath(store, lab);
  if (
    !checkPrivateFolder(store, store.state) ||
    !checkPrivateFolder(store, labFolder(store, lab)) ||
    !checkPrivateFile(store, path)
  ) {
    return null;
  }
  const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  const version = [ino, size, mtimeNs, ctimeNs].join(' ');
  const known = store.stateCache.get(path);
  if (known?.version === version) return known.state;
  const state = parseState(readFileSync(path, 'utf8'), path);
  store.stateCache.set(path, { version, state });
  return state;
}

/** Writes the state of a lab (0600 in 0700): after a crash the file is the old one or the new one. */
export const writeState = (store: Store, state: State): void => prepareStateWrite(store, state)();

/** Replaces the state of a lab; null removes it. */
export function writeOrRemoveState(store: Store, lab: string, state: State | null): void {
  if (state === null) removeState(store, lab);
  else writeState(store, state);
}

/** Reserves the disk space for a new state of a lab; the returned function replaces the old one. */
export function prepareStateWrite(store: Store, state: State): () => void {
  ensurePrivateFolder(store, store.state);
  ensurePrivateFolder(store, labFolder(store, state.lab));
  const finish = prepareAtomicWrite(statePath(store, state.lab), stateText(state));
  return () => {
    finish();
    syncFolder(store.state);
  };
}

/** Forgets a lab: its state goes, and its folder when nothing else is in it. A missing state is not an error. */
export const removeState = (store: Store, lab: string): void => removeLabFile(store, lab, 'state.json');

/** Removes a file of a lab, the unfinished state of a killed run, the bytes that nothing names then, and the lab's folder when that is empty. */
export function removeLabFile(store: Store, lab: string, name: string): void {
  const folder = labFolder(store, lab);
  if (!checkPrivateFolder(store, store.state) || !checkPrivateFolder(store, folder)) return;
  rmSync(join(folder, name), { force: true });
  rmSync(`${statePath(store, lab)}.new`, { force: true });
  removeUnnamedBlobs(store, lab);
  syncFolder(folder);
  if (readdirSync(folder).length > 0) return;
  rmdirSync(folder);
  syncFolder(store.state);
}

/** The names of the labs that have a state on this machine, sorted. */
export function listStates(store: Store): readonly string[] {
  if (!checkPrivateFolder(store, store.state)) return [];
  const names = readdirSync(store.state).filter(isName);
  return names.filter((lab) => existsSync(statePath(store, lab))).sort();
}

/** Where the files of a lab are. */
export function labFolder(store: Store, lab: string): string {
  invariant(isName(lab), `${lab} is not the name of a lab`);
  return join(store.state, lab);
}

const statePath = (store: Store, lab: string): string => join(labFolder(store, lab), 'state.json');
