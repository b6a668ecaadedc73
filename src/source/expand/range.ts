/** A range in braces, `{1..100}`, `{01..12}`, `{a..f}` or `{red,blue}`, and its name where it has one: `{i:1..3}`. */
export type NameRange = {
  readonly start: number;
  readonly end: number;
  readonly name: string | null;
  readonly items: readonly string[];
};

/** A range that cannot be used, and why. */
export type RangeProblem = { readonly start: number; readonly end: number; readonly problem: string };

/** The most that one range may stand for. */
const MAX_RANGE_ITEMS = 100_000;

const RANGE =
  /(?<!\$)\{(?:([A-Za-z][A-Za-z0-9_-]*):)?(?:(\d+)\.\.(\d+)|([a-z])\.\.([a-z])|([A-Z])\.\.([A-Z])|([A-Za-z0-9_.-]+(?:,[A-Za-z0-9_.-]+)+))\}/g;

/** Whether a text may have a range: quick, and true for some that have none. */
export const mayHaveRange = (text: string): boolean =>
  text.includes('{') && (text.includes('..') || text.includes(','));

/** The ranges of a text, from left to right. What has another form than that of a range is text. */
export function findRanges(text: string): readonly (NameRange | RangeProblem)[] {
  return [...text.matchAll(RANGE)].map((match) => {
    const [whole, name, from, to, lower, lowerEnd, upper, upperEnd, list] = match;
    const span = { start: match.index, end: match.index + whole.length };
    const items =
      list !== undefined
        ? list.split(',')
        : from !== undefined && to !== undefined
          ? numberItems(from, to)
          : letterItems(lower ?? upper ?? 'a', lowerEnd ?? upperEnd ?? 'a');
    if (typeof items === 'string') return { ...span, problem: items };
    return { ...span, name: name ?? null, items };
  });
}

/** Counts up; as many digits as the first number is written with, where it begins with a zero. */
function numberItems(from: string, to: string): readonly string[] | string {
  const first = Number(from);
  const last = Number(to);
  if (last < first) return `the range {${from}..${to}} ends before it begins`;
  if (last - first >= MAX_RANGE_ITEMS)
    return `the range {${from}..${to}} stands for more than ${MAX_RANGE_ITEMS} names`;
  const width = from.length > 1 && from.startsWith('0') ? from.length : 0;
  return Array.from({ length: last - first + 1 }, (_, i) => String(first + i).padStart(width, '0'));
}

function letterItems(from: string, to: string): readonly string[] | string {
  const first = from.charCodeAt(0);
  const last = to.charCodeAt(0);
  if (last < first) return `the range {${from}..${to}} ends before it begins`;
  return Array.from({ length: last - first + 1 }, (_, i) => String.fromCharCode(first + i));
}

/** What stands for a range in one copy, by name; a range without a name is `n`. */
export type RangeValues = ReadonlyMap<string, string>;

/** One of the texts that a text with ranges stands for. */
export type RangeCopy = { readonly text: string; readonly values: RangeValues };

/** Every text that a text with these ranges stands for: the last range changes first. */
export function expandRanges(text: string, ranges: readonly NameRange[]): readonly RangeCopy[] {
  const unnamed = ranges.filter(({ name }) => name === null).length;
  let copies: { readonly text: string; readonly values: Map<string, string> }[] = [{ text: '', values: new Map() }];
  let done = 0;
  for (const { start, end, name, items } of ranges) {
    const before = text.slice(done, start);
    // `${n}` of two ranges without a name could be either.
    const key = name ?? (unnamed === 1 ? 'n' : null);
    copies = copies.flatMap((copy) =>
      items.map((item) => ({
        text: copy.text + before + item,
        values: key === null ? copy.values : new Map([...copy.values, [key, item]]),
      })),
    );
    done = end;
  }
  return copies.map(({ text: begun, values }) => ({ text: begun + text.slice(done), values }));
}

/** How many texts `expandRanges` gives. */
export const countCopies = (ranges: readonly NameRange[]): number =>
  ranges.reduce((product, { items }) => product * items.length, 1);

/**
 * The value of `i`, `i+1` or `i-1` where a range of that name stands. Null: there is none; a text with a problem where
 * the value cannot be counted from.
 */
export function rangeReference(
  reference: string,
  values: RangeValues,
): { readonly text: string } | { readonly problem: string } | null {
  const [, name, sign, amount] = /^([A-Za-z][A-Za-z0-9_-]*?)(?:([+-])(\d+))?$/.exec(reference) ?? [];
  const whole = values.get(reference);
  if (whole !== undefined) return { text: whole };
  const value = name === undefined ? undefined : values.get(name);
  if (value === undefined || sign === undefined) return null;
  if (!/^\d+$/.test(value)) return { problem: `"${value}" is not a number, so ${reference} has no value` };
  const result = Number(value) + (sign === '+' ? 1 : -1) * Number(amount);
  if (result < 0) return { problem: `${reference} is ${result}, less than zero` };
  const width = value.length > 1 && value.startsWith('0') ? value.length : 0;
  return { text: String(result).padStart(width, '0') };
}
