import type { Diagnostic } from '../model/diagnostics/diagnostic.ts';
import type { TopologyLoadResult } from '../source/load.ts';
import { checkLab } from './checks.ts';
import { elaborateTopology } from './language.ts';

/**
 * What is wrong with a topology that has mistakes of form: those, and what breaks the rules of a lab without being a
 * consequence of them. Warnings wait until the file is right.
 */
export function checkDraft({ diagnostics, draft, isConsequence }: TopologyLoadResult): readonly Diagnostic[] {
  if (draft === null) return diagnostics;
  const lab = elaborateTopology(draft, {});
  const found = [...lab.problems, ...checkLab(draft, lab)];
  return [...diagnostics, ...found.filter((one) => one.severity === 'error' && !isConsequence(one))];
}
