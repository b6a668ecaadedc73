import { checkCodes } from '../../model/diagnostics/check-codes.ts';
import type { Diagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { DiagnosticFile } from '../../model/diagnostics/diagnostic-file.ts';
import type { SourceLocation } from '../../model/diagnostics/source-location.ts';
import { escapeControl } from '../../model/values/escape-control.ts';
import { sortDiagnostics } from '../text/diagnostics.ts';

/** A place in a file: line and column from 1, the length in code points. */
type FindingPlace = { readonly line: number; readonly column: number; readonly length: number };

/** A diagnostic with its code and its place, as other programs list it. `at` null: it has no place in the file. */
export type Finding = Pick<Diagnostic, 'check' | 'severity' | 'message' | 'hint' | 'foreign'> & {
  readonly code: string;
  readonly file: string;
  readonly at: FindingPlace | null;
  /** Other places that explain it. */
  readonly related: readonly { readonly file: string; readonly at: FindingPlace; readonly message: string }[];
};

/** The diagnostics of a file in its order, each once. */
export function listFindings(diagnostics: readonly Diagnostic[], source: DiagnosticFile): readonly Finding[] {
  const placeOf = (place: SourceLocation): { readonly file: string; readonly at: FindingPlace } => {
    const { within, line, column, length } = source.locate(place);
    return { file: within?.file ?? source.file, at: { line, column, length } };
  };
  return sortDiagnostics(diagnostics, source).map(({ check, severity, message, hint, foreign, at, related }) => ({
    code: checkCodes[check],
    check,
    severity,
    message,
    hint,
    foreign,
    ...(at ? placeOf(at) : { file: source.file, at: null }),
    related: related.map((one) => ({ ...placeOf(one.at), message: one.message })),
  }));
}

/** What is wrong, and in a line of its own what to do about it. */
export const findingText = ({ message, hint }: Pick<Finding, 'message' | 'hint'>): string =>
  hint === null ? message : `${message}\n${hint}`;

/** One line per finding, with its place, and a line for its remedy: no line of the file, which may hold a secret. */
export const findingLines = (findings: readonly Finding[]): readonly string[] =>
  findings.flatMap(({ file, at, severity, message, code, hint }) => {
    const place = at === null ? file : `${file}:${at.line}:${at.column}`;
    const kind = severity === 'warning' ? 'warning: ' : '';
    const line = escapeControl(`${place}: ${kind}${message} [${code}]`);
    return hint === null ? [line] : [line, `  = ${escapeControl(hint)}`];
  });
