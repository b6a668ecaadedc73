import type { Diagnostic } from '../model/diagnostic.ts';
import type { Json } from '../model/json.ts';
import { atKey, atValue, type Path } from '../model/place.ts';
import type { At } from '../model/topology.ts';

/** A value of the file and where it stands; undefined: not written. Readers give null for a value of another type. */
export type Node = { readonly value: Json | undefined; readonly path: Path };

/** Takes a mistake. Readers that report one give null or leave the item out. */
export type Report = (diagnostic: Diagnostic) => void;

export function child(node: Node, key: string): Node {
  const value = node.value;
  return { value: isRecord(value) ? value[key] : undefined, path: [...node.path, key] };
}

/** The entries of a map with their names; none when it is something else. */
export function entries(node: Node): readonly { readonly name: string; readonly node: Node }[] {
  const value = node.value;
  if (!isRecord(value)) return [];
  return Object.keys(value).map((name) => ({ name, node: { value: value[name], path: [...node.path, name] } }));
}

/** The items of a list; one value alone is a list of one. */
export function items(node: Node): readonly Node[] {
  const value = node.value;
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return [node];
  return value.map((item: Json, i) => ({ value: item, path: [...node.path, i] }));
}

/** Results that are there. */
export function present<T>(values: readonly (T | null)[]): readonly T[] {
  return values.filter((value) => value !== null);
}

export const isRecord = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const text = (node: Node): string | null => (typeof node.value === 'string' ? node.value : null);
export const integer = (node: Node): number | null => (Number.isInteger(node.value) ? Number(node.value) : null);
export const flag = (node: Node): boolean | null => (typeof node.value === 'boolean' ? node.value : null);

/** The value with its place; null stays null. */
export const at = <T>(node: Node, value: T | null): At<T> | null => (value === null ? null : { value, at: node.path });

export const onKey = (node: Node) => atKey(node.path);
export const onValue = (node: Node) => atValue(node.path);
