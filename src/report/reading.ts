/** Fewer namespaces are read before anybody wonders. */
const MANY = 150;
const ERASE_LINE = '\r\x1b[K';

/** Whether something else writes to the terminal now and then, which a line of ours would tear. */
export const terminal = { isTaken: false };

/**
 * What `read` gives. It does not come back in between, so a terminal is told before it starts what takes so long, when
 * there are many namespaces; the line goes when it is done.
 */
export function reading<T>(namespaces: number, read: () => T): T {
  if (namespaces < MANY || process.stderr.isTTY !== true || terminal.isTaken) return read();
  process.stderr.write(`reading ${namespaces} namespaces`);
  try {
    return read();
  } finally {
    process.stderr.write(ERASE_LINE);
  }
}
