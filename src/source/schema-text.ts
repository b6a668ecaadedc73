import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { invariant } from '../model/error.ts';

/** A schema of the package. */
export type SchemaName = 'topology' | 'reconcile';

/** The text of schemas/NAME.schema.json, which editors use too. */
export function schemaText(name: SchemaName): string {
  const path = findInParents(`schemas/${name}.schema.json`);
  invariant(path, `schemas/${name}.schema.json is not in the package`);
  return readFileSync(path, 'utf8');
}

/** The nearest such file in a folder above this one: how deep this one is depends on the build. */
const findInParents = (file: string): string | undefined =>
  ['../', '../../', '../../../']
    .map((up) => fileURLToPath(new URL(`${up}${file}`, import.meta.url)))
    .find((candidate) => existsSync(candidate));
