import { spawnSync } from 'node:child_process';
import { PROGRAM_PATH } from '../../../model/kernel/program-path.ts';
import { findProgram } from '../../process/find-program.ts';

/** Why there is no namespace to work in: a clause, and what to do about it. */
export type PlaceAbsence = { readonly why: string; readonly remedy: string };

/** A process whose network is looked for, as its runtime knows it. */
export type ContainerProcess = { readonly id: string; readonly startedAt: string; readonly pid: number };

/** What is there by each of some names of one runtime. */
export type RuntimeAnswers = ReadonlyMap<string, ContainerProcess | PlaceAbsence>;

/** Asks a runtime about containers by their names. Never throws. */
export type AskRuntime = (names: readonly string[]) => RuntimeAnswers;

/** What a runtime's own program printed; a `PlaceAbsence` when it cannot be asked. */
export function askProgram(program: string, argv: readonly string[]): ProgramAnswer | PlaceAbsence {
  const file = findProgram(program);
  if (file === null) {
    return {
      why: `there is no program ${program} on this machine`,
      remedy: `install it, or name the container by pid: or path:`,
    };
  }
  const { error, stdout, stderr } = spawnSync(file, argv, {
    ...{ encoding: 'utf8', cwd: '/', timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES, killSignal: 'SIGKILL' },
    env: environment(process.env),
  });
  if (error && stdout === null)
    return { why: `${program} cannot be run: ${error.message}`, remedy: `try: ${program} ps` };
  if (error) return { why: `${program} did not answer within ${TIMEOUT_MS / 1000} s`, remedy: `try: ${program} ps` };
  return { stdout, stderr: stderr.trim() };
}

type ProgramAnswer = { readonly stdout: string; readonly stderr: string };

const TIMEOUT_MS = 10_000;
const MAX_OUTPUT_BYTES = 64 << 20;

/** That of the user, but never a runtime of another machine: its pids would be others' here. */
function environment({ HOME = '/root', DOCKER_HOST = '', CONTAINERD_ADDRESS }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...{ PATH: PROGRAM_PATH, LC_ALL: 'C', HOME, DOCKER_CONTEXT: 'default' },
    ...(DOCKER_HOST.startsWith('unix://') ? { DOCKER_HOST, DOCKER_CONTEXT: '' } : {}),
    ...(CONTAINERD_ADDRESS === undefined ? {} : { CONTAINERD_ADDRESS }),
  };
}

/** One line of what a program complained. */
export const firstLine = (text: string): string => text.split('\n')[0]?.trim() ?? '';
