import { existsSync } from 'node:fs';
import { EXIT, netformError } from '../../model/error.ts';
import { closestMatch } from '../../net/closest-match.ts';
import { loadTopology } from '../../registry/language.ts';
import { listJournals } from '../../store/journal.ts';
import { listStates } from '../../store/state.ts';
import { STORE_PATHS } from '../../store/store-paths.ts';
import { readInputFile } from '../topology/read-file.ts';

/**
 * The lab that the user means: by its name, by a file (of which only the name is read), or, without an argument, that of
 * topology.yaml here, else the only one on the machine. Throws E_WHICH_LAB with the labs that there are.
 */
export function resolveLabName(argument: string | null): string {
  const labs = [...new Set([...listStates(STORE_PATHS), ...listJournals(STORE_PATHS)])].sort();
  if (argument !== null && labs.includes(argument)) return argument;
  if (argument !== null && (argument === '-' || existsSync(argument))) return readTopologyName(argument);
  if (argument !== null) throw unknownLabError(argument, labs);
  if (existsSync(DEFAULT_FILE)) return readTopologyName(DEFAULT_FILE);
  const [only, ...others] = labs;
  if (only !== undefined && others.length === 0) return only;
  throw netformError('E_WHICH_LAB', EXIT.usage, `say which lab: there is no ${DEFAULT_FILE} here`, {
    details: labListLines(labs),
    ...(only === undefined ? { hint: 'netform init writes a topology to begin with, netform apply builds it' } : {}),
  });
}

const DEFAULT_FILE = 'topology.yaml';

// The file may have been edited into something that is wrong otherwise: its name is all that is needed.
function readTopologyName(file: string): string {
  const { bytes } = readInputFile(file);
  const { topology } = loadTopology(bytes, { file, vars: {}, varFile: null });
  const name = topology?.name ?? /^name:\s*["']?([A-Za-z][A-Za-z0-9_.-]*)["']?\s*(?:#.*)?$/m.exec(`${bytes}`)?.[1];
  if (name !== undefined) return name;
  throw netformError('E_WHICH_LAB', EXIT.usage, `${file} does not say the name of a lab`, {
    hint: 'give the name instead; netform list shows the labs of this machine',
  });
}

function unknownLabError(name: string, labs: readonly string[]) {
  const meant = closestMatch(name, labs);
  return netformError('E_WHICH_LAB', EXIT.usage, `there is no lab and no file called ${name}`, {
    details: labListLines(labs),
    ...(meant === null ? {} : { hint: `did you mean ${meant}?` }),
  });
}

const labListLines = (labs: readonly string[]): readonly string[] =>
  labs.length === 0 ? ['there is no lab on this machine'] : ['labs on this machine:', ...labs.map((lab) => `  ${lab}`)];
