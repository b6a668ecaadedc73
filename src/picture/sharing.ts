import type { Json } from '../model/json.ts';

/** A value in which every list of texts that it has several times is `{ "=": n }`, the n-th of `lists`. */
export type Shared = { readonly lists: readonly Json[]; readonly value: Json };

/** Says once what is there many times: each namespace of a large lab has a hosts file with all of its names. */
export function sharing(value: Json): Shared {
  const counts = new Map<string, number>();
  walk(value, (list) => {
    counts.set(list, (counts.get(list) ?? 0) + 1);
    return null;
  });
  const places = new Map([...counts].filter(([, count]) => count > 1).map(([list], i) => [list, i]));
  const shared = walk(value, (list) => {
    const place = places.get(list);
    return place === undefined ? null : { '=': place };
  });
  return { lists: [...places.keys()].map((list) => JSON.parse(list)), value: shared };
}

const LONG = 8;

/** The value with `instead` of each longer list of texts, which it is given as JSON; null keeps one as it is. */
function walk(value: Json, instead: (list: string) => Json): Json {
  if (value === null || typeof value !== 'object') return value;
  if (!Array.isArray(value))
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, walk(one, instead)]));
  const isTexts = value.length > LONG && value.every((one) => typeof one === 'string');
  return (isTexts ? instead(JSON.stringify(value)) : null) ?? value.map((one) => walk(one, instead));
}
