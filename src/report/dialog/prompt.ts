import { createInterface } from 'node:readline/promises';

/** Whether there is a person who can be asked. */
export const isInteractive = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true;

/** Asks on stderr; only `y` and `yes` are a yes. */
export const promptYesNo = async (question: string): Promise<boolean> =>
  /^y(es)?$/i.test(await readAnswer(`${question} [y/N] `));

/** Asks for a name to be typed. */
export const promptForName = async (question: string, name: string): Promise<boolean> =>
  (await readAnswer(`${question} Type its name to go on: `)) === name;

async function readAnswer(question: string): Promise<string> {
  // Not as a terminal: Ctrl-C then ends the program, as nothing has been changed.
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  try {
    const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
    return (await Promise.race([lines.question(question), ended])).trim();
  } finally {
    lines.close();
  }
}
