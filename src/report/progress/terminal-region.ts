import { truncateToWidth } from '../../model/values/display-width.ts';
import { escapeControl } from '../../model/values/escape-control.ts';

const ERASE_LINE = '\r\x1b[K';
const ONE_LINE_UP = '\x1b[1A';

/** Draws lines at the end of a terminal's output, in the place of those that it drew before; no lines erase them. */
export type TerminalRegion = (lines: readonly string[]) => void;

/**
 * A region of lines that are cut to the size of the terminal, since a line that is wrapped could not be erased. A serial
 * console does not know its size: it gets one line of 79 columns.
 */
export function createTerminalRegion(stream: NodeJS.WriteStream): TerminalRegion {
  let drawn: readonly string[] = [];
  return (lines) => {
    const isSizeKnown = stream.columns > 0;
    const shown = lines
      .slice(0, isSizeKnown ? Math.max(1, (stream.rows || 24) - 1) : 1)
      .map((line) => truncateToWidth(escapeControl(line), (stream.columns || 80) - 1));
    if (shown.join('\n') === drawn.join('\n')) return;
    const erase = `${ERASE_LINE}${`${ONE_LINE_UP}${ERASE_LINE}`.repeat(Math.max(0, drawn.length - 1))}`;
    drawn = shown;
    stream.write(`${erase}${shown.join('\n')}`);
  };
}
