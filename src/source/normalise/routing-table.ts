import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { RT_TABLE_DEFAULT, RT_TABLE_LOCAL, RT_TABLE_MAIN } from '../../model/kernel/rtnetlink.ts';
import { readInteger, readString, type SourceCursor, type SourceDiagnosticReporter, valueOfCursor } from '../cursor.ts';

const TABLES: { readonly [name: string]: number } = {
  main: RT_TABLE_MAIN,
  default: RT_TABLE_DEFAULT,
  local: RT_TABLE_LOCAL,
};

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
