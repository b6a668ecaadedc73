import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import type { NumberRange } from '../../../model/instruction.ts';
import { type SourceCursor, type SourceDiagnosticReporter, valueOfCursor } from '../../cursor.ts';

/** `80` or `8000-8100` between 0 and `most`. `what` names it in a message; null: not written, or reported. */
export function readNumberRange(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
  { what, most }: { readonly what: string; readonly most: number },
): NumberRange | null {
  if (typeof node.value !== 'number' && typeof node.value !== 'string') return null;
  const match = /^(\d{1,10})(?:-(\d{1,10}))?$/.exec(String(node.value));
  const first = Number(match?.[1]);
  const last = Number(match?.[2] ?? match?.[1]);
  if (match && first <= last && last <= most) return { first, last };
  const message = `${JSON.stringify(node.value)} is not ${what}`;
  report(makeDiagnostic('bad-value', valueOfCursor(node), message, { hint: `write 80 or 80-90, at most ${most}` }));
  return null;
}
