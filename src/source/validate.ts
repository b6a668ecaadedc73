import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Ajv as AjvClass, ErrorObject, ValidateFunction } from 'ajv';
import { invariant } from '../model/error.ts';
import type { Json } from '../model/json.ts';

export type { ErrorObject };

/** Checks a value against the schema; every error, with the schema around it (`verbose`). */
export function validate(value: Json): readonly ErrorObject[] {
  compiled ??= compile();
  return compiled(value) ? [] : (compiled.errors ?? []);
}

/** The text of schemas/topology.schema.json, which editors use too. */
export function schemaText(): string {
  const path = above('schemas/topology.schema.json');
  invariant(path, 'schemas/topology.schema.json is not in the package');
  return readFileSync(path, 'utf8');
}

/** The nearest such file in a folder above this one: how deep this one is depends on the build. */
const above = (file: string): string | undefined =>
  ['../', '../../', '../../../']
    .map((up) => fileURLToPath(new URL(`${up}${file}`, import.meta.url)))
    .find((candidate) => existsSync(candidate));

let compiled: ValidateFunction | undefined;

/** What the build compiled (scripts/compile-schema.mjs); from the sources there is none, and ajv does it now. */
function compile(): ValidateFunction {
  const require = createRequire(import.meta.url);
  const built = above('compiled-schema.cjs');
  if (built !== undefined) return require(built);
  // Loaded here, not at the top: it takes as long to load as everything else of this folder.
  const { Ajv }: { Ajv: typeof AjvClass } = require('ajv');
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: true, allowUnionTypes: true });
  ajv.addVocabulary(['patternErrorMessage']);
  return ajv.compile(JSON.parse(schemaText()));
}
