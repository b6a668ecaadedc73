import { isJsonObject, type Json, type Spec, sameJson } from '../../model/json.ts';
import type { FieldChange } from '../../model/operation.ts';

/** What differs between two specs, property by property; objects are looked into, lists are compared as a whole. */
export const fieldDiff = (before: Spec, after: Spec): readonly FieldChange[] => fieldDiffAt([], before, after);

function fieldDiffAt(path: readonly string[], before: Spec, after: Spec): readonly FieldChange[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => valueDiffAt([...path, key], before[key] ?? null, after[key] ?? null));
}

function valueDiffAt(path: readonly string[], before: Json, after: Json): readonly FieldChange[] {
  if (sameJson(before, after)) return [];
  return isJsonObject(before) && isJsonObject(after) ? fieldDiffAt(path, before, after) : [{ path, before, after }];
}
