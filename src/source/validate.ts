import type { ErrorObject } from 'ajv';
import type { Json } from '../model/json.ts';
import { compileSchema, type SchemaValidator } from './compile-validator.ts';

export type { ErrorObject };

/** Checks a topology against its schema; every error, with the schema around it (`verbose`). */
export function validateSchema(value: Json): readonly ErrorObject[] {
  validator ??= compileSchema('topology');
  return validator(value);
}

/** Checks a reconcile file against its schema in the same way. */
export function validateReconcileSchema(value: Json): readonly ErrorObject[] {
  reconcileValidator ??= compileSchema('reconcile');
  return reconcileValidator(value);
}

let validator: SchemaValidator | undefined;
let reconcileValidator: SchemaValidator | undefined;
