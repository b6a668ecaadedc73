import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { parseSeconds } from '../../model/values/duration.ts';
import { type SourceCursor, type SourceDiagnosticReporter, valueOfCursor } from '../cursor.ts';
import { describePath } from '../schema-errors.ts';

/** Seconds from `600`, `600s`, `10m` or `1h`, within a range. Null when nothing, or nothing valid, is written. */
export function readSeconds(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
  range: { readonly first: number; readonly last: number },
): number | null {
  // A plain number has been checked against the schema.
  if (typeof node.value === 'number') return node.value;
  if (typeof node.value !== 'string') return null;
  const seconds = parseSeconds(node.value);
  if (seconds !== null && seconds >= range.first && seconds <= range.last) return seconds;
  const message =
    seconds === null
      ? `${describePath(node.path)} must be a time, not "${node.value}"`
      : `${describePath(node.path)} must be from ${range.first} to ${range.last} seconds, not ${seconds}`;
  report(
    makeDiagnostic('bad-value', valueOfCursor(node), message, {
      hint: seconds === null ? 'write 600, 600s, 10m or 1h' : null,
    }),
  );
  return null;
}

/** Milliseconds from `20ms` or `1s`, from 1 to `most`. Null when nothing, or nothing valid, is written. */
export function readMilliseconds(node: SourceCursor, report: SourceDiagnosticReporter, most: number): number | null {
  if (typeof node.value !== 'string' && typeof node.value !== 'number') return null;
  const match = /^(\d{1,9})\s*(ms|s)$/.exec(String(node.value));
  const value = match ? Number(match[1]) * (match[2] === 's' ? 1000 : 1) : 0;
  if (value >= 1 && value <= most) return value;
  const message = match
    ? `${describePath(node.path)} must be from 1 to ${most} ms, not ${node.value}`
    : `${describePath(node.path)} must be a time with its unit, not ${JSON.stringify(node.value)}`;
  report(makeDiagnostic('bad-value', valueOfCursor(node), message, { hint: match ? null : 'write 20ms or 1s' }));
  return null;
}
