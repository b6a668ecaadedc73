import type { Diagnostic } from '../model/diagnostics/diagnostic.ts';
import type { Path } from '../model/diagnostics/source-location.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import type { ImportResult, JsonMap } from './result.ts';

/** What is accepted of a document, and one line for each part that is not. */
export type AcceptedDocument = { readonly document: JsonMap; readonly refused: readonly string[] };

/** Each round takes the parts out that the errors of the one before point at. */
const MAX_ROUNDS = 20;

/**
 * Takes out of a document what netform itself does not accept, so that whatever is printed can be applied: list items, and
 * keys of maps, that errors are about. `errorsOf` gives the errors of a document.
 */
export function acceptedDocument(
  whole: ImportResult['document'],
  errorsOf: (document: JsonMap) => readonly Diagnostic[],
): AcceptedDocument {
  let document = whole;
  const refused: string[] = [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const parts = new Map<string, { readonly path: Path; readonly why: string }>();
    for (const { at, message } of errorsOf(document)) {
      const path = at !== null && 'path' in at ? partOf(document, at.path) : null;
      if (path !== null && !parts.has(path.join('/'))) parts.set(path.join('/'), { path, why: message });
    }
    if (parts.size === 0) break;
    // From the last item of a list to the first: the indexes of those before stay.
    for (const { path, why } of [...parts.values()].reverse().toSorted(laterFirst)) {
      refused.push(`${describePart(document, path)}: ${why}`);
      document = without(document, path);
    }
  }
  return { document, refused };
}

/** The part to take out for an error: the innermost item of a list or entry of a section that the path is in. */
function partOf(document: JsonMap, path: Path): Path | null {
  for (let length = path.length; length > 1; length--) {
    const part = path.slice(0, length);
    const isSetting = OBJECTS.has(String(part.at(-3))) && SETTINGS.has(String(part.at(-1)));
    const isItem = typeof part.at(-1) === 'number' || SECTIONS.has(String(part.at(-2))) || isSetting;
    if (isItem && valueAt(document, part) !== undefined) return part;
  }
  return null;
}

/** The maps whose keys stand for objects that can be left out one by one. */
const SECTIONS = new Set(['interfaces', 'bridges', 'namespaces', 'sysctls', 'hosts', 'run', 'files']);
/** Objects, and settings without which they are what they were. */
const OBJECTS = new Set(['interfaces', 'bridges']);
const SETTINGS = new Set(['address', 'mac', 'mtu', 'gateway', 'state']);

function laterFirst(a: { readonly path: Path }, b: { readonly path: Path }): number {
  const [last, other] = [a.path.at(-1), b.path.at(-1)];
  const isSameList = a.path.slice(0, -1).join('/') === b.path.slice(0, -1).join('/');
  return isSameList && typeof last === 'number' && typeof other === 'number'
    ? other - last
    : b.path.length - a.path.length;
}

const valueAt = (document: Json, path: Path): Json | undefined =>
  path.reduce<Json | undefined>(
    (value, key) => (isList(value) ? value[Number(key)] : isJsonObject(value) ? value[key] : undefined),
    document,
  );

function without(document: JsonMap, path: Path): JsonMap {
  const pruned = prune(document, path);
  return isJsonObject(pruned) ? pruned : document;
}

function prune(value: Json | undefined, [key, ...rest]: Path): Json | undefined {
  if (key === undefined) return undefined;
  if (isList(value)) {
    const items = value.flatMap((item, i) => (i === key ? (prune(item, rest) ?? []) : [item]));
    return items.length === 0 ? undefined : items;
  }
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).flatMap(([name, child]) => {
    // An interface on a bridge that has no address written gets one.
    const nothing = name === 'address' && 'bridge' in value ? 'none' : undefined;
    const kept = name === String(key) ? (prune(child, rest) ?? nothing) : child;
    return kept === undefined ? [] : [[name, kept] as const];
  });
  return Object.fromEntries(entries);
}

/** `routes of a { to: 10.0.0.0/8 }`: the sections that it is in from the inside out, and what is written there. */
function describePart(document: JsonMap, path: Path): string {
  const value = valueAt(document, path);
  const names = path.filter((key) => typeof key === 'string' && !['namespaces'].includes(key));
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null).replace(/"/g, '');
  return `${names.toReversed().join(' of ')} ${text}`;
}

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
