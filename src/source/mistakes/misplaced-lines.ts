import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey, type Path } from '../../model/diagnostics/source-location.ts';
import { isJsonObject, type Json, type Spec } from '../../model/json.ts';
import { closestMatch } from '../../net/closest-match.ts';
import type { SpannedValue, SpanTree } from '../locate.ts';
import { placeBelow, propertiesOf, type SchemaPlace, schemaPlace, takesNames, takesTypeOf } from './schema-place.ts';

/** A value, its places in the text, and the lines of it that stand one level too far left. */
export type IndentedValue = {
  readonly value: Json;
  readonly spans: SpanTree | null;
  readonly diagnostics: readonly Diagnostic[];
};

/**
 * Moves keys into the empty key above them where they are known inside it, and not beside it: what an editor leaves when
 * a block is indented one level too little. Looks at every map of the topology once.
 */
export function indentMisplacedLines(value: Json, spans: SpanTree | null): IndentedValue {
  const root = schemaPlace([]);
  return root === null ? { value, spans, diagnostics: [] } : indentBelow({ value, spans }, root, []);
}

function indentBelow(part: SpannedValue, place: SchemaPlace, path: Path): IndentedValue {
  if (!isJsonObject(part.value)) return { ...part, diagnostics: [] };
  const children = new Map(part.spans?.children);
  const homes = homesOf(part.value, place);
  const diagnostics = [...homes].map(([key, home]) => misplacedDiagnostic(path, { key, home, place }));
  const moved: { [key: string]: Json } = {};
  for (const [key, item] of Object.entries(part.value)) {
    const home = homes.get(key);
    const inner = home === undefined ? undefined : moved[home];
    if (home === undefined) moved[key] = item;
    else {
      moved[home] = { ...(isJsonObject(inner) ? inner : {}), [key]: item };
      moveSpan(children, key, home);
    }
  }
  const value = Object.fromEntries(
    Object.entries(moved).map(([key, item]) => {
      const below = placeBelow(place, key);
      if (below === null) return [key, item];
      const inner = indentBelow({ value: item, spans: children.get(key) ?? null }, below, [...path, key]);
      if (inner.spans) children.set(key, inner.spans);
      diagnostics.push(...inner.diagnostics);
      return [key, inner.value];
    }),
  );
  return { value, spans: part.spans && { ...part.spans, children }, diagnostics };
}

/** The empty key that each misplaced key of a map belongs to. */
function homesOf(map: Spec, place: SchemaPlace): ReadonlyMap<string, string> {
  const homes = new Map<string, string>();
  let home: string | null = null;
  for (const [key, item] of Object.entries(map)) {
    const inside = home === null ? null : placeBelow(place, home);
    if (home !== null && inside !== null && fitsInside({ key, item }, place, inside)) homes.set(key, home);
    else home = item === null ? key : null;
  }
  return homes;
}

/** Whether an entry is known inside a place and unlikely beside it. */
function fitsInside(
  { key, item }: { readonly key: string; readonly item: Json },
  beside: SchemaPlace,
  inside: SchemaPlace,
): boolean {
  const there = placeBelow(inside, key);
  if (there === null || !(item === null || takesTypeOf(there, item))) return false;
  if (takesNames(beside)) return Object.hasOwn(propertiesOf(inside.schema), key) && !isLikeNeighbour(item, inside);
  const known = Object.keys(propertiesOf(beside.schema));
  if (known.includes(key)) return false;
  return Object.hasOwn(propertiesOf(inside.schema), key) || closestMatch(key, known) === null;
}

/** Whether a value may be what it is taken for: an entry of the same form as those around it. */
const isLikeNeighbour = (item: Json, { schema }: SchemaPlace): boolean =>
  item === null || (isJsonObject(item) && Object.keys(item).every((key) => Object.hasOwn(propertiesOf(schema), key)));

function misplacedDiagnostic(
  path: Path,
  { key, home, place }: { readonly key: string; readonly home: string; readonly place: SchemaPlace },
): Diagnostic {
  const taken = takesNames(place) ? `: it is taken for the name of one of the ${path.at(-1)}` : '';
  const message = `"${key}" stands beside "${home}", which is empty${taken}`;
  const hint = `indent it by two more spaces: it belongs inside "${home}"`;
  return makeDiagnostic('unknown-key', atKey([...path, home, key]), message, { hint });
}

function moveSpan(children: Map<string | number, SpanTree>, key: string, home: string): void {
  const [moved, target] = [children.get(key), children.get(home)];
  children.delete(key);
  if (moved && target) children.set(home, { ...target, children: new Map([...target.children, [key, moved]]) });
}
