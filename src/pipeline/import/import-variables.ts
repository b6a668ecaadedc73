import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseEnv } from 'node:util';
import type { VariableLookup } from '../../import/formats/file-importer.ts';
import { readInputFile } from '../topology/read-file.ts';

/**
 * The variables of a file to import, as Compose finds them: in the environment, else in the files of `--env-file` (the
 * last one that has it), else, when none is given, in `.env` beside the file. Throws E_NO_FILE for a file that is missing.
 */
export function variableLookup(file: string, envFiles: readonly string[]): VariableLookup {
  const beside = join(file === '-' ? '.' : dirname(file), '.env');
  const files = envFiles.length > 0 ? envFiles : existsSync(beside) ? [beside] : [];
  const values = new Map(files.flatMap((one) => Object.entries(parseEnv(readInputFile(one).bytes.toString()))));
  return (name) => process.env[name] ?? values.get(name);
}
