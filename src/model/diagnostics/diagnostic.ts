import type { CheckName } from './check-codes.ts';
import type { SourceLocation } from './source-location.ts';

/** One mistake in the file, or one contradiction between the file and the machine. Collected, never thrown. */
export type Diagnostic = {
  readonly check: CheckName;
  readonly severity: 'error' | 'warning';
  /** One sentence without a full stop, lower case, with the offending value in it. */
  readonly message: string;
  /** Null when the mistake has no place in the file (the machine lacks something). */
  readonly at: SourceLocation | null;
  readonly related: readonly RelatedLocation[];
  /** What to write or do instead; null when the message says it. */
  readonly hint: string | null;
  /** Set when an object that is not ours is in the way: the run then ends with exit code 7 instead of 3. */
  readonly foreign: boolean;
};

/** Another place in the file that explains a diagnostic, with what to say about it. */
export type RelatedLocation = { readonly at: SourceLocation; readonly message: string };

/** An error about a place in the file, with the rest of a diagnostic's fields at their defaults. */
export function makeDiagnostic(
  check: CheckName,
  at: SourceLocation | null,
  message: string,
  more: Partial<Pick<Diagnostic, 'severity' | 'related' | 'hint' | 'foreign'>> = {},
): Diagnostic {
  return { check, at, message, severity: 'error', related: [], hint: null, foreign: false, ...more };
}
