import { escapeControl } from '../../model/values/escape-control.ts';
import { jsonLine } from '../json/answer.ts';
import { stdoutWriter } from './watch-screen.ts';

/** Writes the lines of programs to standard output; the function gives false when its reader has ended. */
export function programLinesOutput(
  form: 'plain' | 'prefixed' | 'json',
): (program: string, lines: readonly string[]) => boolean {
  const write = stdoutWriter();
  const textOf = (program: string, line: string): string => {
    if (form === 'json') return jsonLine({ program, line });
    // A program may write what would change the terminal.
    const text = process.stdout.isTTY === true ? escapeControl(line) : line;
    return `${form === 'prefixed' ? `${program}: ` : ''}${text}\n`;
  };
  return (program, lines) => write(lines.map((line) => textOf(program, line)).join(''));
}
