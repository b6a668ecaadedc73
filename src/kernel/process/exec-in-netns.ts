import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync } from 'node:fs';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { catchErrno, errorCode, sysError } from '../errno.ts';
import { cString, enterNetns, MNT_DETACH, MS_BIND, MS_REC, setCloseOnExec, systemCall } from '../libc.ts';
import { hostNetnsFd, inNetns, openNetns } from '../netns/netns.ts';

// sched.h, linux/mount.h
const CLONE_NEWNS = 0x20000;
const MS_RDONLY = 1;
const MS_SLAVE = 1 << 19;
// fcntl.h
const F_SETFD = 2;
const F_GETFL = 3;
const F_SETFL = 4;
const O_NONBLOCK = 0o4000;

const native = {
  execvp: systemCall('execvp', 'int execvp(const char*, const char**)'),
  fcntl: systemCall('fcntl', 'int fcntl(int, int, ...)'),
  mount: systemCall('mount', 'int mount(str, str, str, uint64_t, void*)'),
  setns: systemCall('setns', 'int setns(int, int)'),
  signal: systemCall('signal', 'int64_t signal(int, void*)'),
  umount2: systemCall('umount2', 'int umount2(str, int)'),
  unshare: systemCall('unshare', 'int unshare(int)'),
};

/** A program and what it is given; never a line for a shell. */
export type NetnsCommand = { readonly netns: string; readonly argv: readonly [string, ...(readonly string[])] };

/**
 * Becomes a program inside a namespace, as `ip netns exec` does: this process goes on as it, with its number, its terminal
 * and its environment, so signals and the exit code need no help. Of `host`: where it is. Comes back only when the program
 * cannot be run, with the errno of execvp(3). Throws ENXIO when there is no such namespace.
 */
export function execInNetns({ netns, argv }: NetnsCommand): string {
  if (netns !== 'host') {
    const fd = requireNetns(netns);
    enterNetns(fd);
    closeSync(fd);
    unshareMounts(netns);
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
export function spawnInNetns({ netns, argv }: NetnsCommand, take: NetnsOutputHandler): NetnsChild {
  const child = spawnChild({ netns, argv });
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
  return netns === 'host' ? section() : inNetns(fd, () => withPrivateMounts(netns, section));
}

/** Receives the output of a program as it comes. */
export type NetnsOutputHandler = (stream: 'stdout' | 'stderr', chunk: Buffer) => void;

export type NetnsChild = {
  /** Its exit code, 128+n of one that signal n ended; the errno of one that could not be run. */
  readonly ended: Promise<number | string>;
  /** Sends a signal to it and to what it has started. */
  readonly signal: (name: NodeJS.Signals) => void;
};

function spawnChild({ netns, argv: [file, ...args] }: NetnsCommand): ChildProcessByStdio<null, Readable, Readable> {
  const start = () => spawn(file, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  setCloseOnExec();
  if (netns === 'host') return start();
  const fd = requireNetns(netns);
  try {
    return inNetns(fd, () => withPrivateMounts(netns, start));
  } finally {
    closeSync(fd);
  }
}

function requireNetns(netns: string): number {
  hostNetnsFd();
  const fd = openNetns(netns);
  if (fd === null || fd === 'dead') throw sysError('ENXIO', `there is no namespace ${netns}`);
  return fd;
}

/** Runs `section` in its own mount namespace, then returns to the former one and to the working directory. */
function withPrivateMounts<T>(netns: string, section: () => T): T {
  const [mounts, folder] = [openSync('/proc/thread-self/ns/mnt', 'r'), process.cwd()];
  try {
    unshareMounts(netns);
    return section();
  } finally {
    // Entering mounts leads to their root.
    native.setns(mounts, CLONE_NEWNS);
    process.chdir(folder);
    closeSync(mounts);
  }
}

/** Gives this thread mounts of its own, where /sys and /etc are those of the namespace that it is in. */
function unshareMounts(netns: string): void {
  native.unshare(CLONE_NEWNS);
  native.mount('', '/', 'none', MS_SLAVE | MS_REC, null);
  mountSys(netns);
  bindFiles(`/etc/netns/${netns}`);
}

/** A sysfs shows the devices of the namespace that it was mounted in. One that cannot be taken away is covered. */
function mountSys(netns: string): void {
  const gone = catchErrno(['EINVAL', 'EPERM'], () => native.umount2('/sys', MNT_DETACH)) !== null;
  const mountAs = (flags: number) => native.mount(cString(netns), '/sys', 'sysfs', flags, null);
  // One that is read-only must not be covered by one that is not.
  if (gone) mountAs(0);
  else if (catchErrno(['EPERM', 'EROFS'], () => mountAs(0)) === null) mountAs(MS_RDONLY);
}

/** Mounts the files of /etc/netns/NAME over those of the same name in /etc. A file that /etc does not have is skipped. */
function bindFiles(folder: string): void {
  for (const name of catchErrno(['ENOENT', 'ENOTDIR'], () => readdirSync(folder)) ?? [])
    if (existsSync(`/etc/${name}`)) native.mount(`${folder}/${name}`, `/etc/${name}`, 'none', MS_BIND, null);
}

/** Node closes its standard streams to programs that follow, and may have made them non-blocking. */
function makeInheritable(fd: number): void {
  native.fcntl(fd, F_SETFD, 'int', 0);
  native.fcntl(fd, F_SETFL, 'int', native.fcntl(fd, F_GETFL) & ~O_NONBLOCK);
}
