import type { Diagnostic } from '../model/diagnostics/diagnostic.ts';
import type { LabDiagnosticReporter } from './model.ts';

/** Collects mistakes; one that is found on several ways (a name that every namespace uses) is kept once. */
export function createDiagnosticCollector(): {
  readonly report: LabDiagnosticReporter;
  readonly problems: () => readonly Diagnostic[];
} {
  const found = new Map<string, Diagnostic>();
  return {
    report: (problem) => {
      const key = JSON.stringify([problem.check, problem.at, problem.message]);
      if (!found.has(key)) found.set(key, problem);
    },
    problems: () => [...found.values()],
  };
}
