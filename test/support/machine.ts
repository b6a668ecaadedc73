import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { takeSnapshot } from './snapshot/index.ts';

/** What a finished command left: its exit code (128+n for signal n) and what it printed. */
export type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

export type RunOptions = {
  /** Given on standard input; nothing when absent. */
  readonly input?: string;
  readonly cwd?: string;
  /** Added to the environment of the test run. */
  readonly env?: Readonly<Record<string, string>>;
};

/** A throwaway machine: its own network, mounts, processes, `/run`, `/etc` and `/var/lib`. */
export type Machine = {
  /** Runs a shell script in it; never throws because of its exit code. */
  readonly sh: (script: string, options?: RunOptions) => Promise<Ended>;
  /** Runs a shell script in it and gives what it printed; throws, with its error output, unless it exits 0. */
  readonly must: (script: string, options?: RunOptions) => Promise<string>;
  /** Runs `netform` in it. */
  readonly netform: (args: readonly string[], options?: RunOptions) => Promise<Ended>;
  /** Everything about its network and the files that netform writes, as canonical text. */
  readonly snapshot: () => Promise<string>;
  /** Starts a program that goes on in the background, ended with the machine at the latest. */
  readonly start: (argv: readonly string[]) => ChildProcess;
};

export const repository = fileURLToPath(new URL('../..', import.meta.url));

/** Gives `body` a fresh machine and ends it, with everything in it, however `body` ends. */
export async function withMachine<T>(body: (machine: Machine) => Promise<T>): Promise<T> {
  const holder = spawn('sh', [`${repository}scripts/machine.sh`, 'sh', '-c', 'echo ready; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    await ready(holder);
    return await body(machineIn(() => namespacesOf(holder.pid ?? 0)));
  } finally {
    const closed = once(holder, 'close');
    holder.stdin.destroy();
    holder.kill('SIGKILL');
    if (holder.exitCode === null && holder.signalCode === null) await closed;
  }
}

function ready(holder: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    holder.stdout?.once('data', () => resolve());
    holder.once('error', reject);
    holder.once('exit', (code) =>
      reject(new Error(`no throwaway machine (exit ${code}): run the tests with "npm test", or as root`)),
    );
  });
}

/** The machine into which nsenter(1) leads with these arguments, a command behind them. */
export function machineIn(enter: () => readonly string[]): Machine {
  const start = (argv: readonly string[], options: RunOptions = {}) =>
    spawn('nsenter', [...enter(), 'sh', '-c', 'cd "$0" && exec "$@"', options.cwd ?? repository, ...argv], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env },
    });
  const run = (argv: readonly string[], options: RunOptions = {}) => collect(start(argv, options), options.input ?? '');
  const sh = (script: string, options?: RunOptions) => run(['sh', '-c', script], options);
  const must = async (script: string, options?: RunOptions) => {
    const ended = await sh(script, options);
    if (ended.code !== 0) throw new Error(`exit ${ended.code}: ${script}\n${ended.stdout}${ended.stderr}`);
    return ended.stdout;
  };
  return {
    sh,
    must,
    netform: (args, options) => run([process.execPath, `${repository}bin/run.js`, ...args], options),
    snapshot: () => takeSnapshot(must),
    start: (argv) => start(argv),
  };
}

/** The unshare process stays outside of the process namespace that it made, so that one is entered by its other name. */
function namespacesOf(pid: number): readonly string[] {
  const ns = `/proc/${pid}/ns`;
  return [`--mount=${ns}/mnt`, `--net=${ns}/net`, `--pid=${ns}/pid_for_children`, '--'];
}

function collect(child: ChildProcess, input: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const out = { stdout: '', stderr: '' };
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      out.stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      out.stderr += text;
    });
    child.stdin?.on('error', () => {}).end(input);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 128, ...out }));
  });
}
