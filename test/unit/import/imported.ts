import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileLookup } from '../../../src/import/formats/file-importer.ts';
import type { ImportResult } from '../../../src/import/result.ts';
import type { Json } from '../../../src/model/json.ts';
import type { Lab } from '../../../src/model/lab.ts';
import { elaborateTopology, loadTopology } from '../../../src/registry/language.ts';
import { printTopology } from '../../../src/source/print-yaml.ts';
import { readYaml } from '../../../src/source/read-yaml.ts';

/** The value of a YAML text. */
export function yaml(text: string): Json {
  const read = readYaml(text);
  if ('problem' in read) throw new Error(read.problem);
  return read.value;
}

/** The text of a file that users sent in. */
export const fieldFile = (name: string): string =>
  readFileSync(join(import.meta.dirname, '..', '..', 'import', 'field', name), 'utf8');

/** What is beside a file to import: `app.conf`, and the script `start.sh`. */
export const besideIt = (path: string): ReturnType<FileLookup> => {
  const mode = { 'app.conf': '644', 'start.sh': '755' }[path.replace(/^\.\//, '')];
  return mode === undefined ? null : { from: path.replace(/^\.\//, ''), mode };
};

/** What netform makes of an import's result. Throws when it refuses what it wrote itself. */
export function labOfImport({ document }: ImportResult): Lab {
  const text = printTopology(document, []);
  const { topology, diagnostics } = loadTopology(text, { file: 'imported.yaml', vars: {}, varFile: null });
  const lab = topology && elaborateTopology(topology, {});
  const errors = [...diagnostics, ...(lab?.problems ?? [])].filter(({ severity }) => severity === 'error');
  if (!lab || errors.length > 0) throw new Error(`${text}\n${errors.map(({ message }) => message).join('\n')}`);
  return lab;
}
