import type { ErrorObject, ValidateFunction } from 'ajv';
import type { Json } from '../model/json.ts';
import { compileSchema } from './compile-validator.ts';

export type { ErrorObject };

/** Checks a value against the schema; every error, with the schema around it (`verbose`). */
export function validateSchema(value: Json): readonly ErrorObject[] {
  validator ??= compileSchema();
  return validator(value) ? [] : (validator.errors ?? []);
}

let validator: ValidateFunction | undefined;
