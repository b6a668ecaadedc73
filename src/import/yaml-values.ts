import { isJsonObject, type Json } from '../model/json.ts';
import { isName } from '../net/name.ts';
import type { JsonMap } from './result.ts';

/** The entries of a map; none of anything else. */
export const mapEntries = (value: Json | undefined): readonly (readonly [string, Json])[] =>
  Object.entries(mapValue(value));

/** A map; an empty one for anything else. */
export const mapValue = (value: Json | undefined): JsonMap => (isJsonObject(value) ? value : {});

/** A list, one value as a list of one, nothing as none. */
export const listValue = (value: Json | undefined): readonly Json[] =>
  isList(value) ? value : value === undefined || value === null ? [] : [value];

/** The texts among what is one value or several; numbers count as text. */
export const textValues = (value: Json | undefined): readonly string[] =>
  listValue(value).flatMap((one) => (typeof one === 'string' || typeof one === 'number' ? [String(one)] : []));

/** Text, or a number as text; null for anything else. */
export const textValue = (value: Json | undefined): string | null => textValues(value)[0] ?? null;

/** `KEY=value` lines, or a map, as pairs of text. */
export const keyValuePairs = (value: Json | undefined, separator: string): readonly (readonly [string, string])[] =>
  Array.isArray(value)
    ? textValues(value).flatMap((line) => {
        const at = line.indexOf(separator);
        return at > 0 ? [[line.slice(0, at).trim(), line.slice(at + 1).trim()] as const] : [];
      })
    : mapEntries(value).flatMap(([key, one]) => textValues(one).map((text) => [key, text] as const));

/** Names that mean something else somewhere in the language. */
const RESERVED = ['host', 'none', 'default', 'any', 'all', 'lo'];

/** A name as a topology can have it: other characters become `-`; one that is reserved, or begins otherwise than with a letter, gets `n-`. */
export function sanitizeName(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9_.-]+/g, '-').slice(0, 63);
  return isName(plain) && !RESERVED.includes(plain) ? plain : `n-${plain}`.slice(0, 63);
}

/** `web: image, volumes`: keys that a topology has no counterpart of. */
export function unsupportedKeys(what: string, value: JsonMap, known: readonly string[]): readonly string[] {
  const keys = Object.keys(value).filter((key) => !known.includes(key) && !key.startsWith('x-'));
  return keys.length === 0 ? [] : [`${what}: ${keys.join(', ')}`];
}

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
