import { type Json, type Spec, sameJson } from '../model/json.ts';
import type { Change } from '../model/operation.ts';

/** What differs between two specs, property by property; objects are looked into, lists are compared as a whole. */
export const changesOf = (before: Spec, after: Spec): readonly Change[] => below([], before, after);

function below(path: readonly string[], before: Spec, after: Spec): readonly Change[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => changeAt([...path, key], before[key] ?? null, after[key] ?? null));
}

function changeAt(path: readonly string[], before: Json, after: Json): readonly Change[] {
  if (sameJson(before, after)) return [];
  return isObject(before) && isObject(after) ? below(path, before, after) : [{ path, before, after }];
}

function isObject(value: Json): value is Spec {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
