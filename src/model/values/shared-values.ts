/**
 * A JSON document in which a large list or object that stands in several places is written once: `{ "$shared": 2 }` in
 * `value` stands for `shared[2]`. The lines of a thousand equal hosts files are one list of lines so.
 */
export type SharedDocument = { readonly shared: readonly unknown[]; readonly value: unknown };

/** The key of the object that stands for a shared value. */
const REFERENCE = '$shared';

/** Smaller lists and objects are repeated: a reference would hardly be shorter. */
const MIN_ITEMS = 8;

/**
 * Takes out the large lists and objects that stand in several places of a JSON value, each as the same JavaScript object.
 * References do not nest.
 */
export function extractShared(value: unknown): SharedDocument {
  const candidates = repeatedContainers(value);
  const shared: unknown[] = [];
  const positions = new Map<string, number>();
  const positionOf = new Map<Container, number>();
  for (const one of candidates) {
    const text = JSON.stringify(one);
    const position = positions.get(text) ?? shared.push(one) - 1;
    positions.set(text, position);
    positionOf.set(one, position);
  }
  const replace = (node: unknown): unknown => {
    const position = isContainer(node) ? positionOf.get(node) : undefined;
    return position === undefined ? mapChildren(node, replace) : { [REFERENCE]: position };
  };
  return { shared, value: candidates.length === 0 ? value : replace(value) };
}

/** The document with each reference replaced by the value that it stands for: the same JavaScript object in all places. */
export function inlineShared({ shared, value }: SharedDocument): unknown {
  if (shared.length === 0) return value;
  const restore = (node: unknown): unknown => {
    const position = isContainer(node) && REFERENCE in node ? node[REFERENCE] : undefined;
    return typeof position === 'number' ? (shared[position] ?? null) : mapChildren(node, restore);
  };
  return restore(value);
}

type Container = readonly unknown[] | { readonly [key: string]: unknown };

const isContainer = (node: unknown): node is Container => typeof node === 'object' && node !== null;

/** The outermost large lists and objects that are met more than once, in the order in which they are met again. */
function repeatedContainers(value: unknown): readonly Container[] {
  const met = new Set<Container>();
  const repeated = new Set<Container>();
  const visit = (node: unknown): void => {
    if (!isContainer(node)) return;
    const items = isList(node) ? node : Object.values(node);
    if (items.length >= MIN_ITEMS) {
      if (met.has(node)) {
        repeated.add(node);
        return;
      }
      met.add(node);
    }
    for (const item of items) visit(item);
  };
  visit(value);
  return [...repeated];
}

/** A list or object with its children replaced; the same one when none of them changes. */
function mapChildren(node: unknown, replace: (child: unknown) => unknown): unknown {
  if (!isContainer(node)) return node;
  if (isList(node)) {
    const items = node.map(replace);
    return items.some((item, index) => item !== node[index]) ? items : node;
  }
  const entries = Object.entries(node).map(([key, item]): [string, unknown] => [key, replace(item)]);
  return entries.some(([key, item]) => item !== node[key]) ? Object.fromEntries(entries) : node;
}

const isList = (node: Container): node is readonly unknown[] => Array.isArray(node);
