/** Where a value stands in the topology: keys and indexes from the root. `['namespaces', 'red', 'routes', 0]`. */
export type Path = readonly (string | number)[];

/** A place that a message can point at: the value at a path, the key that leads to it, or raw offsets in the text. */
export type SourceLocation =
  | { readonly path: Path; readonly on: 'key' | 'value' }
  | { readonly start: number; readonly end: number };

/** The location of the value at a path. */
export const atValue = (path: Path): SourceLocation => ({ path, on: 'value' });

/** The location of the key at a path. */
export const atKey = (path: Path): SourceLocation => ({ path, on: 'key' });

/**
 * Where a place is in the text: line and column from 1, the length in code points and never beyond the line's end.
 * `within`: the included file that it is in; left out: it is in the main file.
 */
export type LineSpan = {
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly within?: { readonly file: string; readonly text: string };
};

/** Finds places in one file. A path that leads nowhere gives the nearest thing around it. */
export type SourceLocator = (place: SourceLocation) => LineSpan;
