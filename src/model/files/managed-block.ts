import { EXIT, netformError } from '../error.ts';
import { sha256 } from '../values/hash.ts';

/**
 * A block of lines of ours in a file that others write too. Texts have one character per byte (latin1), so that what is
 * not ours stays as it is, byte for byte. The first line of a block is `# BEGIN <mark> sha256:<16 hex>` and, when that
 * is needed to give the file back as it was, ` no-eol` (it had no final newline) or ` empty` (it was there, and empty);
 * the last is `# END <mark>`.
 */
export type ManagedBlock = {
  readonly lines: readonly string[];
  /** False: a line of it was changed since. */
  readonly intact: boolean;
};

/** The block of that mark; null: none. `broken`: its first or last line is missing or doubled. */
export function readManagedBlock(text: string, mark: string): ManagedBlock | 'broken' | null {
  const place = findBlock(text, mark);
  if (place === null || place === 'broken') return place;
  return { lines: place.lines, intact: place.sha === shaOf(place.lines) };
}

/**
 * The text with the block in it: in the place of the present one, else at the end. Null as text: no such file.
 * Throws E_DRIFT when the present block is broken.
 */
export function insertManagedBlock(text: string | null, mark: string, lines: readonly string[]): string {
  const place = text === null ? null : wholePlaceOf(text, mark);
  if (text === null) return blockText(mark, lines, '');
  if (place) return text.slice(0, place.start) + blockText(mark, lines, place.flag) + text.slice(place.end);
  if (text === '') return blockText(mark, lines, ' empty');
  return text.endsWith('\n') ? text + blockText(mark, lines, '') : `${text}\n${blockText(mark, lines, ' no-eol')}`;
}

/**
 * The text without the block: the bytes from before it. Null: the file was made for it and nothing else is in it.
 * Throws E_DRIFT when the block is broken.
 */
export function removeManagedBlock(text: string, mark: string): string | null {
  const place = wholePlaceOf(text, mark);
  if (!place) return text;
  const before = text.slice(0, place.start);
  const after = text.slice(place.end);
  if (after !== '') return before + inherit(after, place.flag);
  if (place.flag === ' no-eol') return before.replace(/\r?\n$/, '');
  return before === '' && place.flag !== ' empty' ? null : before;
}

type ManagedBlockRange = {
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
  readonly sha: string;
  readonly flag: string;
};

const FIRST = /^# BEGIN netform:\S+ sha256:[0-9a-f]{16}$/;

function wholePlaceOf(text: string, mark: string): ManagedBlockRange | null {
  const place = findBlock(text, mark);
  if (place !== 'broken') return place;
  throw netformError('E_DRIFT', EXIT.drift, `the block ${mark} has lost its first or last line`, {
    hint: `repair or remove the lines between "# BEGIN ${mark}" and "# END ${mark}" by hand`,
  });
}

function findBlock(text: string, mark: string): ManagedBlockRange | 'broken' | null {
  if (!text.includes(mark)) return null;
  const first = `# BEGIN ${mark} sha256:`;
  const last = `# END ${mark}`;
  const all = lineRanges(text);
  const begins = all.filter((line) => line.text.startsWith(first));
  const ends = all.filter((line) => line.text === last);
  const [begin, end] = [begins[0], ends[0]];
  if (!begin && !end) return null;
  if (!begin || !end || begins.length > 1 || ends.length > 1 || end.start < begin.start) return 'broken';
  const inside = all.filter((line) => line.start > begin.start && line.start < end.start).map((line) => line.text);
  if (inside.some((line) => /^# (?:BEGIN|END) netform:/.test(line))) return 'broken';
  const [sha = '', flag = ''] = begin.text.slice(first.length).split(' ');
  return { start: begin.start, end: end.end, lines: inside, sha, flag: flag && ` ${flag}` };
}

/** Lines without their ends (a carriage return counts as one), with the offsets of the line and of what follows it. */
function lineRanges(text: string): { readonly text: string; readonly start: number; readonly end: number }[] {
  return [...text.matchAll(/[^\n]*\n|[^\n]+$/g)].map((match) => ({
    text: match[0].replace(/\r?\n$/, ''),
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/** Another lab's block that was appended to ours has to remember for us how the file was. */
function inherit(after: string, flag: string): string {
  const newline = after.indexOf('\n');
  const line = after.slice(0, newline);
  return flag !== '' && FIRST.test(line) ? line + flag + after.slice(newline) : after;
}

function blockText(mark: string, lines: readonly string[], flag: string): string {
  return [`# BEGIN ${mark} sha256:${shaOf(lines)}${flag}`, ...lines, `# END ${mark}`, ''].join('\n');
}

const shaOf = (lines: readonly string[]): string => sha256(lines.join('\n')).slice(0, 16);
