import { type Impairment, NO_IMPAIRMENT } from '../model/kernel/impairment.ts';

/** The words of an impairment, in the order in which they are shown. */
export const IMPAIRMENT_WORDS = ['delay', 'jitter', 'loss', 'duplicate', 'corrupt', 'reorder', 'rate'] as const;
export type ImpairmentWord = (typeof IMPAIRMENT_WORDS)[number];

const UNIT_WORDS: { readonly [word in ImpairmentWord]: 'time' | 'chance' | 'rate' } = {
  delay: 'time',
  jitter: 'time',
  loss: 'chance',
  duplicate: 'chance',
  corrupt: 'chance',
  reorder: 'chance',
  rate: 'rate',
};

/** The longest delay: a netem queue counts it in ticks of 64 ns, in 32 bits. */
const MAX_DELAY = 270_000_000;
const MAX_RATE = 1_000_000_000_000;
const TIMES: { readonly [unit: string]: number } = { us: 1, ms: 1000, s: 1_000_000 };
const RATES: { readonly [unit: string]: number } = { bit: 1, kbit: 1e3, mbit: 1e6, gbit: 1e9 };

/** A number, or the reason why a text is none, with what to write. */
export type ImpairmentReading = { readonly value: number } | { readonly problem: string; readonly hint: string };

/** The value of one word: `20ms`, `1.5%`, `10mbit`. */
export function parseImpairmentWord(word: ImpairmentWord, text: string): ImpairmentReading {
  return { time: parseTime, chance: parseChance, rate: parseRate }[UNIT_WORDS[word]](text.trim());
}

function parseTime(text: string): ImpairmentReading {
  const [, number, unit = ''] = /^(\d{1,9}(?:\.\d{1,6})?)\s*(us|ms|s)$/.exec(text) ?? [];
  const hint = 'write 20ms, 500us or 1s';
  if (number === undefined) return { problem: 'is not a time with its unit', hint };
  const value = Math.round(Number(number) * (TIMES[unit] ?? 1));
  if (value < 1) return { problem: 'lasts no time', hint: 'leave it out' };
  return value <= MAX_DELAY ? { value } : { problem: 'is longer than 270s', hint };
}

function parseChance(text: string): ImpairmentReading {
  const [, number] = /^(\d{1,3}(?:\.\d{1,6})?)\s*%$/.exec(text) ?? [];
  const hint = 'write 1% or 0.1%';
  if (number === undefined) return { problem: 'is not a percentage from 0% to 100%', hint };
  const value = Math.round(Number(number) * 10_000);
  if (value < 1) return { problem: 'concerns no packet', hint: 'leave it out' };
  return value <= 1_000_000 ? { value } : { problem: 'is more than 100%', hint };
}

/** Kernels count in bytes: to the next lower multiple of 8. */
function parseRate(text: string): ImpairmentReading {
  const [, number, unit = ''] = /^(\d{1,12}(?:\.\d{1,6})?)\s*([kmg]?bit)$/.exec(text.toLowerCase()) ?? [];
  const hint = 'write 10mbit, 64kbit or 1gbit';
  if (number === undefined) return { problem: 'is not a rate with its unit', hint };
  const value = Math.floor((Number(number) * (RATES[unit] ?? 1)) / 8) * 8;
  if (value < 1000) return { problem: 'lets nothing pass: the lowest rate is 1kbit', hint };
  return value <= MAX_RATE ? { value } : { problem: 'is more than 1000gbit', hint };
}

/** `20ms`, `0.1%`, `10mbit`: the shortest text that is read back to the same. */
export function formatImpairmentWord(word: ImpairmentWord, value: number): string {
  if (UNIT_WORDS[word] === 'chance') return `${value / 10_000}%`;
  const units = UNIT_WORDS[word] === 'time' ? TIMES : RATES;
  const [unit, size] = Object.entries(units).findLast(([, one]) => value >= one && value % one === 0) ?? ['', 1];
  return `${value / size}${unit}`;
}

/** What an impairment does, word by word; what it does not do is left out. */
export const impairmentWords = (impairment: Impairment): readonly (readonly [ImpairmentWord, string])[] =>
  IMPAIRMENT_WORDS.filter((word) => impairment[word] > 0).map((word) => [
    word,
    formatImpairmentWord(word, impairment[word]),
  ]);

/** `delay 20ms, loss 1%`; empty of none. */
export const formatImpairment = (impairment: Impairment): string =>
  impairmentWords(impairment)
    .map((pair) => pair.join(' '))
    .join(', ');

/** What an impairment that is written so cannot mean, by the word at fault. */
export type ImpairmentContradiction = {
  readonly word: ImpairmentWord;
  readonly problem: string;
  readonly hint: string;
};

/** What of an impairment makes no sense together. */
export function impairmentContradictions(impairment: Impairment): readonly ImpairmentContradiction[] {
  const { delay, jitter, reorder } = impairment;
  const found: ImpairmentContradiction[] = [];
  if (jitter > 0 && delay === 0)
    found.push({ word: 'jitter', problem: 'there is no delay that could vary', hint: 'add `delay: 20ms`' });
  if (jitter > delay && delay > 0)
    found.push({ word: 'jitter', problem: 'the delay cannot vary by more than it is', hint: 'make the delay longer' });
  if (reorder > 0 && delay === 0)
    found.push({ word: 'reorder', problem: 'packets overtake only those that wait', hint: 'add `delay: 20ms`' });
  return found;
}

/** The words that nothing but a netem queue does. */
export const NETEM_WORDS: readonly ImpairmentWord[] = ['delay', 'jitter', 'corrupt', 'reorder'];

/** An impairment of the words that a value has; what it lacks is 0. */
export const impairmentOf = (values: Partial<Impairment>): Impairment =>
  Object.fromEntries(IMPAIRMENT_WORDS.map((word) => [word, values[word] ?? NO_IMPAIRMENT[word]])) as Impairment;
