import type { Json } from '../../../model/json.ts';
import type { VariableLookup } from '../file-importer.ts';

/** A text that needs a variable which is not set: where it stands, and which one. */
export type UnsetVariable = { readonly path: readonly string[]; readonly variable: string };

/** A value with its variables filled in. What needs a variable that is not set is left out of it, and listed. */
export type Interpolation = { readonly value: Json | undefined; readonly unset: readonly UnsetVariable[] };

/**
 * Fills in variables as Compose does (compose-spec, "Interpolation"): `$NAME`, `${NAME}`, `${NAME:-default}`,
 * `${NAME-default}`, `${NAME:+other}`, `${NAME+other}`, `${NAME:?message}` and `$$` for a dollar. Keys stay as they are.
 */
export function interpolateCompose(value: Json, lookup: VariableLookup, path: readonly string[] = []): Interpolation {
  if (typeof value === 'string') return interpolateText(value, lookup, path);
  if (typeof value !== 'object' || value === null) return { value, unset: [] };
  const entries = Object.entries(value).map(
    ([key, child]) => [key, interpolateCompose(child, lookup, [...path, key])] as const,
  );
  const kept = entries.flatMap(([key, { value: child }]) => (child === undefined ? [] : [[key, child] as const]));
  return {
    value: Array.isArray(value) ? kept.map(([, child]) => child) : Object.fromEntries(kept),
    unset: entries.flatMap(([, { unset }]) => unset),
  };
}

function interpolateText(text: string, lookup: VariableLookup, path: readonly string[]): Interpolation {
  if (!text.includes('$')) return { value: text, unset: [] };
  const unset: UnsetVariable[] = [];
  const filled = expandVariables(
    text,
    (name) => {
      const value = lookup(name);
      if (value === undefined) unset.push({ path, variable: name });
      return value ?? '';
    },
    lookup,
  );
  return { value: unset.length > 0 ? undefined : filled, unset };
}

const PLAIN = /^[A-Za-z_][A-Za-z0-9_]*/;
const BRACED = /^([A-Za-z_][A-Za-z0-9_]*)(:?[-+?])?/;

/** `require` gives the value of a variable that has no default. */
function expandVariables(text: string, require: (name: string) => string, lookup: VariableLookup): string {
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const rest = text.slice(i + 1);
    const plain = PLAIN.exec(rest)?.[0];
    if (text[i] !== '$') out += text[i];
    else if (rest.startsWith('$')) {
      out += '$';
      i += 1;
    } else if (plain !== undefined) {
      out += require(plain);
      i += plain.length;
    } else if (rest.startsWith('{')) {
      const body = rest.slice(1, closingBrace(rest));
      out += expandBraced(body, require, lookup);
      i += body.length + 2;
    } else out += '$';
  }
  return out;
}

/** The place of the brace that ends the one at 0; the end of the text when there is none. */
function closingBrace(text: string): number {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '{') depth += 1;
    if (text[i] === '}' && --depth === 0) return i;
  }
  return text.length;
}

function expandBraced(body: string, require: (name: string) => string, lookup: VariableLookup): string {
  const [whole = '', name = '', operator = ''] = BRACED.exec(body) ?? [];
  const operand = body.slice(whole.length);
  const value = lookup(name);
  const isSet = value !== undefined && (!operator.startsWith(':') || value !== '');
  const other = (): string => expandVariables(operand, require, lookup);
  if (operator.endsWith('-')) return isSet ? value : other();
  if (operator.endsWith('+')) return isSet ? other() : '';
  return isSet ? value : require(name);
}
