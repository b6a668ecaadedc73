/** Where topologies come from. It never changes the source. */
export type ReconcileSource = {
  /** The newest commit, verified, with its files kept; `applied`: the commit that it has to come after, null: none. */
  readonly fetch: (applied: string | null) => FetchResult;
  /** Why the source cannot be reached; null: it can. */
  readonly problem: () => string | null;
};

/** A commit, or the content of a folder: its id, and the folder (by its name) in which its files are kept. */
export type Revision = { readonly commit: string; readonly tree: string };

/** `unreachable`: another time it may work; `refused`: another commit has to come. */
export type FetchResult =
  | ({ readonly kind: 'revision' } & Revision)
  | { readonly kind: 'unreachable'; readonly problem: string }
  | { readonly kind: 'refused'; readonly commit: string; readonly reason: string; readonly problem: string };

/** The most files, and the most bytes of them together, that are taken from a source. */
export const SOURCE_LIMITS = { files: 2000, bytes: 32 * 1024 * 1024 };

/** Whether the path of a file of a source can be used as it is: no part of it leads elsewhere, none has control characters. */
export const isPlainPath = (path: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  !/[\u0000-\u001f\u007f\ufffd\\]/.test(path) &&
  path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && part.toLowerCase() !== '.git');
