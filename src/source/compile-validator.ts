import { createRequire } from 'node:module';
import type { Ajv as AjvClass, ErrorObject } from 'ajv';
import type { Json } from '../model/json.ts';
import { type SchemaName, schemaText } from './schema-text.ts';

/** Gives every error of a value, with the schema around it (`verbose`). */
export type SchemaValidator = (value: Json) => readonly ErrorObject[];

/** A schema as a function. A build has another file in the place of this one: what it has compiled once and for all. */
export function compileSchema(name: SchemaName): SchemaValidator {
  // Loaded here, not at the top: it takes as long to load as everything else of this folder.
  const { Ajv }: { Ajv: typeof AjvClass } = createRequire(import.meta.url)('ajv');
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: true, allowUnionTypes: true });
  ajv.addVocabulary(['patternErrorMessage']);
  const validate = ajv.compile(JSON.parse(schemaText(name)));
  return (value) => (validate(value) ? [] : (validate.errors ?? []));
}
