import { errorCode, errorSentence } from '../../kernel/errno.ts';
import { errnoMessage } from '../../kernel/execute/errno-message.ts';
import { missingCapabilities } from '../../kernel/process/capabilities.ts';
import {
  execInNetns,
  type NetnsChild,
  type NetnsCommand,
  type NetnsOutputHandler,
  spawnInNetns,
} from '../../kernel/process/exec-in-netns.ts';
import { EXIT, netformError } from '../../model/error.ts';
import { readState } from '../../store/state.ts';
import { resolveLiveNamespace } from '../resolve/endpoint.ts';
import { resolveLabName } from '../resolve/lab.ts';
import { onSignals } from '../run/signals.ts';
import type { OfflineSession } from '../session.ts';

/** What one namespace's program left. */
export type NamespaceExit = { readonly netns: string; readonly exitCode: number };

/** This process becomes a program inside a namespace. Throws when it cannot: exit 127 when there is no such program, else 126. */
export function execProgram({ store }: OfflineSession, { netns, argv }: NetnsCommand): never {
  requireCapabilities(netns);
  const code = withEnterError(netns, () => execInNetns({ ...resolveLiveNamespace(store, netns), argv }));
  throw notRunnableError(argv[0], code);
}

/** The namespaces of a lab that is on this machine. Throws E_NO_LAB. */
export function namespacesOfLab({ store }: OfflineSession, target: string | null): readonly string[] {
  const lab = resolveLabName(store, target);
  const state = readState(store, lab);
  if (state === null) throw netformError('E_NO_LAB', EXIT.usage, `the lab ${lab} is not on this machine`);
  return [...new Set(state.resources.map(({ netns }) => netns))].filter((netns) => netns !== 'host');
}

/**
 * Runs a program inside each of some namespaces, many at a time, and gives what each left, in their order. INT, TERM and
 * HUP are handed on to all that run, and no more are begun.
 */
export async function runInNamespaces(
  { store }: OfflineSession,
  namespaces: readonly string[],
  argv: NetnsCommand['argv'],
  take: (netns: string, ...chunk: Parameters<NetnsOutputHandler>) => void,
): Promise<readonly NamespaceExit[]> {
  for (const netns of namespaces) requireCapabilities(netns);
  const waiting = namespaces.map((name) => resolveLiveNamespace(store, name)).entries();
  const running = new Set<NetnsChild>();
  const left: NamespaceExit[] = [];
  let stopped: number | null = null;
  const release = onSignals((name, exitCode) => {
    stopped ??= exitCode;
    for (const one of running) one.signal(name);
  });
  const work = async () => {
    for (const [i, { netns, place }] of waiting) {
      if (stopped !== null) {
        left[i] = { netns, exitCode: stopped };
        continue;
      }
      const one = withEnterError(netns, () =>
        spawnInNetns({ netns, place, argv }, (...chunk) => take(netns, ...chunk)),
      );
      running.add(one);
      left[i] = { netns, exitCode: programExitCode(await one.ended, (text) => take(netns, 'stderr', text), argv[0]) };
      running.delete(one);
    }
  };
  try {
    await Promise.all(Array.from({ length: MAX_CONCURRENT }, work));
    return left;
  } finally {
    release();
  }
}

const MAX_CONCURRENT = 16;
const NO_PROGRAM = 127;
const NOT_RUNNABLE = 126;

function requireCapabilities(netns: string): void {
  const lacks = netns === 'host' ? null : missingCapabilities();
  if (lacks !== null) throw netformError('E_PERMISSION', EXIT.usage, lacks, { hint: 'run it with sudo' });
}

function withEnterError<T>(netns: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const code = errorCode(error);
    if (code === null || code.startsWith('E_')) throw error;
    const sentence = errorSentence(error) ?? errnoMessage(code);
    throw netformError('E_INSIDE', EXIT.internal, `cannot enter ${netns}: ${sentence}`, { details: [String(error)] });
  }
}

const notRunnableError = (program: string, code: string): Error =>
  code === 'ENOENT'
    ? netformError('E_NO_PROGRAM', NO_PROGRAM, `there is no program ${program}`)
    : netformError('E_NO_PROGRAM', NOT_RUNNABLE, `${program} cannot be run: ${errnoMessage(code)}`);

function programExitCode(ended: number | string, complain: (text: Buffer) => void, program: string): number {
  if (typeof ended === 'number') return ended;
  complain(Buffer.from(`${notRunnableError(program, ended).message}\n`));
  return ended === 'ENOENT' ? NO_PROGRAM : NOT_RUNNABLE;
}
