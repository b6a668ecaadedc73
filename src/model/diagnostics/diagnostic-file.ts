import type { Diagnostic } from './diagnostic.ts';
import type { SourceLocator } from './source-location.ts';

/** The file that diagnostics are about: what it is called, its text, and how places are found in it. */
export type DiagnosticFile = { readonly file: string; readonly text: string; readonly locate: SourceLocator };

/** What was found in a file, and against the machine, with what is needed to point at it. */
export type TopologyDiagnostics = DiagnosticFile & { readonly diagnostics: readonly Diagnostic[] };
