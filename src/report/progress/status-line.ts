import { escapeControl } from '../../model/values/escape-control.ts';

/** From so many namespaces on, work takes long enough to be told before it starts. */
const MIN_SIZE = 150;
/** After so many milliseconds of a command, whatever it does next is told. */
const QUIET_MS = 500;
const ERASE_LINE = '\r\x1b[K';

/** Whether standard error is no place for a line of ours: something else draws there, or a program reads. */
export const stderrTerminal = { isTaken: false };

/** How many namespaces are concerned, or what takes as long. */
type WorkSize = number;

/**
 * Shows on a terminal's standard error what is being done; the returned function erases it. The line is written at once,
 * because most work does not yield; a line inside another replaces it until it ends.
 */
export function beginStatusLine(title: string, size: WorkSize): () => void {
  const isQuick = size < MIN_SIZE && performance.now() < QUIET_MS;
  const isDrawn = process.stderr.isTTY === true && process.env['TERM'] !== 'dumb' && !stderrTerminal.isTaken;
  if (isQuick || !isDrawn) return () => {};
  statusTitles.push(title);
  drawStatusLine();
  return () => {
    statusTitles.pop();
    drawStatusLine();
  };
}

const statusTitles: string[] = [];

/** A line that is wrapped could not be erased. */
function drawStatusLine(): void {
  const most = (process.stderr.columns || 80) - 1;
  process.stderr.write(`${ERASE_LINE}${escapeControl(statusTitles.at(-1) ?? '').slice(0, most)}`);
}
