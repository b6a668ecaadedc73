import { spawnSync } from 'node:child_process';
import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { catchErrno } from '../errno.ts';
import { setCloseOnExec } from '../libc.ts';

/** One call of a plugin: its program, its six variables, and what it reads. */
export type PluginCall = {
  readonly path: string;
  readonly variables: { readonly [name: `CNI_${string}`]: string };
  readonly input: string;
  readonly timeoutMs: number;
};

/** How a plugin ended. `problem`: it did not end by itself, as a clause about `it`; null: with `exitCode`. */
export type PluginOutcome = {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly problem: string | null;
  /** It did not end in time. */
  readonly isLate: boolean;
  /** Processes that it started go on. */
  readonly leavesProcesses: boolean;
};

const MAX_OUTPUT_BYTES = 1 << 20;

/**
 * Runs a plugin in a process group of its own, with a clean environment. It has ended when its process has, whatever it
 * started in the background: its input and output are files without a name, which no reader waits for.
 */
export function runPlugin({ path, variables, input, timeoutMs }: PluginCall): PluginOutcome {
  const [stdin, stdout, stderr] = [openUnnamedFile(), openUnnamedFile(), openUnnamedFile()];
  try {
    writeAtStart(stdin, Buffer.from(input));
    setCloseOnExec();
    const { status, signal, error, pid } = spawnSync(path, [], {
      cwd: '/',
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', ...variables },
      stdio: [stdin, stdout, stderr],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      // A group of its own: the option is that of spawn, and spawn_sync.cc takes it too.
      ...{ detached: true },
    });
    const isLate = error !== undefined && 'code' in error && error.code === 'ETIMEDOUT';
    const leavesProcesses = pid > 0 && signalGroup(pid, isLate ? 'SIGKILL' : 0);
    const output = { stdout: readAll(stdout), stderr: readAll(stderr), isLate, leavesProcesses };
    if (isLate) {
      const problem = `it had not ended after ${timeoutMs / 1000} s, and was killed with all that it had started`;
      return { exitCode: null, problem, ...output };
    }
    if (error) return { exitCode: null, problem: `it could not be started: ${error.message}`, ...output };
    return { exitCode: status, problem: signal === null ? null : `it was ended by ${signal}`, ...output };
  } finally {
    for (const fd of [stdin, stdout, stderr]) closeSync(fd);
  }
}

/** Whether a process group had members. */
const signalGroup = (pid: number, signal: NodeJS.Signals | 0): boolean =>
  catchErrno(['ESRCH', 'EPERM'], () => process.kill(-pid, signal)) ?? false;

// fcntl.h: a file without a name (open(2)).
const O_TMPFILE = 0o20200000;

/** A file without a name, in memory where there is such a file system. */
function openUnnamedFile(): number {
  for (const folder of ['/dev/shm', '/run', '/tmp']) {
    const fd = catchErrno(['ENOENT', 'EOPNOTSUPP', 'EISDIR', 'EACCES', 'EROFS'], () =>
      openSync(folder, constants.O_RDWR | O_TMPFILE, 0o600),
    );
    if (fd !== null) return fd;
  }
  return openSync('/var/tmp', constants.O_RDWR | O_TMPFILE, 0o600);
}

/** Without moving the offset, which the child shares. */
const writeAtStart = (fd: number, bytes: Buffer): void => void writeSync(fd, bytes, 0, bytes.length, 0);

function readAll(fd: number): string {
  const bytes = Buffer.alloc(Math.min(fstatSync(fd).size, MAX_OUTPUT_BYTES));
  return bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, 0));
}
