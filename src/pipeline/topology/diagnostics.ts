import type { Diagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { TopologyDiagnostics } from '../../model/diagnostics/diagnostic-file.ts';
import { EXIT } from '../../model/error.ts';
import type { TopologyResolution } from './resolve.ts';

/** The findings of a draft, with more that were made later. */
export const toTopologyDiagnostics = (
  draft: TopologyResolution,
  more: readonly Diagnostic[] = [],
): TopologyDiagnostics => ({
  file: draft.file,
  text: draft.source.text,
  locate: draft.source.locate,
  isWhole: draft.source.isWhole,
  isShared: draft.source.isShared,
  diagnostics: [...draft.diagnostics, ...more],
});

/** The exit code that the findings ask for: 0 when they are warnings only, 7 when something foreign is in the way. */
export function diagnosticsExitCode(diagnostics: readonly Diagnostic[]): number {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
  if (errors.length === 0) return EXIT.done;
  return errors.some((diagnostic) => diagnostic.foreign) ? EXIT.foreign : EXIT.topology;
}

/** Without the warnings. */
export const errorsOnly = (findings: TopologyDiagnostics): TopologyDiagnostics => ({
  ...findings,
  diagnostics: findings.diagnostics.filter(({ severity }) => severity === 'error'),
});
