import { codeOf, sentenceIn } from '../kernel/errno.ts';
import { become, type Command, type Running, startInside, type Take } from '../kernel/inside.ts';
import { mayConfigure } from '../kernel/privilege.ts';
import { generalSentence } from '../kernel/sentences.ts';
import { EXIT, netformError } from '../model/error.ts';
import { ROOTS } from '../store/roots.ts';
import { readState } from '../store/state.ts';
import { onSignals } from './signals.ts';
import { labMeant } from './target.ts';
import { namespaceMeant } from './whereabouts.ts';

/** What one namespace's program left. */
export type Left = { readonly netns: string; readonly exitCode: number };

/** This process becomes a program inside a namespace. Throws when it cannot: exit 127 when there is no such program, else 126. */
export function goInside({ netns, argv }: Command): never {
  requireRights(netns);
  const code = entering(netns, () => become({ netns: namespaceMeant(netns), argv }));
  throw notRun(argv[0], code);
}

/** The namespaces of a lab that is on this machine. Throws E_NO_LAB. */
export function namespacesOfLab(target: string | null): readonly string[] {
  const lab = labMeant(target);
  const state = readState(ROOTS, lab);
  if (state === null) throw netformError('E_NO_LAB', EXIT.usage, `the lab ${lab} is not on this machine`);
  return [...new Set(state.resources.map(({ netns }) => netns))].filter((netns) => netns !== 'host');
}

/**
 * Runs a program inside each of some namespaces, many at a time, and gives what each left, in their order. INT, TERM and
 * HUP are handed on to all that run, and no more are begun.
 */
export async function runInside(
  namespaces: readonly string[],
  argv: Command['argv'],
  take: (netns: string, ...chunk: Parameters<Take>) => void,
): Promise<readonly Left[]> {
  for (const netns of namespaces) requireRights(netns);
  const waiting = namespaces.map(namespaceMeant).entries();
  const running = new Set<Running>();
  const left: Left[] = [];
  let stopped: number | null = null;
  const release = onSignals((name, exitCode) => {
    stopped ??= exitCode;
    for (const one of running) one.signal(name);
  });
  const work = async () => {
    for (const [i, netns] of waiting) {
      if (stopped !== null) {
        left[i] = { netns, exitCode: stopped };
        continue;
      }
      const one = entering(netns, () => startInside({ netns, argv }, (...chunk) => take(netns, ...chunk)));
      running.add(one);
      left[i] = { netns, exitCode: exitCodeOf(await one.ended, (text) => take(netns, 'stderr', text), argv[0]) };
      running.delete(one);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
    return left;
  } finally {
    release();
  }
}

const AT_A_TIME = 16;
const NO_PROGRAM = 127;
const NOT_RUNNABLE = 126;

function requireRights(netns: string): void {
  const lacks = netns === 'host' ? null : mayConfigure();
  if (lacks !== null) throw netformError('E_PERMISSION', EXIT.usage, lacks, { hint: 'run it with sudo' });
}

function entering<T>(netns: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const code = codeOf(error);
    if (code === null || code.startsWith('E_')) throw error;
    const sentence = sentenceIn(error) ?? generalSentence(code);
    throw netformError('E_INSIDE', EXIT.internal, `cannot enter ${netns}: ${sentence}`, { details: [String(error)] });
  }
}

const notRun = (program: string, code: string): Error =>
  code === 'ENOENT'
    ? netformError('E_NO_PROGRAM', NO_PROGRAM, `there is no program ${program}`)
    : netformError('E_NO_PROGRAM', NOT_RUNNABLE, `${program} cannot be run: ${generalSentence(code)}`);

function exitCodeOf(ended: number | string, complain: (text: Buffer) => void, program: string): number {
  if (typeof ended === 'number') return ended;
  complain(Buffer.from(`${notRun(program, ended).message}\n`));
  return ended === 'ENOENT' ? NO_PROGRAM : NOT_RUNNABLE;
}
