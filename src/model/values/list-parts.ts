/**
 * A long list of strings as pieces of others: a string stands for itself, `[2, 10, 40]` for 40 items of the list number 2,
 * from the tenth on. The hosts files of a row of routers differ in a few lines each, so a lab of them is as many short lists.
 */
export type ListParts = readonly (string | ListRun)[];
type ListRun = readonly [list: number, from: number, count: number];

/** Shorter lists are written as they are. */
export const MIN_PARTED_ITEMS = 32;
/** A list is written in pieces when these are so many times fewer than its items. */
const MIN_GAIN = 4;
/** So many lists are tried for each. */
const MAX_BASES = 4;

/** Gives a list in pieces of those that it got before; null: it has too little in common with them, and can be one of them. */
export type ListDivider = (
  list: readonly string[],
) => { readonly base: readonly string[]; readonly parts: Pieces } | null;
/** A pair of numbers: items of the base, from one on, so many. */
type Pieces = readonly (string | readonly [from: number, count: number])[];

/** A divider that remembers the first lists that have little in common. */
export function listDivider(): ListDivider {
  const bases: { readonly base: readonly string[]; readonly places: ReadonlyMap<string, number> }[] = [];
  return (list) => {
    for (const { base, places } of bases) {
      const parts = piecesOf(list, { base, places });
      if (parts !== null) return { base, parts };
    }
    if (bases.length < MAX_BASES) bases.push({ base: list, places: new Map(list.map((item, i) => [item, i])) });
    return null;
  };
}

type Base = { readonly base: readonly string[]; readonly places: ReadonlyMap<string, number> };

/** Null: there are too many pieces. */
function piecesOf(list: readonly string[], { base, places }: Base): Pieces | null {
  const most = list.length / MIN_GAIN;
  const pieces: (string | readonly [number, number])[] = [];
  for (let at = 0; at < list.length; ) {
    if (pieces.length >= most) return null;
    const item = list[at] ?? '';
    const from = places.get(item);
    let count = 0;
    if (from !== undefined) while (at + count < list.length && list[at + count] === base[from + count]) count++;
    pieces.push(from === undefined || count < 2 ? item : [from, count]);
    at += Math.max(count < 2 ? 1 : count, 1);
  }
  return pieces;
}

/** The list again; `lists` are those that the numbers mean. */
export const joinParts = (parts: ListParts, lists: readonly unknown[]): readonly unknown[] =>
  parts.flatMap((part) => {
    if (typeof part === 'string') return [part];
    const [list, from, count] = part;
    const base: unknown = lists[list];
    return Array.isArray(base) ? base.slice(from, from + count) : [];
  });
