import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { catchErrno, errorCode, sysError } from '../errno.ts';
import { cString, enterNetns, setCloseOnExec, systemCall } from '../libc.ts';
import { hostNetnsFd, inNetns, openNetns } from '../netns/netns.ts';
import { requirePlace } from '../netns/places/resolve-places.ts';
import { unshareMounts, withPrivateMounts } from './private-mounts.ts';

// fcntl.h
const F_SETFD = 2;
const F_GETFL = 3;
const F_SETFL = 4;
const O_NONBLOCK = 0o4000;

const native = {
  execvp: systemCall('execvp', 'int execvp(const char*, const char**)'),
  fcntl: systemCall('fcntl', 'int fcntl(int, int, ...)'),
  signal: systemCall('signal', 'int64_t signal(int, void*)'),
};

/** A program and what it is given; never a line for a shell. */
export type NetnsCommand = {
  readonly netns: string;
  /** The container, such as `docker:db`, that the namespace is; left out: it has a name under /run/netns. */
  readonly place?: string | null;
  readonly argv: readonly [string, ...(readonly string[])];
};

/**
 * Becomes a program inside a namespace, as `ip netns exec` does: this process goes on as it, with its number, its terminal
 * and its environment, so signals and the exit code need no help. Of `host`: where it is. Comes back only when the program
 * cannot be run, with the errno of execvp(3). Throws ENXIO when there is no such namespace, or its container does not run.
 */
export function execInNetns({ netns, place = null, argv }: NetnsCommand): string {
  if (netns !== 'host') {
    const fd = requireNetns(netns, place);
    enterNetns(fd);
    closeSync(fd);
    unshareMounts({ netns });
  }
  setCloseOnExec();
  for (const fd of [0, 1, 2]) catchErrno(['EBADF'], () => makeInheritable(fd));
  // Node ignores these, and what is ignored stays so in the program that follows.
  for (const ignored of [constants.signals.SIGPIPE, constants.signals.SIGXFSZ]) native.signal(ignored, null);
  try {
    native.execvp(cString(argv[0]), [...argv.map(cString), null]);
    return 'EINVAL';
  } catch (error) {
    return errorCode(error) ?? 'EINVAL';
  }
}

/**
 * Starts a program inside a namespace as `become` does, but as a child in a session of its own, with nothing on its
 * standard input. Throws ENXIO when there is no such namespace.
 */
export function spawnInNetns(command: NetnsCommand, take: NetnsOutputHandler): NetnsChild {
  const child = spawnChild(command);
  child.stdout.on('data', (chunk) => take('stdout', chunk));
  child.stderr.on('data', (chunk) => take('stderr', chunk));
  const ended = new Promise<number | string>((resolve) => {
    child.once('error', (error) => resolve(errorCode(error) ?? 'EINVAL'));
    child.once('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
  });
  return {
    ended,
    signal: (name) => void (child.pid && catchErrno(['ESRCH'], () => process.kill(-(child.pid ?? 0), name))),
  };
}

/** Runs `section` as a program of a namespace would run: in its network, with its own hosts and resolv.conf. */
export function inNetnsMounts<T>({ netns, fd }: { readonly netns: string; readonly fd: number }, section: () => T): T {
  return netns === 'host' ? section() : inNetns(fd, () => withPrivateMounts({ netns }, section));
}

/** Receives the output of a program as it comes. */
export type NetnsOutputHandler = (stream: 'stdout' | 'stderr', chunk: Buffer) => void;

export type NetnsChild = {
  /** Its exit code, 128+n of one that signal n ended; the errno of one that could not be run. */
  readonly ended: Promise<number | string>;
  /** Sends a signal to it and to what it has started. */
  readonly signal: (name: NodeJS.Signals) => void;
};

function spawnChild({
  netns,
  place = null,
  argv: [file, ...args],
}: NetnsCommand): ChildProcessByStdio<null, Readable, Readable> {
  const start = () => spawn(file, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  setCloseOnExec();
  if (netns === 'host') return start();
  const fd = requireNetns(netns, place);
  try {
    return inNetns(fd, () => withPrivateMounts({ netns }, start));
  } finally {
    closeSync(fd);
  }
}

function requireNetns(netns: string, place: string | null): number {
  hostNetnsFd();
  if (place !== null) return requirePlace(place);
  const fd = openNetns(netns);
  if (fd === null || fd === 'dead') throw sysError('ENXIO', `there is no namespace ${netns}`);
  return fd;
}

/** Node closes its standard streams to programs that follow, and may have made them non-blocking. */
function makeInheritable(fd: number): void {
  native.fcntl(fd, F_SETFD, 'int', 0);
  native.fcntl(fd, F_SETFL, 'int', native.fcntl(fd, F_GETFL) & ~O_NONBLOCK);
}
