import { createRequire } from 'node:module';
import type { Ajv as AjvClass, ValidateFunction } from 'ajv';
import { schemaText } from './schema-text.ts';

/** The schema as a function. A build has another file in the place of this one: what it has compiled once and for all. */
export function compileSchema(): ValidateFunction {
  // Loaded here, not at the top: it takes as long to load as everything else of this folder.
  const { Ajv }: { Ajv: typeof AjvClass } = createRequire(import.meta.url)('ajv');
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: true, allowUnionTypes: true });
  ajv.addVocabulary(['patternErrorMessage']);
  return ajv.compile(JSON.parse(schemaText()));
}
