import type { Diagnostic } from '../model/diagnostics/diagnostic.ts';
import { invariant } from '../model/error.ts';
import { sameJson } from '../model/json.ts';
import { lexemes, readDocument, SCALAR_LEXEME } from './document.ts';

/**
 * A topology's text with even spacing: one blank where YAML needs one, inside braces and none inside brackets, at most one
 * empty line, and comments behind values in one column where lines with such follow each other. What it says, its
 * comments, their order and its indentation stay. `text` null: it cannot be read.
 */
export function formatTopology(text: string): {
  readonly text: string | null;
  readonly diagnostics: readonly Diagnostic[];
} {
  const before = readDocument(text);
  if (before.diagnostics.length > 0) return { text: null, diagnostics: before.diagnostics };
  const formatted = `${alignComments(collapseEmptyLines(toFormatLines(text)))
    .join('\n')
    .trimEnd()}\n`;
  const after = readDocument(formatted);
  invariant(after.spans !== null && sameJson(after.value, before.value), 'formatting changed what the file says');
  return { text: formatted, diagnostics: [] };
}

/** `opaque`: it begins inside a value of several lines. */
type FormatLine = { readonly code: string; readonly comment: string | null; readonly opaque: boolean };

/** Lines with even spacing, each with the comment behind its code apart. One that is all comment is code. */
function toFormatLines(text: string): readonly FormatLine[] {
  const lines: FormatLine[] = [];
  let [code, comment, opaque]: [string, string | null, boolean] = ['', null, false];
  const end = (next: boolean) => {
    lines.push({ code: opaque ? code : code.trimEnd(), comment, opaque });
    [code, comment, opaque] = ['', null, next];
  };
  for (const { piece, kind, space } of toFormatTokens(text)) {
    if (kind === 'break') end(false);
    else if (kind === 'comment' && code.trim() !== '') comment = piece.trimEnd();
    else {
      const [first = '', ...more] = piece.split('\n');
      code += space + first;
      for (const part of more) {
        end(true);
        code = part;
      }
    }
  }
  end(false);
  return lines;
}

/** `space`: what stands before it on its line. */
type FormatToken = {
  readonly piece: string;
  readonly kind: 'mark' | 'value' | 'comment' | 'break';
  readonly space: string;
};

function toFormatTokens(text: string): readonly FormatToken[] {
  const pieces: FormatToken[] = [];
  let [space, isScalar] = ['', false];
  for (const lexeme of lexemes(text.replaceAll('\r\n', '\n'))) {
    if (lexeme === SCALAR_LEXEME) isScalar = true;
    else if (!MARKERS.has(lexeme)) {
      const kind = isScalar ? 'value' : tokenKind(lexeme);
      isScalar = false;
      if (kind === 'space') space += lexeme;
      else {
        const last = pieces.at(-1);
        pieces.push({ piece: lexeme, kind, space: spaceBetween(last, { piece: lexeme, kind, space }) });
        space = '';
      }
    }
  }
  return pieces;
}

function tokenKind(lexeme: string): FormatToken['kind'] | 'space' {
  if (lexeme.startsWith('#')) return 'comment';
  if (/^\n+$/.test(lexeme)) return 'break';
  if (/^[ \t]+$/.test(lexeme)) return 'space';
  return /^[[\]{},:]$/.test(lexeme) ? 'mark' : 'value';
}

/** The space before a token. The first of a line, and the one after a list's dash, keep their column: it gives the nesting. */
function spaceBetween(last: FormatToken | undefined, next: FormatToken): string {
  const isMark = (piece: FormatToken, among: string): boolean => piece.kind === 'mark' && among.includes(piece.piece);
  if (last === undefined || last.kind === 'break' || next.kind === 'break' || next.kind === 'comment')
    return next.space;
  if (isMark(last, '{')) return isMark(next, '}') ? '' : ' ';
  if (isMark(next, '}')) return ' ';
  if (isMark(last, '[') || isMark(next, '],')) return '';
  // Before a colon a blank can be needed: behind an alias.
  if (isMark(next, ':')) return next.space === '' ? '' : next.space.slice(0, Number(last.piece.startsWith('*')));
  return isMark(last, ',:') ? ' ' : next.space;
}

/** Tokens of the lexer that are not text of the file: the beginning of a document, the end of a broken flow, a BOM. */
const MARKERS: ReadonlySet<string> = new Set(['\u0002', '\u0018', '\ufeff']);

/** Keeps the first of consecutive empty lines, and none at the beginning. */
const collapseEmptyLines = (lines: readonly FormatLine[]): readonly FormatLine[] =>
  lines.filter((line, i) => !isEmptyLine(line) || (i > 0 && !isEmptyLine(lines[i - 1])));

const isEmptyLine = (line: FormatLine | undefined): boolean =>
  line !== undefined && !line.opaque && line.code === '' && line.comment === null;

/** Comments behind code, in runs of lines that have one, in the column that the longest of these needs. */
function alignComments(lines: readonly FormatLine[]): readonly string[] {
  const widths: number[] = [];
  for (const [i, { comment }] of lines.entries()) {
    if (comment === null || i < widths.length) continue;
    const end = lines.findIndex((line, at) => at > i && line.comment === null);
    const run = lines.slice(i, end < 0 ? lines.length : end);
    widths.length = i;
    widths.push(...run.map(() => Math.max(...run.map(({ code }) => code.length))));
  }
  return lines.map(({ code, comment }, i) => (comment === null ? code : `${code.padEnd(widths[i] ?? 0)}  ${comment}`));
}
