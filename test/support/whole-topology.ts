import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { includeReader } from '../../src/pipeline/topology/read-included.ts';
import { loadTopology } from '../../src/registry/language.ts';

/** The text of a topology file; of one that includes others, that of the whole. Null: it is a part that others include. */
export function wholeTopology(path: string): string | null {
  const text = readFileSync(path, 'utf8');
  if (dirname(path).endsWith('/parts')) return null;
  if (!/^include:/m.test(text)) return text;
  const readIncluded = includeReader(dirname(path));
  return loadTopology(text, { file: basename(path), vars: {}, varFile: null, readIncluded }).rendered;
}
