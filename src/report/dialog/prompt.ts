import { createInterface } from 'node:readline/promises';

/** Whether a person can be asked: standard input and standard error are a terminal. */
export const isInteractive = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true;

/** Asks a question on stderr; true for `y` and `yes`. */
export const promptYesNo = async (question: string): Promise<boolean> =>
  /^y(es)?$/i.test(await readAnswer(`${question} [y/N] `));

/** Asks on stderr to type a name; true when it was typed exactly. */
export const promptForName = async (question: string, name: string): Promise<boolean> =>
  (await readAnswer(`${question} Type its name to continue: `)) === name;

async function readAnswer(question: string): Promise<string> {
  // Not as a terminal: Ctrl-C then ends the program at once, before anything is changed.
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  try {
    const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
    return (await Promise.race([lines.question(question), ended])).trim();
  } finally {
    lines.close();
  }
}
