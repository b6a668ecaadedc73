import type { Diagnostic } from './diagnostic.ts';
import type { SourceLocation, SourceLocator } from './source-location.ts';

/** The file that diagnostics are about: what it is called, its text, and how places are found in it. */
export type DiagnosticFile = {
  readonly file: string;
  readonly text: string;
  readonly locate: SourceLocator;
  /** Whether all of the file was checked; false: it could not be read to its end. */
  readonly isWhole?: boolean;
  /** Whether a place stands for several; mistakes of one kind there are one mistake. Left out: no place does. */
  readonly isShared?: (place: SourceLocation) => boolean;
};

/** The diagnostics of a file, and of the machine for it, with the text and the locator that show their positions. */
export type TopologyDiagnostics = DiagnosticFile & { readonly diagnostics: readonly Diagnostic[] };
