import { joinParts, type ListParts, listDivider, MIN_PARTED_ITEMS } from './list-parts.ts';

/**
 * A JSON document in which a large list or object that stands in several places is written once: `{ "$shared": 2 }` in
 * `value` stands for `shared[2]`. The lines of a thousand equal hosts files are one list of lines so, and `{ "$parts": [] }`
 * is a list that has pieces of shared ones.
 */
export type SharedDocument = { readonly shared: readonly unknown[]; readonly value: unknown };

/** The key of the object that stands for a shared value, and of one that stands for a list in pieces of shared ones. */
const REFERENCE = '$shared';
const PARTS = '$parts';

/** Smaller lists and objects are repeated: a reference would hardly be shorter. */
const MIN_ITEMS = 8;

/**
 * Takes out the large lists and objects that stand in several places of a JSON value, each as the same JavaScript object.
 * A long list of strings that is mostly another one is written in pieces of that. References do not nest otherwise.
 */
export function extractShared(value: unknown): SharedDocument {
  const { repeated, lists } = findContainers(value);
  const shared: unknown[] = [];
  const positions = new Map<string, number>();
  const replacements = new Map<Container, unknown>();
  const share = (one: Container): number => {
    const text = JSON.stringify(one);
    const position = positions.get(text) ?? shared.push(one) - 1;
    positions.set(text, position);
    replacements.set(one, { [REFERENCE]: position });
    return position;
  };
  for (const one of repeated) if (!lists.has(one)) share(one);
  const divide = listDivider();
  const positionOf = new Map<Container, number>();
  for (const list of lists) {
    const divided = divide(list as readonly string[]);
    if (divided === null) {
      if (repeated.has(list)) positionOf.set(list, share(list));
      continue;
    }
    const base = positionOf.get(divided.base) ?? share(divided.base);
    positionOf.set(divided.base, base);
    const parts = divided.parts.map((part) => (typeof part === 'string' ? part : [base, ...part]));
    const inPieces = { [PARTS]: parts };
    replacements.set(list, repeated.has(list) ? { [REFERENCE]: shared.push(inPieces) - 1 } : inPieces);
  }
  const replace = (node: unknown): unknown => {
    if (!isContainer(node)) return node;
    return replacements.get(node) ?? (plainContainers.has(node) ? node : mapChildren(node, replace));
  };
  return { shared, value: replacements.size === 0 ? value : replace(value) };
}

/** The document with each reference replaced by the value that it stands for: the same JavaScript object in all places. */
export function inlineShared({ shared, value }: SharedDocument): unknown {
  if (shared.length === 0) return value;
  const whole: unknown[] = [];
  for (const one of shared) whole.push(partsOf(one) ? joinParts(partsOf(one) ?? [], whole) : one);
  const restore = (node: unknown): unknown => {
    if (!isContainer(node) || isList(node)) return mapChildren(node, restore);
    const position = node[REFERENCE];
    if (typeof position === 'number') return whole[position] ?? null;
    const parts = partsOf(node);
    return parts ? joinParts(parts, whole) : mapChildren(node, restore);
  };
  return restore(value);
}

const partsOf = (node: unknown): ListParts | null =>
  isContainer(node) && !isList(node) && Array.isArray(node[PARTS]) ? node[PARTS] : null;

type Container = readonly unknown[] | { readonly [key: string]: unknown };

const isContainer = (node: unknown): node is Container => typeof node === 'object' && node !== null;

/** From so many items on, it pays to remember that a list or object has no large ones in it. JSON values never change. */
const MIN_REMEMBERED = 32;
const plainContainers = new WeakSet<Container>();

/**
 * The outermost large lists and objects that are met more than once, in the order in which they are met again, and the long
 * lists of strings, in the order in which they are met.
 */
function findContainers(value: unknown): {
  readonly repeated: ReadonlySet<Container>;
  readonly lists: ReadonlySet<Container>;
} {
  const met = new Set<Container>();
  const repeated = new Set<Container>();
  const lists = new Set<Container>();
  /** Gives whether it is, or has, a large list or object. */
  const visit = (node: unknown): boolean => {
    if (!isContainer(node)) return false;
    const items = isList(node) ? node : Object.values(node);
    const isLarge = items.length >= MIN_ITEMS;
    if (isLarge && met.has(node)) {
      repeated.add(node);
      return true;
    }
    if (isLarge) met.add(node);
    if (plainContainers.has(node)) return true;
    if (isList(node) && items.length >= MIN_PARTED_ITEMS && items.every((item) => typeof item === 'string')) {
      lists.add(node);
      return true;
    }
    let hasLarge = false;
    for (const item of items) if (visit(item)) hasLarge = true;
    if (items.length >= MIN_REMEMBERED && !hasLarge) plainContainers.add(node);
    return isLarge || hasLarge;
  };
  visit(value);
  return { repeated, lists };
}

/** A list or object with its children replaced; the same one when none of them changes. */
function mapChildren(node: unknown, replace: (child: unknown) => unknown): unknown {
  if (!isContainer(node)) return node;
  if (isList(node)) {
    let items: unknown[] | null = null;
    for (let i = 0; i < node.length; i++) {
      const item = node[i];
      if (!isContainer(item)) continue;
      const other = replace(item);
      if (other === item) continue;
      items ??= [...node];
      items[i] = other;
    }
    return items ?? node;
  }
  const changed = new Map<string, unknown>();
  for (const key of Object.keys(node)) {
    const item = node[key];
    if (!isContainer(item)) continue;
    const other = replace(item);
    if (other !== item) changed.set(key, other);
  }
  if (changed.size === 0) return node;
  return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, changed.get(key) ?? item]));
}

const isList = (node: Container): node is readonly unknown[] => Array.isArray(node);
