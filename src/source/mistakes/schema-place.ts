import type { Path } from '../../model/diagnostics/source-location.ts';
import { isJsonObject, type Json, type Spec } from '../../model/json.ts';
import { schemaText } from '../schema-text.ts';

/** A place of the language: its schema with references followed, and values that are right there, the best one first. */
export type SchemaPlace = { readonly schema: Spec; readonly examples: readonly Json[] };

/** The place that a path leads to; null where the language has none. */
export function schemaPlace(path: Path): SchemaPlace | null {
  let place: SchemaPlace | null = rootPlace();
  for (const step of path) place = place && placeBelow(place, step);
  return place;
}

/** The place of one key, or of one item, below another place. */
export function placeBelow({ schema, examples }: SchemaPlace, step: string | number): SchemaPlace | null {
  const below =
    typeof step === 'number' ? schema['items'] : (propertiesOf(schema)[step] ?? schema['additionalProperties']);
  if (!isJsonObject(below)) return null;
  const followed = followReference(below);
  const own = [below['examples'], followed['examples']].find(Array.isArray);
  return { schema: followed, examples: own ?? examples.flatMap((example) => partOf(example, step)) };
}

/** The keys that a map of the schema has by name. */
export const propertiesOf = (schema: Spec): Spec => (isJsonObject(schema['properties']) ? schema['properties'] : {});

/** Whether a map takes names of the reader's own as keys. */
export const takesNames = ({ schema }: SchemaPlace): boolean => isJsonObject(schema['additionalProperties']);

/** The JSON types that a place takes. */
export const typesOf = ({ schema }: SchemaPlace): readonly string[] => [schema['type'] as string | string[]].flat();

/** The JSON type of a value, as the schema calls it. */
export function typeOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

/** Whether a place takes values of the type that a value has. */
export const takesTypeOf = (place: SchemaPlace, value: Json): boolean =>
  typesOf(place).includes(typeOf(value)) || (typeof value === 'number' && typesOf(place).includes('number'));

/** The part of an example at a key or an index: of a map with names the value of any, one value alone is a list of one. */
function partOf(example: Json, step: string | number): readonly Json[] {
  if (typeof step === 'number') return Array.isArray(example) ? example : [example];
  if (!isJsonObject(example)) return [];
  const part = example[step];
  return part === undefined ? Object.values(example) : [part];
}

let schemaRoot: SchemaPlace | undefined;

/** Reads the file of the schema, once: only mistakes need it. */
function rootPlace(): SchemaPlace {
  schemaRoot ??= { schema: JSON.parse(schemaText('topology')), examples: [] };
  return schemaRoot;
}

function followReference(schema: Spec): Spec {
  const all = schema['allOf'];
  const [only] = Array.isArray(all) && all.length === 1 ? all : [schema];
  const name = String((isJsonObject(only) ? only['$ref'] : '') ?? '')
    .split('/')
    .at(-1);
  const definitions = rootPlace().schema['definitions'];
  const target = name && isJsonObject(definitions) ? definitions[name] : undefined;
  return isJsonObject(target) ? target : schema;
}
