import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { Path, SourceLocation } from '../../model/diagnostics/source-location.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import type { SpannedValue, SpanTree } from '../locate.ts';

/** Where two values meet, and where a contradiction is reported. */
export type MergePlace = { readonly path: Path; readonly report: (conflict: Diagnostic) => void };

/**
 * Two values that are written for one place as one: maps are merged key by key, lists are joined in order, nothing (null)
 * gives way. Two different single values contradict each other: that is reported with both places, and the first stays.
 */
export function mergeValues(first: SpannedValue, second: SpannedValue, at: MergePlace): SpannedValue {
  if (second.value === null) return first;
  if (first.value === null) return second;
  if (Array.isArray(first.value) && Array.isArray(second.value)) {
    return joinLists({ value: first.value, spans: first.spans }, { value: second.value, spans: second.spans });
  }
  if (isJsonObject(first.value) && isJsonObject(second.value)) {
    return mergeMaps({ value: first.value, spans: first.spans }, { value: second.value, spans: second.spans }, at);
  }
  if (first.value !== second.value) at.report(conflictDiagnostic(first, second, at.path));
  return first;
}

type Spanned<T> = { readonly value: T; readonly spans: SpanTree | null };

function joinLists(first: Spanned<readonly Json[]>, second: Spanned<readonly Json[]>): SpannedValue {
  const children = new Map(first.spans?.children);
  for (const [i, spans] of second.spans?.children ?? []) children.set(first.value.length + Number(i), spans);
  return { value: [...first.value, ...second.value], spans: first.spans && { ...first.spans, children } };
}

function mergeMaps(
  first: Spanned<{ readonly [key: string]: Json }>,
  second: Spanned<{ readonly [key: string]: Json }>,
  at: MergePlace,
): SpannedValue {
  const value: { [key: string]: Json } = { ...first.value };
  const children = new Map(first.spans?.children);
  for (const [key, inner] of Object.entries(second.value)) {
    const own = { value: inner, spans: second.spans?.children.get(key) ?? null };
    const before = Object.hasOwn(value, key)
      ? { value: value[key] ?? null, spans: children.get(key) ?? null }
      : { value: null, spans: null };
    const merged = mergeValues(before, own, { ...at, path: [...at.path, key] });
    value[key] = merged.value;
    if (merged.spans) children.set(key, merged.spans);
  }
  return { value, spans: first.spans && { ...first.spans, children } };
}

function conflictDiagnostic(first: SpannedValue, second: SpannedValue, path: Path): Diagnostic {
  const spot = ({ spans }: SpannedValue): SourceLocation => spans ?? { path, on: 'value' };
  const related = [{ at: spot(first), message: 'and here something else' }];
  const message = `"${path.join('.')}" is written twice, with different values`;
  return makeDiagnostic('duplicate-key', spot(second), message, { related, hint: 'keep one of them' });
}
