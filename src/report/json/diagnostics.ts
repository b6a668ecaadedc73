import type { Diagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { DiagnosticFile } from '../../model/diagnostics/diagnostic-file.ts';
import type { Spec } from '../../model/json.ts';
import { listFindings } from '../findings/finding.ts';

/** Diagnostics as JSON, in the order of the file: lines and columns from 1, null for one without a position. */
export const diagnosticsJson = (diagnostics: readonly Diagnostic[], source: DiagnosticFile): readonly Spec[] =>
  listFindings(diagnostics, source).map(({ code, related, ...rest }) => ({
    code,
    ...rest,
    related: related.map(({ file, ...one }) => (file === source.file ? one : { file, ...one })),
  }));
