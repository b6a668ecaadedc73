import { escapeControl } from './escape-control.ts';

/**
 * Rows of cells as lines with aligned columns, two or three spaces between them, nothing at the end of a line. The last
 * column is never padded. A cell wider than `WIDEST` moves only its own line.
 */
export function alignColumns(rows: readonly (readonly string[])[], gap = 3): readonly string[] {
  const cells = rows.map((row) => row.map(escapeControl));
  const count = Math.max(0, ...cells.map((row) => row.length));
  const used = Array.from({ length: count }, (_, i) => i).filter((i) => cells.some((row) => row[i]));
  const widths = used.map((i) => columnWidth(cells, i));
  const space = ' '.repeat(gap);
  return cells.map((row) =>
    used
      .map((i, column) => (row[i] ?? '').padEnd(widths[column] ?? 0))
      .join(space)
      .trimEnd(),
  );
}

const WIDEST = 32;

const columnWidth = (rows: readonly (readonly string[])[], column: number): number =>
  Math.max(0, ...rows.map((row) => row[column]?.length ?? 0).filter((width) => width <= WIDEST));
