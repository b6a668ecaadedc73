import type { Path } from '../../model/diagnostics/source-location.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import type { SpannedValue } from '../locate.ts';
import type { SchemaError } from '../schema-errors.ts';

/** The slips below a place, by what leads there. `to`: the name that this key gets; null: it is left out; absent: it is right. */
type TypoTree = { readonly below: Map<Path[number], TypoTree>; to?: string | null };

/** A value and its places with misspelt keys put right; keys that resemble nothing are left out. Visits each place once. */
export function fixTypos(part: SpannedValue, errors: readonly SchemaError[]): SpannedValue {
  const slips: TypoTree = { below: new Map() };
  for (const { path, rename } of errors) {
    let at = slips;
    for (const step of path) at = childTypos(at, step);
    if (at !== slips) at.to = rename?.to ?? null;
  }
  return fixTyposBelow(part, slips);
}

function childTypos(slips: TypoTree, step: Path[number]): TypoTree {
  const known = slips.below.get(step);
  if (known) return known;
  const fresh: TypoTree = { below: new Map() };
  slips.below.set(step, fresh);
  return fresh;
}

function fixTyposBelow(part: SpannedValue, slips: TypoTree): SpannedValue {
  const children = new Map(part.spans?.children);
  const value = Array.isArray(part.value)
    ? part.value.map((item: Json, i) => within(item, i))
    : isJsonObject(part.value)
      ? recordOf(part.value)
      : part.value;
  return { value, spans: part.spans && { ...part.spans, children } };

  function recordOf(record: { readonly [key: string]: Json }): Json {
    const taken = new Set(Object.keys(record));
    return Object.fromEntries(
      Object.entries(record).flatMap(([key, item]): [string, Json][] => {
        const to = slips.below.get(key)?.to;
        if (to === undefined) return [[key, within(item, key)]];
        if (to === null || taken.has(to)) return [];
        taken.add(to);
        // The place of the key as it is written stays known, for the message about it.
        const written = children.get(key);
        if (written) children.set(to, written);
        return [[to, item]];
      }),
    );
  }

  function within(item: Json, step: Path[number]): Json {
    const inner = slips.below.get(step);
    if (!inner) return item;
    const changed = fixTyposBelow({ value: item, spans: part.spans?.children.get(step) ?? null }, inner);
    if (changed.spans) children.set(step, changed.spans);
    return changed.value;
  }
}
