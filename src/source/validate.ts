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
  // The file stands beside src and beside dist, whose depth depends on the build.
  const path = ['../../', '../', '../../../']
    .map((up) => fileURLToPath(new URL(`${up}schemas/topology.schema.json`, import.meta.url)))
    .find((candidate) => existsSync(candidate));
  invariant(path, 'schemas/topology.schema.json is not in the package');
  return readFileSync(path, 'utf8');
}

let compiled: ValidateFunction | undefined;

/** What the build compiled (scripts/compile-schema.mjs); from the sources there is none, and ajv does it now. */
function compile(): ValidateFunction {
  const require = createRequire(import.meta.url);
  if (existsSync(fileURLToPath(new URL('compiled-schema.cjs', import.meta.url)))) {
    return require('./compiled-schema.cjs');
  }
  // Loaded here, not at the top: it takes as long to load as everything else of this folder.
  const { Ajv }: { Ajv: typeof AjvClass } = require('ajv');
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: true, allowUnionTypes: true });
  ajv.addVocabulary(['patternErrorMessage']);
  return ajv.compile(JSON.parse(schemaText()));
}
