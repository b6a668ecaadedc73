import { existsSync } from 'node:fs';
import { EXIT, netformError } from '../model/error.ts';
import { closest } from '../net/suggest.ts';
import { loadTopology } from '../source/load.ts';
import { listJournals } from '../store/journal.ts';
import { ROOTS } from '../store/roots.ts';
import { listLabs } from '../store/state.ts';
import { readInput } from './input.ts';

/**
 * The lab that the user means: by its name, by a file (of which only the name is read), or, without an argument, that of
 * topology.yaml here, else the only one on the machine. Throws E_WHICH_LAB with the labs that there are.
 */
export function labMeant(argument: string | null): string {
  const labs = [...new Set([...listLabs(ROOTS), ...listJournals(ROOTS)])].sort();
  if (argument !== null && labs.includes(argument)) return argument;
  if (argument !== null && (argument === '-' || existsSync(argument))) return nameIn(argument);
  if (argument !== null) throw unknownLab(argument, labs);
  if (existsSync(DEFAULT_FILE)) return nameIn(DEFAULT_FILE);
  const [only, ...others] = labs;
  if (only !== undefined && others.length === 0) return only;
  throw netformError('E_WHICH_LAB', EXIT.usage, `say which lab: there is no ${DEFAULT_FILE} here`, {
    details: labsText(labs),
    ...(only === undefined ? { hint: 'netform init writes a topology to begin with, netform apply builds it' } : {}),
  });
}

const DEFAULT_FILE = 'topology.yaml';

// The file may have been edited into something that is wrong otherwise: its name is all that is needed.
function nameIn(file: string): string {
  const { bytes } = readInput(file);
  const { topology } = loadTopology(bytes, { file, vars: {}, varFile: null });
  const name = topology?.name ?? /^name:\s*["']?([A-Za-z][A-Za-z0-9_.-]*)["']?\s*(?:#.*)?$/m.exec(`${bytes}`)?.[1];
  if (name !== undefined) return name;
  throw netformError('E_WHICH_LAB', EXIT.usage, `${file} does not say the name of a lab`, {
    hint: 'give the name instead; netform list shows the labs of this machine',
  });
}

function unknownLab(name: string, labs: readonly string[]) {
  const meant = closest(name, labs);
  return netformError('E_WHICH_LAB', EXIT.usage, `there is no lab and no file called ${name}`, {
    details: labsText(labs),
    ...(meant === null ? {} : { hint: `did you mean ${meant}?` }),
  });
}

const labsText = (labs: readonly string[]): readonly string[] =>
  labs.length === 0 ? ['there is no lab on this machine'] : ['labs on this machine:', ...labs.map((lab) => `  ${lab}`)];
