import { printable } from './printable.ts';

/**
 * Rows of cells as lines with aligned columns, two or three spaces between them, nothing at the end of a line. The last
 * column is never padded. A cell wider than `WIDEST` moves only its own line.
 */
export function columns(rows: readonly (readonly string[])[], gap = 3): readonly string[] {
  const cells = rows.map((row) => row.map(printable));
  const count = Math.max(0, ...cells.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, i) => widthOf(cells, i));
  return cells.map((row) =>
    row
      .map((cell, i) => (i === count - 1 || widths[i] === 0 ? cell : cell.padEnd((widths[i] ?? 0) + gap)))
      .join('')
      .trimEnd(),
  );
}

const WIDEST = 32;

const widthOf = (rows: readonly (readonly string[])[], column: number): number =>
  Math.max(0, ...rows.map((row) => row[column]?.length ?? 0).filter((width) => width <= WIDEST));
