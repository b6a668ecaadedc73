import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { invariant } from '../model/error.ts';

/** The path of a file or folder that comes with the program: `templates`, `schemas/topology.schema.json`. */
export const assetPath = (name: string): string => join(packageRoot(dirname(fileURLToPath(import.meta.url))), name);

/** The text of one. */
export const assetText = (name: string): string => readFileSync(assetPath(name), 'utf8');

/** The path of another entry of netform: the built script beside the program, or its source where this is the source. */
export function entryPath(name: string): string {
  const here = fileURLToPath(import.meta.url);
  return here.endsWith('.ts')
    ? join(dirname(here), '..', 'entries', `${name}.ts`)
    : join(dirname(here), '..', `${name}.cjs`);
}

/** However the program was built, it lies somewhere below its package.json. */
function packageRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  invariant(folder !== dirname(folder), 'no package.json stands above the program');
  return packageRoot(dirname(folder));
}
