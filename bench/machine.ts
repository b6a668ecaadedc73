import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../test/support/machine.ts';
import { readSamples, type Sample } from './results.ts';

export type MachineRun = { readonly samples: readonly Sample[]; readonly failure: string | null };

const MOST_MS = 600_000;
const liveMachines = new Set<ChildProcess>();

/** Runs a script for `sh -e` in a throwaway machine of its own; `$CLOCK` and `$LINKS` are in its environment. */
export async function runInMachine(script: string, folder: string): Promise<MachineRun> {
  const [out, log] = [join(folder, 'samples'), join(folder, 'log')];
  for (const path of [out, log]) rmSync(path, { force: true });
  const code = await inMachine(PRELUDE + script, { BENCH_OUT: out, CLOCK: join(folder, 'clock'), LOG: log });
  const samples = existsSync(out) ? readSamples(readFileSync(out, 'utf8')) : [];
  if (code === 0) return { samples, failure: null };
  return { samples, failure: `exit ${code}: ${lastLine(existsSync(log) ? readFileSync(log, 'utf8') : '')}` };
}

/** What a script prints that is run in a throwaway machine. Throws when it fails. */
export async function outputOf(argv: readonly string[]): Promise<string> {
  const child = start(argv, {}, ['ignore', 'pipe', 'pipe']);
  const parts: string[] = [];
  const errors: string[] = [];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => parts.push(text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(lastLine(errors.join('')));
  return parts.join('');
}

/**
 * Waits until the kernel has removed the namespaces of machines that ended. It does so one batch after the other, so
 * when two of our own have gone, one made after the other, all that came before them have.
 */
export const waitForCleanup = async (): Promise<void> => void (await inMachine(SETTLE, { LOG: '/dev/null' }));

/** Ends every machine that is still there, with all that is in it. */
export function endMachines(): void {
  for (const child of liveMachines) child.kill('SIGKILL');
}

/** Everything that a script prints goes to the log. */
const PRELUDE = `exec >>"$LOG" 2>&1
export LINKS=$(($(wc -l </proc/net/dev) - 2))
`;

const SETTLE = `for i in 1 2; do
  ip netns add last
  ip link add near$i type veth peer name far netns last
  ip netns delete last
  while ip link show near$i; do sleep 0.02; done
done >/dev/null 2>&1`;

async function inMachine(script: string, env: Readonly<Record<string, string>>): Promise<number> {
  const child = start(['sh', '-ec', script], env, ['ignore', 'ignore', 'pipe']);
  child.stderr?.on('data', (bytes: Buffer) => env['LOG'] && appendFileSync(env['LOG'], bytes));
  const timer = setTimeout(() => child.kill('SIGKILL'), MOST_MS);
  const [code] = await once(child, 'close');
  clearTimeout(timer);
  return code ?? 128;
}

type Streams = ['ignore', 'ignore' | 'pipe', 'pipe'];

function start(argv: readonly string[], env: Readonly<Record<string, string>>, stdio: Streams): ChildProcess {
  const machine = join(repository, 'scripts', 'machine.sh');
  // A group of its own: an interrupt from the terminal ends this program, which then ends its machines.
  const child = spawn('sh', [machine, ...argv], {
    cwd: repository,
    stdio,
    env: { ...process.env, ...env },
    detached: true,
  });
  liveMachines.add(child);
  child.once('close', () => liveMachines.delete(child));
  return child;
}

/** Of a program of Node, what it threw; otherwise the end. */
function lastLine(text: string): string {
  const all = text.trim().split('\n');
  const thrown = all.find((line) => /^\w*Error\b/.test(line));
  return (thrown ?? all.slice(-2).join(' ')).slice(-300) || 'nothing was said';
}
