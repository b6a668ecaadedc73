import type { Json } from '../../model/json.ts';
import { looksLikeAddress } from '../normalise/address-errors.ts';
import { synonymOf } from './other-tools.ts';
import { placeBelow, propertiesOf, type SchemaPlace, takesTypeOf } from './schema-place.ts';

/**
 * The map that a value alone was meant to be: words as those of `ip route` in pairs, or one value under the key that
 * takes such a value. Undefined: no key is known for a word.
 */
export function mapOfText(place: SchemaPlace, value: Json): Json | undefined {
  const keys = Object.keys(propertiesOf(place.schema));
  const words = typeof value === 'string' ? value.trim().split(/\s+/) : [];
  const known = (word: string) => keyOf(word, keys);
  if (words.length > 1 && words.some((word) => known(word) !== null)) return mapOfWords(place, words, known);
  const required = requiredKeys(place);
  const possible = typeof value === 'string' || Array.isArray(value) ? keys : required;
  const key = [...required, ...possible].find((each) => takesValueLike(place, each, value));
  return key === undefined ? undefined : { [key]: value };
}

function mapOfWords(
  place: SchemaPlace,
  words: readonly string[],
  known: (word: string) => string | null,
): Json | undefined {
  const [first = ''] = words;
  const [required] = requiredKeys(place);
  const head = known(first) === null && required !== undefined ? [required] : [];
  const flat = [...head, ...words.filter((word) => !IDLE_WORDS.has(word))];
  const pairs = flat.flatMap((word, i) => (i % 2 === 0 ? [[known(word), flat[i + 1]] as const] : []));
  const entries = pairs.flatMap(([key, text]) =>
    key === null || text === undefined ? [] : [[key, toValue(place, key, text)]],
  );
  return entries.length === pairs.length ? Object.fromEntries(entries) : undefined;
}

const requiredKeys = ({ schema }: SchemaPlace): readonly string[] =>
  Array.isArray(schema['required']) ? schema['required'].map(String) : [];

/** Words of `ip route add` that say nothing more. */
const IDLE_WORDS: ReadonlySet<string> = new Set(['ip', 'route', 'rule', 'neigh', 'neighbour', 'add', '->', 'type=']);

function keyOf(written: string, keys: readonly string[]): string | null {
  const word = written.replace(/[:=]$/, '');
  return keys.includes(word) ? word : synonymOf(word, keys);
}

function toValue(place: SchemaPlace, key: string, text: string): Json {
  const below = placeBelow(place, key);
  return /^\d+$/.test(text) && below && takesTypeOf(below, 1) ? Number(text) : text;
}

/** Whether the examples of a key are like a value: both addresses, both words, both numbers. */
function takesValueLike(place: SchemaPlace, key: string, value: Json): boolean {
  const below = placeBelow(place, key);
  const one: Json | undefined = Array.isArray(value) ? value[0] : value;
  if (!below || !takesTypeOf(below, value)) return false;
  return below.examples.some((example) => {
    const like: Json | undefined = Array.isArray(example) ? example[0] : example;
    if (typeof one !== 'string' || typeof like !== 'string') return typeof one === typeof like;
    return looksLikeAddress(one) === looksLikeAddress(like);
  });
}
