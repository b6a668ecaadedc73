import type { Path } from '../../model/diagnostics/source-location.ts';
import { isJsonObject, type Json, type Spec } from '../../model/json.ts';
import { formatFlowStyle } from './flow-style.ts';
import { interfaceGatewayHint } from './gateway-hint.ts';
import { outdentHint } from './key-hint.ts';
import { mapOfText } from './map-of-text.ts';
import { networkNames } from './other-tools.ts';
import {
  placeBelow,
  propertiesOf,
  type SchemaPlace,
  schemaPlace,
  takesNames,
  takesTypeOf,
  typesOf,
} from './schema-place.ts';

/** What to write in the place of a value of the wrong type: the reader's own value in the right form, else an example. */
export function typeHint(root: Json, path: Path, value: Json): string | null {
  const place = schemaPlace(path);
  if (place === null) return null;
  const types = typesOf(place);
  if (isScalar(value) && typeof value !== 'string' && types.includes('string') && isTextLike(place, value))
    return `put it in quotes: "${value}"`;
  if (typeof value === 'string' && isQuoted(value, types)) return 'leave the quotes out';
  const elsewhere = interfaceGatewayHint(root, path, value) ?? outdentHint(path);
  if (elsewhere !== null) return elsewhere;
  const meant = meantValue(place, value, root);
  const example = place.examples.find((each) => takesTypeOf(place, each));
  const key = path.at(-1);
  const written = (shown: Json) => `${typeof key === 'string' ? `${key}: ` : ''}${formatFlowStyle(shown)}`;
  if (meant !== undefined && written(meant).length <= MAX_SHOWN) return `write ${written(meant)}`;
  return example === undefined ? null : `for example ${written(example)}`;
}

/** An example of what is right at a place; null: the schema has none. */
export function rightValueHint(path: Path): string | null {
  const [example] = schemaPlace(path)?.examples ?? [];
  const key = path.at(-1);
  return example === undefined
    ? null
    : `for example ${typeof key === 'string' ? `${key}: ` : ''}${formatFlowStyle(example)}`;
}

/** A longer value is better shown by an example. */
const MAX_SHOWN = 160;

const isScalar = (value: Json): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** Whether a value is right as text: true or false where words stand, a number where any text does. */
const isTextLike = ({ schema, examples }: SchemaPlace, value: number | boolean): boolean =>
  typeof value === 'boolean' ||
  (schema['examples'] === undefined && examples.every((one) => /^[a-z]/i.test(String(one))));

/** A number, or true or false, that was meant as such and written as text. */
const isQuoted = (value: string, types: readonly string[]): boolean =>
  (types.includes('integer') && /^\d+$/.test(value)) || (types.includes('boolean') && /^(true|false)$/.test(value));

/** The value in a form that the place takes; undefined: there is no such form. */
function meantValue(place: SchemaPlace, value: Json, root: Json): Json | undefined {
  const types = typesOf(place);
  if (types.includes('boolean') && isScalar(value)) return BOOLEAN_WORDS[String(value).toLowerCase()];
  if (types.includes('array') && !Array.isArray(value)) return listOf(place, value, root);
  if (types.includes('object') && Array.isArray(value)) return value.length === 0 ? {} : mapOfList(place, value, root);
  if (types.includes('object') && isScalar(value)) return mapOfScalar(place, value, root);
  if (types.includes('string') && Array.isArray(value) && value.length === 1 && typeof value[0] === 'string')
    return value[0];
  return undefined;
}

const BOOLEAN_WORDS: { readonly [word: string]: boolean } = {
  yes: true,
  on: true,
  enabled: true,
  1: true,
  no: false,
  off: false,
  disabled: false,
  0: false,
};

/** A list of the one value. */
function listOf(place: SchemaPlace, value: Json, root: Json): Json | undefined {
  const item = placeBelow(place, 0);
  if (item === null) return undefined;
  if (takesTypeOf(item, value)) return isJsonObject(value) && !isMapOf(item, value) ? undefined : [value];
  const meant = meantValue(item, value, root);
  return meant === undefined ? undefined : [meant];
}

/** Whether each key of a map is one of the place. */
const isMapOf = ({ schema }: SchemaPlace, value: Spec): boolean =>
  schema['additionalProperties'] !== false ||
  Object.keys(value).every((key) => Object.hasOwn(propertiesOf(schema), key));

/** A map of names from a list of names, of maps with a `name`, or of maps with one name each; of settings from texts. */
function mapOfList(place: SchemaPlace, list: readonly Json[], root: Json): Json | undefined {
  if (!takesNames(place)) return list.length > 0 && list.every(isScalar) ? mapOfScalar(place, list, root) : undefined;
  const entries = list.map((item): readonly [string, Json] | undefined => {
    if (typeof item === 'string') return namedEntry(place, item, { root, isAlone: list.length === 1 });
    if (!isJsonObject(item)) return undefined;
    const { name, ...rest } = item;
    if (typeof name === 'string') return [name, withMaps(placeBelow(place, name), rest, root)];
    const [only, ...others] = Object.entries(item);
    return others.length === 0 ? only : undefined;
  });
  const known = entries.filter((entry) => entry !== undefined);
  return known.length === list.length ? Object.fromEntries(known) : undefined;
}

/** A map whose lists are maps of names where its place takes these. */
function withMaps(place: SchemaPlace | null, map: Spec, root: Json): Json {
  const entries = Object.entries(map).map(([key, value]) => {
    const below = place && placeBelow(place, key);
    return [key, below && !takesTypeOf(below, value) ? (meantValue(below, value, root) ?? value) : value];
  });
  return Object.fromEntries(entries);
}

/** An entry for a name: with an empty map where that is enough, else with a value like that of the examples. */
function namedEntry(
  place: SchemaPlace,
  text: string,
  { root, isAlone }: { readonly root: Json; readonly isAlone: boolean },
): readonly [string, Json] | undefined {
  const [, key = '', value] = /^([\w./-]+)\s*[=:]\s*(\S+)$/.exec(text) ?? [];
  if (key !== '' && value !== undefined) return [key, /^\d+$/.test(value) ? Number(value) : value];
  const below = placeBelow(place, text);
  if (below === null || !/^[A-Za-z][\w.-]*$/.test(text)) return undefined;
  const bridge = 'bridge' in propertiesOf(below.schema) ? firstBridge(root) : undefined;
  const short = isAlone ? below.examples.find((one) => typeof one === 'string') : undefined;
  return [
    text,
    bridge === undefined ? (short ?? (takesTypeOf(below, {}) ? {} : (below.examples[0] ?? ''))) : { bridge },
  ];
}

function firstBridge(root: Json): string | undefined {
  const bridges = isJsonObject(root) ? root['bridges'] : undefined;
  return networkNames(bridges)[0];
}

/** A map from one value: `{ to: default, via: 10.0.0.1 }` from words, `{ NAME: VALUE }` where the key is known. */
function mapOfScalar(place: SchemaPlace, value: Json, root: Json): Json | undefined {
  if (takesNames(place)) return typeof value === 'string' ? mapOfList(place, [value], root) : undefined;
  return mapOfText(place, value);
}
