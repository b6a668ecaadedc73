import type { ErrorObject } from 'ajv';
import type { Json } from '../model/json.ts';
import { compileSchema, type SchemaValidator } from './compile-validator.ts';

export type { ErrorObject };

/** Checks a value against the schema; every error, with the schema around it (`verbose`). */
export function validateSchema(value: Json): readonly ErrorObject[] {
  validator ??= compileSchema();
  return validator(value);
}

let validator: SchemaValidator | undefined;
