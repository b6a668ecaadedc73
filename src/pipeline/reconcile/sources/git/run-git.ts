import { homedir } from 'node:os';
import { findProgram } from '../../../../kernel/process/find-program.ts';
import { type ProgramResult, runProgram } from '../../../../kernel/process/run-program.ts';
import { EXIT, netformError } from '../../../../model/error.ts';

/** What git is asked. */
export type GitCall = {
  readonly args: readonly string[];
  readonly input?: string;
  readonly timeoutMs?: number;
  readonly maxOutputBytes?: number;
  readonly encoding?: 'latin1';
};

/** Nothing that a repository, or the configuration of a distribution, says is run or asked for (git-config(1)). */
const SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.attributesFile=/dev/null',
  'protocol.ext.allow=never',
  'gc.auto=0',
  'maintenance.auto=false',
  'fetch.fsckObjects=true',
  'fetch.recurseSubmodules=false',
  'submodule.recurse=false',
  'gpg.program=/bin/false',
  'gpg.x509.program=/bin/false',
];

const ENVIRONMENT = {
  GIT_ALLOW_PROTOCOL: 'https:ssh:file',
  GIT_TERMINAL_PROMPT: '0',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_NO_LAZY_FETCH: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_SSH_COMMAND: 'ssh -oBatchMode=yes',
};

const TIMEOUT_MS = 120_000;

/** Runs git(1) on a bare repository, without a shell, a prompt or a hook. Throws E_NO_PROGRAM where it is not installed. */
export function runGit(repository: string | null, call: GitCall): ProgramResult {
  const file = findProgram('git');
  if (file === null)
    throw netformError('E_NO_PROGRAM', EXIT.internal, 'git is not installed', { hint: 'apt-get install git' });
  const { args, input = '', timeoutMs = TIMEOUT_MS, ...more } = call;
  const place = repository === null ? [] : [`--git-dir=${repository}`];
  const settings = SETTINGS.flatMap((one) => ['-c', one]);
  const env = { ...ENVIRONMENT, HOME: homedir() };
  return runProgram({ file, args: [...settings, ...place, ...args], env, input, timeoutMs, ...more });
}

/** What git said about a failure, in one line, without what may be secret in an address. */
export function gitProblem({ stderr, problem, exitCode }: ProgramResult): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const said = lines.find((line) => /^(?:fatal|error):/.test(line)) ?? lines.at(-1) ?? problem ?? `exit ${exitCode}`;
  return said.replaceAll(/\/\/[^/@\s]+@/g, '//…@').slice(0, MOST_CHARACTERS);
}

const MOST_CHARACTERS = 300;
