import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { type SourceCursor, type SourceDiagnosticReporter, valueOfCursor } from '../../cursor.ts';

/** `5` (destination) or `3/5` (source and destination), each up to 65535; null: not written, or reported. */
export function readRealms(node: SourceCursor, report: SourceDiagnosticReporter): string | null {
  if (typeof node.value !== 'number' && typeof node.value !== 'string') return null;
  const match = /^(?:(\d{1,5})\/)?(\d{1,5})$/.exec(String(node.value));
  const [source, target] = [Number(match?.[1] ?? 0), Number(match?.[2])];
  if (match && source <= MOST && target <= MOST) return source === 0 ? String(target) : `${source}/${target}`;
  const message = `${JSON.stringify(node.value)} is not a realm`;
  report(
    makeDiagnostic('bad-value', valueOfCursor(node), message, { hint: 'write 5, or "3/5" with the one of the source' }),
  );
  return null;
}

const MOST = 0xffff;
