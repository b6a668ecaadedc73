import type { Diagnostic } from '../model/diagnostics/diagnostic.ts';
import { atKey, atValue, type Path } from '../model/diagnostics/source-location.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import type { TopologyValue } from '../model/topology.ts';

/** A value of the file and where it stands; undefined: not written. Readers give null for a value of another type. */
export type SourceCursor = { readonly value: Json | undefined; readonly path: Path };

/** Takes a mistake. Readers that report one give null or leave the item out. */
export type SourceDiagnosticReporter = (diagnostic: Diagnostic) => void;

export function childCursor(node: SourceCursor, key: string): SourceCursor {
  const value = node.value;
  return { value: isJsonObject(value) ? value[key] : undefined, path: [...node.path, key] };
}

/** The entries of a map with their names; none when it is something else. */
export function namedEntries(node: SourceCursor): readonly { readonly name: string; readonly node: SourceCursor }[] {
  const value = node.value;
  if (!isJsonObject(value)) return [];
  return Object.keys(value).map((name) => ({ name, node: { value: value[name], path: [...node.path, name] } }));
}

/** The items of a list; one value alone is a list of one. */
export function listItems(node: SourceCursor): readonly SourceCursor[] {
  const value = node.value;
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return [node];
  return value.map((item: Json, i) => ({ value: item, path: [...node.path, i] }));
}

/** Results that are there. */
export function nonNull<T>(values: readonly (T | null)[]): readonly T[] {
  return values.filter((value) => value !== null);
}

export const readString = (node: SourceCursor): string | null => (typeof node.value === 'string' ? node.value : null);
export const readInteger = (node: SourceCursor): number | null =>
  Number.isInteger(node.value) ? Number(node.value) : null;
export const readBoolean = (node: SourceCursor): boolean | null =>
  typeof node.value === 'boolean' ? node.value : null;

/** The value with its place; null stays null. */
export const withPath = <T>(node: SourceCursor, value: T | null): TopologyValue<T> | null =>
  value === null ? null : { value, at: node.path };

export const keyOfCursor = (node: SourceCursor) => atKey(node.path);
export const valueOfCursor = (node: SourceCursor) => atValue(node.path);
