import { escapeUnprintable } from '../escape.ts';

/** Rows as lines with aligned columns; the last is not padded. */
export const tableLines = (rows: readonly (readonly string[])[]): readonly string[] =>
  alignCells(rows.map((row) => row.map((cell) => [cell]))).map(([line = '']) => line);

/** What is longer does not move the columns of the other rows. */
const WIDEST = 40;

/** Rows of cells of several lines each: the lines of every row, with the columns of all aligned. */
export function alignCells(rows: readonly (readonly (readonly string[])[])[]): readonly (readonly string[])[] {
  const cells = rows.map((row) => row.map((cell) => cell.map(escapeUnprintable)));
  const count = Math.max(0, ...cells.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, i) =>
    Math.max(0, ...cells.map((row) => Math.min(longest(row[i]), WIDEST))),
  );
  return cells.map((row) => {
    const height = Math.max(1, ...row.map((cell) => cell.length));
    return Array.from({ length: height }, (_, line) =>
      widths
        .flatMap((width, i) => (width === 0 ? [] : [(row[i]?.[line] ?? '').padEnd(Math.max(width, longest(row[i])))]))
        .join('   ')
        .trimEnd(),
    );
  });
}

const longest = (cell: readonly string[] = []): number => Math.max(0, ...cell.map((text) => text.length));
