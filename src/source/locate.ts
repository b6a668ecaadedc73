import type { LineSpan, Path, SourceLocation } from '../model/diagnostics/source-location.ts';
import type { Json } from '../model/json.ts';

/** Offsets of a value in the text, of the key before it, and of what is inside it. */
export type SpanTree = {
  readonly start: number;
  readonly end: number;
  readonly key: Span | null;
  /** `alias`: the offsets are those of `*name`, the children those of what it stands for. */
  readonly form: 'scalar' | 'collection' | 'alias';
  readonly children: ReadonlyMap<string | number, SpanTree>;
};

/** A value with its offsets in the text; `spans` is null when the text could not be read. */
export type SpannedValue = { readonly value: Json; readonly spans: SpanTree | null };

export type Span = { readonly start: number; readonly end: number };

/** Finds places of one text, or of the files that it is made of. `spans` is null when the text could not be read. */
export function createLocator(
  text: string,
  spans: SpanTree | null,
  included: readonly IncludedText[] = [],
): (place: SourceLocation) => LineSpan {
  const lines = lineStarts(text);
  const firstLines = included.map(({ start }) => toLocation(text, lines, { start, end: start }).line);
  return (place) => {
    const found = toLocation(text, lines, 'path' in place ? findSpan(text, spans, place) : place);
    const i = firstLines.findLastIndex((first) => first <= found.line);
    const part = included[i];
    if (!part) return found;
    const { file, text: own } = part;
    return { ...found, line: found.line - (firstLines[i] ?? 0) + 1, within: { file, text: own } };
  };
}

/**
 * A file whose text stands in that of the topology, from `start` to its end or the next one. `path` is from the folder of
 * the main file, `file` what messages call it.
 */
export type IncludedText = {
  readonly start: number;
  readonly path: string;
  readonly file: string;
  readonly text: string;
};

/** The offsets of a path, or of the nearest thing around it. */
export function findSpan(text: string, spans: SpanTree | null, place: { path: Path; on: 'key' | 'value' }): Span {
  if (!spans) return { start: 0, end: 0 };
  let here = spans;
  for (const step of place.path) {
    const next = here.children.get(step);
    if (!next) return here.key ?? firstLineOf(text, here);
    here = next;
  }
  return spanOf(text, here, place.on);
}

/** The offsets of a value or of its key: those of the key where the value is nothing, or takes several lines. */
export function spanOf(text: string, spans: SpanTree, on: 'key' | 'value'): Span {
  const isBetterByKey = on === 'key' || spans.start === spans.end || isMultiline(text, spans);
  return spans.key && isBetterByKey ? spans.key : spans;
}

/** The value at a path; null: the path leads nowhere. */
export function spansAt(root: SpanTree | null, path: Path): SpanTree | null {
  let spans = root;
  for (const step of path) spans = spans?.children.get(step) ?? null;
  return spans;
}

/** A block below its key, or of several lines, is better pointed at by the key. */
const isMultiline = (text: string, { form, key, start, end }: SpanTree): boolean =>
  form === 'collection' &&
  text
    .slice(key ? key.end : start, end)
    .trimEnd()
    .includes('\n');

const firstLineOf = (text: string, span: Span): Span => {
  const end = text.indexOf('\n', span.start);
  return { start: span.start, end: end < 0 ? span.end : Math.min(end, span.end) };
};

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return starts;
}

function toLocation(text: string, lines: readonly number[], span: Span): LineSpan {
  const start = Math.min(Math.max(span.start, 0), text.length);
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lines[middle] ?? 0) <= start) low = middle;
    else high = middle - 1;
  }
  const lineStart = lines[low] ?? 0;
  const marked = text.slice(start, Math.max(span.end, start)).split(/\r?\n/, 1)[0] ?? '';
  return {
    line: low + 1,
    column: countCodePoints(text.slice(lineStart, start)) + 1,
    length: Math.max(1, countCodePoints(marked.trimEnd())),
  };
}

const countCodePoints = (text: string): number => [...text].length;

/** Values to be written over parts of a text, by where each part begins. */
export type TextEdits = Map<number, Span & { readonly value: Json }>;

/** The text with the parts replaced by their values as JSON. */
export function applyEdits(text: string, edits: TextEdits): string {
  let result = '';
  let done = 0;
  for (const { start, end, value } of [...edits.values()].sort((a, b) => a.start - b.start)) {
    const lineBreak = text.slice(start, end).endsWith('\n') ? '\n' : '';
    result += text.slice(done, start) + JSON.stringify(value) + lineBreak;
    done = end;
  }
  return result + text.slice(done);
}
