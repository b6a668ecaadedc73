import type { Diagnostic } from '../model/diagnostic.ts';
import { EXIT } from '../model/error.ts';
import type { Draft } from './draft.ts';

/** What was found in a file, and against the machine, with what is needed to point at it. */
export type Findings = {
  readonly file: string;
  readonly source: Draft['source'];
  readonly diagnostics: readonly Diagnostic[];
};

/** The findings of a draft, with more that were made later. */
export const findingsOf = (draft: Draft, more: readonly Diagnostic[] = []): Findings => ({
  file: draft.file,
  source: draft.source,
  diagnostics: [...draft.diagnostics, ...more],
});

/** The exit code that the findings ask for: 0 when they are warnings only, 7 when something foreign is in the way. */
export function exitCodeOf(diagnostics: readonly Diagnostic[]): number {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
  if (errors.length === 0) return EXIT.done;
  return errors.some((diagnostic) => diagnostic.foreign) ? EXIT.foreign : EXIT.topology;
}
