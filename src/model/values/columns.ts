import { displayWidth, padToWidth } from './display-width.ts';
import { escapeControl } from './escape-control.ts';

/** Spaces between two columns. */
const GAP = 3;
/** A cell wider than this moves the columns of its own row only. */
const WIDEST = 32;

/** Spaces between two columns, and the width of the widest cell that widens its column. */
export type ColumnOptions = { readonly gap?: number; readonly widest?: number };

/**
 * Rows of cells as lines with aligned columns and nothing at the end of a line. Control characters are escaped; a column
 * that is empty in every row is left out; the last column is never padded.
 */
export const alignColumns = (rows: readonly (readonly string[])[], options: ColumnOptions = {}): readonly string[] =>
  alignCells(
    rows.map((row) => row.map((cell) => [cell])),
    options,
  ).map(([line = '']) => line);

/** The lines of every row, as `alignColumns` makes them, for cells of several lines each. */
export function alignCells(
  rows: readonly (readonly (readonly string[])[])[],
  { gap = GAP, widest = WIDEST }: ColumnOptions = {},
): readonly (readonly string[])[] {
  const cells = rows.map((row) => row.map((cell) => cell.map(escapeControl)));
  const count = Math.max(0, ...cells.map((row) => row.length));
  const columns = Array.from({ length: count }, (_, i) =>
    columnOf(
      cells.map((row) => row[i] ?? []),
      widest,
    ),
  );
  const space = ' '.repeat(gap);
  return cells.map((row) => {
    const height = Math.max(1, ...row.map((cell) => cell.length));
    return Array.from({ length: height }, (_, line) =>
      columns
        .flatMap(({ isUsed, width }, i) =>
          isUsed ? [padToWidth(row[i]?.[line] ?? '', Math.max(width, widthOf(row[i])))] : [],
        )
        .join(space)
        .trimEnd(),
    );
  });
}

function columnOf(
  cells: readonly (readonly string[])[],
  widest: number,
): { readonly isUsed: boolean; readonly width: number } {
  const widths = cells.map(widthOf);
  return {
    isUsed: widths.some((width) => width > 0),
    width: Math.max(0, ...widths.filter((width) => width <= widest)),
  };
}

const widthOf = (cell: readonly string[] = []): number => Math.max(0, ...cell.map(displayWidth));
