import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { readInteger, readString, type SourceCursor, type SourceDiagnosticReporter, valueOfCursor } from '../cursor.ts';

/** RT_TABLE_MAIN of linux/rtnetlink.h. */
export const MAIN_TABLE_NUMBER = 254;
const TABLES: { readonly [name: string]: number } = { main: MAIN_TABLE_NUMBER, default: 253, local: 255 };

/** A routing table by number, or one of the three that have a name. */
export function readTable(node: SourceCursor, report: SourceDiagnosticReporter): number | null {
  if (typeof node.value === 'number') return readInteger(node);
  const written = readString(node);
  if (written === null) return null;
  const known = Object.hasOwn(TABLES, written) ? TABLES[written] : undefined;
  if (known !== undefined) return known;
  const message = `there is no routing table ${JSON.stringify(written)}`;
  report(
    makeDiagnostic('bad-value', valueOfCursor(node), message, { hint: 'write a number, or main, default or local' }),
  );
  return null;
}
