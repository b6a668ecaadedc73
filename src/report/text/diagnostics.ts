import { checkCodes } from '../../model/diagnostics/check-codes.ts';
import type { Diagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { DiagnosticFile } from '../../model/diagnostics/diagnostic-file.ts';
import type { LineSpan, SourceLocator } from '../../model/diagnostics/source-location.ts';
import { displayWidth } from '../../model/values/display-width.ts';
import { escapeControl } from '../../model/values/escape-control.ts';
import { type Paint, plainPaint } from './colour.ts';

/**
 * Diagnostics as a person reads them, sorted by place, a blank line between two: `file:line:col: message [NF2103]`, the
 * lines with carets below (dashes for related places), and what to do after `=`.
 */
export function diagnosticsText(
  diagnostics: readonly Diagnostic[],
  source: DiagnosticFile,
  paint: Paint = plainPaint,
): string {
  const lines = source.text.split(/\r?\n/);
  const page = { file: source.file, locate: source.locate, lines, paint };
  const all = sortDiagnostics(diagnostics, source);
  const inTheWay = all.filter(({ foreign }) => foreign);
  const left = new Set(inTheWay.slice(MAX_FOREIGN_SHOWN));
  const texts = all.filter((one) => !left.has(one)).map((one) => `${diagnosticText(one, page)}\n`);
  const rest = `… and ${left.size} more things that are there already; --json names them all\n`;
  const unchecked = source.isWhole === false ? ['Fix this first: the rest of the file was not checked.\n'] : [];
  return [...texts, ...(left.size > 0 ? [rest] : []), ...unchecked].join('\n');
}

/** A whole lab that is there already is understood from fewer. */
const MAX_FOREIGN_SHOWN = 20;

/** In the order of the file, each once. Those of one kind at a place that stands for several are one, which says how many. */
export function sortDiagnostics(
  diagnostics: readonly Diagnostic[],
  { locate, isShared = () => false }: DiagnosticFile,
): readonly Diagnostic[] {
  const placed = new Map<
    string,
    {
      readonly one: Diagnostic;
      readonly file: string;
      readonly line: number;
      readonly column: number;
      messages: Set<string>;
    }
  >();
  for (const one of diagnostics) {
    const { line, column, within } = one.at ? locate(one.at) : { line: Number.MAX_SAFE_INTEGER, column: 0 };
    const file = within?.file ?? '';
    const place = `${file}:${line}:${column}:${one.check}`;
    const key = one.at && isShared(one.at) ? place : `${place}:${one.message}`;
    const known = placed.get(key);
    if (known) known.messages.add(one.message);
    else placed.set(key, { one, file, line, column, messages: new Set([one.message]) });
  }
  return [...placed.values()]
    .sort((a, b) => compareFiles(a.file, b.file) || a.line - b.line || a.column - b.column)
    .map(({ one, messages }) => (messages.size > 1 ? withCount(one, messages.size - 1) : one));
}

/** The main file ('') comes first. */
const compareFiles = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const fileOf = ({ within }: LineSpan): string => within?.file ?? '';

const withCount = (one: Diagnostic, more: number): Diagnostic => ({
  ...one,
  message: `${one.message} (and ${more} more like it)`,
});

type ExcerptPage = {
  readonly file: string;
  readonly locate: SourceLocator;
  readonly lines: readonly string[];
  readonly paint: Paint;
};

type ExcerptMark = LineSpan & { readonly sign: '^' | '-'; readonly note: string };

function diagnosticText(diagnostic: Diagnostic, page: ExcerptPage): string {
  const { at, message, severity, check, related } = diagnostic;
  const { paint } = page;
  const place = at && page.locate(at);
  const ownFile = place?.within?.file ?? page.file;
  const where = place ? `${ownFile}:${place.line}:${place.column}` : ownFile;
  const kind = severity === 'warning' ? `${paint('yellow', 'warning:')} ` : '';
  const head = `${paint('bold', escapeControl(`${where}:`))} ${kind}${escapeControl(message)} ${paint('dim', `[${checkCodes[check]}]`)}`;
  const marks: readonly ExcerptMark[] = [
    ...related.map((one): ExcerptMark => ({ ...page.locate(one.at), sign: '-', note: one.message })),
    ...(place ? [{ ...place, sign: '^', note: '' } as const] : []),
  ].sort((a, b) => compareFiles(fileOf(a), fileOf(b)) || a.line - b.line || a.column - b.column);
  const gutter = Math.max(4, ...marks.map(({ line }) => String(line).length + 2));
  const colour = severity === 'warning' ? 'yellow' : 'red';
  const excerpt = marks.flatMap((mark, i) => {
    const lines = mark.within?.text.split(/\r?\n/) ?? page.lines;
    const { line, under } = excerptOf(lines[mark.line - 1] ?? '', mark);
    const number = paint('dim', `${String(mark.line).padStart(gutter)} |`);
    const bar = paint('dim', `${' '.repeat(gutter)} |`);
    const signs = paint(mark.sign === '^' ? colour : 'dim', mark.sign.repeat(under.width));
    const note = mark.note === '' ? '' : ` ${escapeControl(mark.note)}`;
    // A second mark on one line goes below the first, unless the line was cut around it.
    const before = marks[i - 1];
    const isSameFile = before?.within?.file === mark.within?.file;
    const repeated = isSameFile && before?.line === mark.line && !under.cut;
    // Lines of another file than the message names are below that file's name.
    const isElsewhere = (mark.within?.file ?? page.file) !== (before ? (before.within?.file ?? page.file) : ownFile);
    const title = isElsewhere
      ? [`${' '.repeat(gutter)} ${paint('dim', escapeControl(`${mark.within?.file ?? page.file}:`))}`]
      : [];
    return [
      ...title,
      ...(repeated ? [] : [`${number} ${line}`.trimEnd()]),
      `${bar} ${' '.repeat(under.indent)}${signs}${note}`,
    ];
  });
  const hint = diagnostic.hint === null ? [] : [`${' '.repeat(gutter)} = ${escapeControl(diagnostic.hint)}`];
  return [head, ...excerpt, ...hint].join('\n');
}

/** How much of a long line is shown, in code points, and how much of that before the mark. */
const EXCERPT_WIDTH = 100;
const EXCERPT_LEAD = 30;

/** A line as it can be printed, cut around the mark when it is long, and how far in the mark stands below it. */
function excerptOf(
  line: string,
  mark: LineSpan,
): {
  readonly line: string;
  readonly under: { readonly indent: number; readonly width: number; readonly cut: boolean };
} {
  const characters = [...line];
  const start = mark.column - 1;
  const cut = characters.length > EXCERPT_WIDTH;
  const from = cut ? Math.max(0, Math.min(start - EXCERPT_LEAD, characters.length - EXCERPT_WIDTH)) : 0;
  const to = cut ? Math.min(characters.length, from + EXCERPT_WIDTH) : characters.length;
  const end = Math.min(start + mark.length, to);
  const part = (first: number, last: number) =>
    escapeControl(characters.slice(first, last).join('').replaceAll('\t', ' '));
  const before = `${from > 0 ? '…' : ''}${part(from, start)}`;
  const marked = part(start, end);
  const after = `${part(end, to)}${to < characters.length ? '…' : ''}`;
  return {
    line: before + marked + after,
    under: { indent: displayWidth(before), width: Math.max(1, displayWidth(marked)), cut },
  };
}
