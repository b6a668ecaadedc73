import { createRequire } from 'node:module';
import { isAbsolute } from 'node:path';
import { invariant } from '../../model/error.ts';
import { setCloseOnExec } from '../libc.ts';

const require = createRequire(import.meta.url);
const MAX_OUTPUT_BYTES = 1 << 20;

/** A program to run to its end, with its arguments and limits. */
export type ProgramInvocation = {
  /** Absolute path. */
  readonly file: string;
  readonly args: readonly string[];
  /** Added to a PATH of the system's folders and LC_ALL=C; nothing of our own environment is handed on. */
  readonly env: Readonly<Record<string, string>>;
  readonly input: string;
  readonly timeoutMs: number;
  /** The most that it may write; left out: 1 MiB. */
  readonly maxOutputBytes?: number;
  /** How its output becomes text: `latin1` gives one character for each byte. Left out: as UTF-8. */
  readonly encoding?: 'latin1';
};

/** How a program ended, and what it wrote. */
export type ProgramResult = {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it did not end by itself, or did not start; null when it ended with `exitCode`. */
  readonly problem: string | null;
};

/** Runs a program to its end: no shell, a clean environment, none of our descriptors, no more output than it may write. */
export function runProgram(program: ProgramInvocation): ProgramResult {
  invariant(isAbsolute(program.file), `${program.file} is not an absolute path`);
  // Loaded here: it takes 80 ms, and a lab without plugins never needs it.
  const { execaSync }: typeof import('execa') = require('execa');
  setCloseOnExec();
  const result = execaSync(program.file, program.args, {
    cwd: '/',
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', ...program.env },
    extendEnv: false,
    input: program.input,
    timeout: program.timeoutMs,
    maxBuffer: program.maxOutputBytes ?? MAX_OUTPUT_BYTES,
    ...(program.encoding === undefined ? {} : { encoding: program.encoding, stripFinalNewline: false }),
    reject: false,
  });
  return {
    exitCode: result.exitCode ?? null,
    stdout: result.stdout,
    stderr: result.stderr,
    problem: result.exitCode === undefined ? (result.shortMessage ?? 'it did not start') : null,
  };
}
