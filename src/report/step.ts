import { printable } from './printable.ts';

/** From so many namespaces on, work takes long enough to be told before it starts. */
const MANY = 150;
/** After so many milliseconds of a command, whatever it does next is told. */
const QUIET_MS = 500;
const ERASE_LINE = '\r\x1b[K';

/** Whether standard error is no place for a line of ours: something else draws there, or a program reads. */
export const terminal = { isTaken: false };

/** How many namespaces are concerned, or what takes as long. */
type Size = number;

/** What `work` gives. A terminal is told on standard error what is being done; the line goes when it is done. */
export function step<T>(title: string, size: Size, work: () => T): T {
  const end = beginStep(title, size);
  try {
    return work();
  } finally {
    end();
  }
}

/**
 * The same for work that goes on elsewhere; gives what ends it. The line is written at once, because most work does not
 * come back in between; one inside another takes its place for a while.
 */
export function beginStep(title: string, size: Size): () => void {
  const isQuick = size < MANY && performance.now() < QUIET_MS;
  const isDrawn = process.stderr.isTTY === true && process.env['TERM'] !== 'dumb' && !terminal.isTaken;
  if (isQuick || !isDrawn) return () => {};
  titles.push(title);
  draw();
  return () => {
    titles.pop();
    draw();
  };
}

/** As `size`: a file of so many bytes takes as long as so many namespaces. */
export const sizeOfFile = (bytes: number): Size => bytes / BYTES_A_NAMESPACE;

const BYTES_A_NAMESPACE = 100;

const titles: string[] = [];

/** A line that is wrapped could not be erased. */
function draw(): void {
  const most = (process.stderr.columns || 80) - 1;
  process.stderr.write(`${ERASE_LINE}${printable(titles.at(-1) ?? '').slice(0, most)}`);
}
