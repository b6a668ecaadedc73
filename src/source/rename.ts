import type { Json } from '../model/json.ts';
import type { Path } from '../model/place.ts';
import { isRecord } from './node.ts';
import type { SchemaError } from './schema-errors.ts';
import type { Spans } from './spans.ts';

type Part = { readonly value: Json; readonly spans: Spans | null };

/** A value and its places with misspelt keys put right; keys that resemble nothing are left out. */
export function renamed(part: Part, slips: readonly SchemaError[]): Part {
  return slips.reduce((sofar, slip) => renameAt(sofar, slip.path, slip.rename?.to ?? null), part);
}

function renameAt(part: Part, path: Path, to: string | null): Part {
  const [step, ...rest] = path;
  if (step === undefined) return part;
  const inside = part.spans?.children.get(step) ?? null;
  if (rest.length === 0)
    return { value: withKey(part.value, String(step), to), spans: withSpans(part.spans, step, to) };
  const value = part.value;
  const below = Array.isArray(value) ? value[Number(step)] : isRecord(value) ? value[step] : undefined;
  if (below === undefined) return part;
  const changed = renameAt({ value: below, spans: inside }, rest, to);
  const children = new Map(part.spans?.children);
  if (changed.spans) children.set(step, changed.spans);
  return {
    value: Array.isArray(value)
      ? value.map((item: Json, i) => (i === Number(step) ? changed.value : item))
      : { ...(isRecord(value) ? value : {}), [step]: changed.value },
    spans: part.spans && { ...part.spans, children },
  };
}

function withKey(value: Json, key: string, to: string | null): Json {
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, part]) => {
      if (name !== key) return [[name, part]];
      return to === null || to in value ? [] : [[to, part]];
    }),
  );
}

/** The place of the key as it is written stays known, for the message about it. */
function withSpans(spans: Spans | null, key: string | number, to: string | null): Spans | null {
  const written = spans?.children.get(key);
  if (!spans || !written || to === null) return spans;
  return { ...spans, children: new Map([...spans.children, [to, written]]) };
}
