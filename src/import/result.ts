import type { Path } from '../model/diagnostics/source-location.ts';
import type { Json } from '../model/json.ts';

/** The result of an import: a topology in the short forms of the language, and notes about what it cannot express. */
export type ImportResult = {
  readonly document: JsonMap;
  /** Sentences for the top of the file. */
  readonly head: readonly string[];
  /** Comments that stand before what they are about. */
  readonly comments: readonly { readonly at: Path; readonly text: string }[];
  /** What is not understood, one line each. */
  readonly unknown: readonly string[];
  /** What is understood, and cannot be said in the language, one line each. */
  readonly leftOut: readonly string[];
};

export type JsonMap = { readonly [key: string]: Json };

/** The entries that say something: without null, and without empty maps and lists unless they are given as such. */
export const omitEmpty = (entries: { readonly [key: string]: Json | undefined }): JsonMap =>
  Object.fromEntries(Object.entries(entries).flatMap(([key, value]) => (isEmpty(value) ? [] : [[key, value ?? null]])));

/** One value for one, a list for several, nothing for none: where one fits, a list fits. */
export const oneOrList = <T extends Json>(values: readonly T[]): T | readonly T[] | null =>
  values.length === 1 ? (values[0] ?? null) : values.length === 0 ? null : values;

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
