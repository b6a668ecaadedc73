import type { LabView } from '../../model/results/lab-view.ts';
import { jsonLine } from '../json/answer.ts';
import { labJson } from '../text/labs.ts';

/** Writes to standard output; false: its reader has closed it. */
export type OutputWriter = (text: string | Buffer) => boolean;

/** A writer to standard output for which a reader that ends (`| head`) is not an error. */
export function stdoutWriter(): OutputWriter {
  let isOpen = true;
  process.stdout.on('error', () => {
    isOpen = false;
  });
  return (text) => {
    if (isOpen && text.length > 0) process.stdout.write(text);
    return isOpen;
  };
}

/** Writes pages of text: on a terminal each in the place of the one before, else below it after an empty line. */
function screenWriter(): OutputWriter {
  const write = stdoutWriter();
  if (process.stdout.isTTY !== true) {
    let between = '';
    return (text) => {
      const page = `${between}${text}`;
      between = '\n';
      return write(page);
    };
  }
  write(CLEAR);
  return (text) =>
    write(`${HOME}${fitToRows(`${text}`, process.stdout.rows).replaceAll('\n', `${TO_END_OF_LINE}\n`)}${BELOW}`);
}

/** Shows a lab each time that it has changed, as a page of text or as a line of JSON. */
export function watchScreen(json: boolean, textOf: (view: LabView) => string): (view: LabView) => boolean {
  const write = json ? stdoutWriter() : screenWriter();
  return (view) => write(json ? jsonLine(labJson(view)) : textOf(view));
}

const CLEAR = '\u001b[2J';
const HOME = '\u001b[H';
const TO_END_OF_LINE = '\u001b[K';
const BELOW = '\u001b[J';

function fitToRows(text: string, rows: number): string {
  const lines = text.split('\n');
  const most = rows - 2;
  if (!(most > 0) || lines.length <= most) return text;
  return [...lines.slice(0, most), `… and ${lines.length - most} more lines`, ''].join('\n');
}
