import type { ErrorObject, ValidateFunction } from 'ajv';
import type { Json } from '../model/json.ts';
import { compileSchema } from './compile.ts';

export type { ErrorObject };

/** Checks a value against the schema; every error, with the schema around it (`verbose`). */
export function validate(value: Json): readonly ErrorObject[] {
  compiled ??= compileSchema();
  return compiled(value) ? [] : (compiled.errors ?? []);
}

let compiled: ValidateFunction | undefined;
