import { closeSync, constants, ftruncateSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { EXIT, netformError } from '../model/error.ts';
import { checkPrivateFile, ensurePrivateFolder, type Store } from './store.ts';

/** How the lock of all runs is taken: for which command, and how long to wait for it. */
export type LockOptions = {
  /** Takes the exclusive lock of an open file without waiting; false when another process has it. */
  readonly flock: (fd: number) => boolean;
  /** What is being done, for the message that another one gets: `apply topologies/red.yaml`. */
  readonly command: string;
  /** How long to wait for the other one; 0: not at all. */
  readonly timeoutMs: number;
  /** Called when the lock is held by another run: reports the wait, and awaits it. */
  readonly whileWaiting?: (waiting: Promise<void>) => Promise<void>;
};

const RETRY_MS = 100;

/**
 * Runs `work` while holding the lock of this machine; the kernel frees it when the process dies, so the file stays for
 * ever. Throws E_LOCKED (exit 8), naming who holds it, since when and doing what.
 */
export async function withLock<T>(store: Store, options: LockOptions, work: () => Promise<T> | T): Promise<T> {
  ensurePrivateFolder(store, store.run);
  const path = join(store.run, 'lock');
  checkPrivateFile(store, path);
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  try {
    if (!options.flock(fd)) {
      const waiting = waitForLock(fd, path, options);
      await (options.timeoutMs > 0 && options.whileWaiting ? options.whileWaiting(waiting) : waiting);
    }
    ftruncateSync(fd, 0);
    writeSync(fd, `${process.pid}\n${options.command}\n${new Date().toISOString()}\n`, 0);
    return await work();
  } finally {
    closeSync(fd);
  }
}

/** Whether a process holds the lock now, as far as this process can see (/proc/locks). Does not take it. */
export function isLockHeld(store: Store): boolean {
  const file = statSync(join(store.run, 'lock'), { throwIfNoEntry: false });
  if (!file) return false;
  const locks = readFileSync('/proc/locks', 'utf8').split('\n');
  return locks.some((line) => line.includes(' FLOCK ') && line.includes(`:${file.ino} `));
}

/**
 * Whether a run changes this machine, or did less than `ms` milliseconds ago: the lock is held, or was taken that recently.
 */
export function isRunRecent(store: Store, ms: number): boolean {
  const file = statSync(join(store.run, 'lock'), { throwIfNoEntry: false });
  return file !== undefined && (Date.now() - file.mtimeMs < ms || isLockHeld(store));
}

/** The run that took the lock last: `process 12 (apply red.yaml), since 2026-…`; `another run` when that cannot be read. */
export const lastLockHolder = (store: Store): string => holderText(join(store.run, 'lock'));

async function waitForLock(fd: number, path: string, { flock, timeoutMs }: LockOptions): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!flock(fd)) {
    const left = deadline - Date.now();
    if (left <= 0) throw lockError(path);
    await setTimeout(Math.min(RETRY_MS, left));
  }
}

const lockError = (path: string): Error =>
  netformError('E_LOCKED', EXIT.locked, `netform is at work already: ${holderText(path)}`, {
    hint: 'wait for it, or give --lock-timeout a longer time',
  });

function holderText(path: string): string {
  const [pid = '', command = '', since = ''] = readFileSync(path, 'utf8').split('\n');
  return pid === '' ? 'another run' : `process ${pid} (${command}), since ${since}`;
}
