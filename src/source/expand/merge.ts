import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { Path, SourceLocation } from '../../model/diagnostics/source-location.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import type { SpannedValue, SpanTree } from '../locate.ts';

/** Where two values meet, and where a contradiction is reported. */
export type MergePlace = {
  readonly path: Path;
  readonly report: (conflict: Diagnostic) => void;
  /**
   * Whether the two are of two files: then even equal single values are a contradiction. What both have from one place of
   * a file that is included twice is there once. Left out: they are of one file.
   */
  readonly isOfTwoFiles?: boolean;
};

/**
 * Two values that are written for one place as one: maps are merged key by key, lists are joined in order, nothing (null)
 * gives way. Two different single values contradict each other: that is reported with both places, and the first stays.
 */
export function mergeValues(first: SpannedValue, second: SpannedValue, at: MergePlace): SpannedValue {
  if (second.value === null) return first;
  if (first.value === null) return second;
  if (Array.isArray(first.value) && Array.isArray(second.value)) {
    const lists = [
      { value: first.value, spans: first.spans },
      { value: second.value, spans: second.spans },
    ] as const;
    return at.isOfTwoFiles ? joinLists(lists[0], withoutRepeated(...lists)) : joinLists(...lists);
  }
  if (isJsonObject(first.value) && isJsonObject(second.value)) {
    return mergeMaps({ value: first.value, spans: first.spans }, { value: second.value, spans: second.spans }, at);
  }
  if (first.value !== second.value || (at.isOfTwoFiles && !isOnePlace(first, second)))
    at.report(conflictDiagnostic(first, second, at));
  return first;
}

type Spanned<T> = { readonly value: T; readonly spans: SpanTree | null };

/** The second list without the items that the first has from the same place. */
function withoutRepeated(first: Spanned<readonly Json[]>, second: Spanned<readonly Json[]>): Spanned<readonly Json[]> {
  const keyOf = ({ value, spans }: Spanned<readonly Json[]>, i: number) =>
    `${spans?.children.get(i)?.start ?? `${i} of ${spans?.start}`} ${JSON.stringify(value[i])}`;
  const known = new Set(first.value.map((_, i) => keyOf(first, i)));
  const kept = second.value.map((_, i) => i).filter((i) => !known.has(keyOf(second, i)));
  const children = new Map(
    kept.flatMap((i, now) => {
      const spans = second.spans?.children.get(i);
      return spans ? [[now, spans] as const] : [];
    }),
  );
  return {
    value: kept.map((i) => second.value[i] ?? null),
    spans: second.spans && { ...second.spans, children },
  };
}

const isOnePlace = (first: SpannedValue, second: SpannedValue): boolean =>
  first.spans !== null && first.spans.start === second.spans?.start;

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

function conflictDiagnostic(first: SpannedValue, second: SpannedValue, at: MergePlace): Diagnostic {
  const { path, isOfTwoFiles = false } = at;
  const spot = ({ spans }: SpannedValue): SourceLocation => spans ?? { path, on: 'value' };
  if (isOfTwoFiles && isOnePlace(first, second)) {
    const message = `"${path.join('.')}" has another value each time that this file is included`;
    return makeDiagnostic('duplicate-key', spot(second), message, { hint: 'put a variable in a key above it' });
  }
  const related = [{ at: spot(first), message: isOfTwoFiles ? 'and here' : 'and here something else' }];
  const twice = isOfTwoFiles ? 'in two files' : 'twice, with different values';
  const message = `"${path.join('.')}" is written ${twice}`;
  return makeDiagnostic('duplicate-key', spot(second), message, { related, hint: 'keep one of them' });
}
