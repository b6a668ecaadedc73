import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { type SourceCursor, type SourceDiagnosticReporter, valueOfCursor } from '../../cursor.ts';

/** A TOS byte as a number or in hex: a multiple of 4, because its two lowest bits are ECN's; null: not written, or reported. */
export function readTos(node: SourceCursor, report: SourceDiagnosticReporter): number | null {
  if (typeof node.value !== 'number' && typeof node.value !== 'string') return null;
  const tos = /^(?:0x[0-9a-f]{1,2}|\d{1,3})$/i.test(String(node.value)) ? Number(node.value) : Number.NaN;
  if (tos > 0 && tos <= 0xfc && tos % 4 === 0) return tos;
  const message = `${JSON.stringify(node.value)} is not a TOS`;
  const hint = 'write a multiple of 4 up to 252, such as 0x10: the two lowest bits are not part of it';
  report(makeDiagnostic('bad-value', valueOfCursor(node), message, { hint }));
  return null;
}
