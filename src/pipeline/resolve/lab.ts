import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { EXIT, netformError } from '../../model/error.ts';
import { closestMatch } from '../../net/closest-match.ts';
import { loadTopology } from '../../registry/language.ts';
import { listJournals } from '../../store/journal.ts';
import { readOtherLabs } from '../../store/shared-resources.ts';
import { listStates } from '../../store/state.ts';
import type { Store } from '../../store/store.ts';
import { readInputFile } from '../topology/read-file.ts';

/**
 * The name of the lab that an argument means: a lab of this machine, or a file, from which only the name is read. Without
 * an argument it is the lab of topology.yaml in this directory, else the only one. Throws E_WHICH_LAB, listing the labs.
 */
export function resolveLabName(store: Store, argument: string | null): string {
  const labs = [...new Set([...listStates(store), ...listJournals(store)])].sort();
  if (argument !== null && labs.includes(argument)) return argument;
  if (argument !== null && (argument === '-' || existsSync(argument))) return resolveFileLab(store, argument, labs);
  if (argument !== null) throw unknownLabError(argument, labs);
  if (existsSync(DEFAULT_FILE)) return resolveFileLab(store, DEFAULT_FILE, labs);
  const [only, ...others] = labs;
  if (only !== undefined && others.length === 0) return only;
  throw netformError('E_WHICH_LAB', EXIT.usage, `no lab given, and no ${DEFAULT_FILE} in this directory`, {
    hint: only === undefined ? 'netform init writes a starter topology, netform apply builds it' : labsHint(labs),
  });
}

/** The lab of a file. Throws E_WHICH_LAB when the file was applied under another name, and under its present one never. */
function resolveFileLab(store: Store, file: string, labs: readonly string[]): string {
  const name = readTopologyName(file);
  if (labs.includes(name) || file === '-') return name;
  const path = resolve(file);
  const former = readOtherLabs(store, null).states.find((state) => state.file === path)?.lab;
  if (former === undefined) return name;
  throw netformError('E_WHICH_LAB', EXIT.usage, `${file} was applied as the lab ${former}; it now says name: ${name}`, {
    hint: `give the name ${former}, or rename the lab first: netform rename ${former} ${name}`,
  });
}

/** The lab of an open run: `target`, or without one the only lab among `labs`. Throws E_WHICH_LAB. */
export function resolveRunLab(
  store: Store,
  target: string | null,
  labs: readonly string[] = listJournals(store),
): string {
  const [only, ...others] = labs;
  if (target !== null && labs.includes(target)) return target;
  return target === null && only !== undefined && others.length === 0 ? only : resolveLabName(store, target);
}

const DEFAULT_FILE = 'topology.yaml';

// The file may have been edited into something that is wrong otherwise: its name is all that is needed.
function readTopologyName(file: string): string {
  const { bytes } = readInputFile(file);
  const { topology } = loadTopology(bytes, { file, vars: {}, varFile: null });
  const name = topology?.name ?? /^name:\s*["']?([A-Za-z][A-Za-z0-9_.-]*)["']?\s*(?:#.*)?$/m.exec(`${bytes}`)?.[1];
  if (name !== undefined) return name;
  throw netformError('E_WHICH_LAB', EXIT.usage, `${file} has no lab name`, {
    hint: 'give the name instead; netform list shows the labs of this machine',
  });
}

function unknownLabError(name: string, labs: readonly string[]) {
  const meant = closestMatch(name, labs);
  return netformError('E_WHICH_LAB', EXIT.usage, `there is no lab and no file called ${name}`, {
    hint: meant === null ? labsHint(labs) : `did you mean ${meant}?`,
  });
}

/** The labs that there are, few by name. */
function labsHint(labs: readonly string[]): string {
  if (labs.length === 0) return 'there is no lab on this machine; netform apply FILE builds one';
  const shown = labs.slice(0, MAX_SHOWN_LABS).join(', ');
  const more = labs.length > MAX_SHOWN_LABS ? ', …: netform list' : '';
  return `the ${labs.length === 1 ? 'lab' : 'labs'} of this machine: ${shown}${more}`;
}

const MAX_SHOWN_LABS = 8;
