import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { invariant } from '../model/error.ts';

/** The path of a file or folder that comes with the program: `templates`, `schemas/topology.schema.json`. */
export const shippedPath = (name: string): string => join(rootAbove(dirname(fileURLToPath(import.meta.url))), name);

/** The text of one. */
export const shippedText = (name: string): string => readFileSync(shippedPath(name), 'utf8');

/** Another program of ours, above this folder: as it was built, or its source where this is the source. */
export function programPath(name: string): string {
  const here = fileURLToPath(import.meta.url);
  return join(dirname(here), '..', `${name}${here.endsWith('.ts') ? '.ts' : '.js'}`);
}

/** However the program was built, it lies somewhere below its package.json. */
function rootAbove(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  invariant(folder !== dirname(folder), 'no package.json stands above the program');
  return rootAbove(dirname(folder));
}
