import { spawn } from 'node:child_process';
import { repository } from '../test/support/machine.ts';

/** How a process ended: its exit code, or the signal that ended it. */
export type ProcessExit = { readonly code: number | null; readonly signal: string | null; readonly text: string };

type ProcessOptions = {
  readonly fault?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signalAfter?: readonly [NodeJS.Signals, number];
};

/** A run in a process of its own: `apply FILE`, `destroy LAB`, `plan FILE`. */
export const spawnRunner = (args: readonly string[], manner: ProcessOptions = {}): Promise<ProcessExit> =>
  spawnNode([`${repository}dist-campaign/campaign/runner.js`, ...args], manner);

/** The command itself, as it is shipped. */
export const spawnNetform = (args: readonly string[], manner: ProcessOptions = {}): Promise<ProcessExit> =>
  spawnNode([`${repository}bin/run.js`, ...args], manner);

function spawnNode(args: readonly string[], { fault, signalAfter, env: more }: ProcessOptions): Promise<ProcessExit> {
  const env = { ...process.env, ...more, ...(fault === undefined ? {} : { NETFORM_FAULT: fault }) };
  const child = spawn(process.execPath, args, { cwd: '/', env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (more) => {
      text += more;
    });
  }
  const timer = signalAfter && setTimeout(() => child.kill(signalAfter[0]), signalAfter[1]);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, text });
    });
  });
}
