import type { Json } from '../../model/json.ts';

/** A value in which every list of texts that it has several times is `{ "=": n }`, the n-th of `lists`. */
export type DedupedJson = { readonly lists: readonly Json[]; readonly value: Json };

/** Says once what is there many times: each namespace of a large lab has a hosts file with all of its names. */
export function dedupeJson(value: Json): DedupedJson {
  const counts = new Map<string, number>();
  replaceLists(value, (list) => {
    counts.set(list, (counts.get(list) ?? 0) + 1);
    return null;
  });
  const places = new Map([...counts].filter(([, count]) => count > 1).map(([list], i) => [list, i]));
  const shared = replaceLists(value, (list) => {
    const place = places.get(list);
    return place === undefined ? null : { '=': place };
  });
  return { lists: [...places.keys()].map((list) => JSON.parse(list)), value: shared };
}

const MIN_LIST_LENGTH = 8;

/** The value with `instead` of each longer list of texts, which it is given as JSON; null keeps one as it is. */
function replaceLists(value: Json, instead: (list: string) => Json): Json {
  if (value === null || typeof value !== 'object') return value;
  if (!Array.isArray(value))
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, replaceLists(one, instead)]));
  const isTexts = value.length > MIN_LIST_LENGTH && value.every((one) => typeof one === 'string');
  return (isTexts ? instead(JSON.stringify(value)) : null) ?? value.map((one) => replaceLists(one, instead));
}
