import { createInterface } from 'node:readline/promises';

/** Whether there is a person who can be asked. */
export const isAsked = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true;

/** Asks on stderr; only `y` and `yes` are a yes. */
export async function confirm(question: string): Promise<boolean> {
  // Not as a terminal: control-C then ends the program, as nothing has been changed.
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  try {
    const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
    return /^y(es)?$/i.test((await Promise.race([lines.question(`${question} [y/N] `), ended])).trim());
  } finally {
    lines.close();
  }
}
