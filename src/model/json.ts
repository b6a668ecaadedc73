/** Plain JSON: what a resource, an instruction, a state file and a plan are made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The description of one resource: a JSON object without optional fields, so that equality is structural. */
export type Spec = { readonly [key: string]: Json };

/** Whether a value is an object with keys: neither null, nor a list, nor a scalar. */
export const isJsonObject = (value: unknown): value is Spec =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Structural equality of JSON values; the order of an object's keys does not count, that of a list's items does. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && sameList(a, b);
  if (Array.isArray(b)) return false;
  const left = a as { readonly [key: string]: Json };
  const right = b as { readonly [key: string]: Json };
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length && keys.every((key) => key in right && sameJson(left[key], right[key]))
  );
}

/** From so many items on, it pays to remember what two lists are to each other: those of name files are shared by all namespaces. */
const LONG_LIST = 32;
const longListEquality = new WeakMap<readonly Json[], WeakMap<readonly Json[], boolean>>();

/** Equality of two lists of one length. JSON values never change, so the answer for two long lists is kept. */
function sameList(a: readonly Json[], b: readonly Json[]): boolean {
  const compare = (): boolean => a.every((item, i) => sameJson(item, b[i]));
  if (a.length < LONG_LIST) return compare();
  const known = longListEquality.get(a) ?? new WeakMap<readonly Json[], boolean>();
  longListEquality.set(a, known);
  const answer = known.get(b) ?? compare();
  known.set(b, answer);
  return answer;
}
