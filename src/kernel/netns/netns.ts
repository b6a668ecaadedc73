import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  stat,
  statfsSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { invariant } from '../../model/error.ts';
import { catchErrno, sysError } from '../errno.ts';
import { enterNetns, flock, LOCK_EX, MNT_DETACH, MS_BIND, MS_REC, mount, unmount, unshareNetns } from '../libc.ts';

export const NETNS_FOLDER = '/run/netns';

const SELF = '/proc/thread-self/ns/net';
const NSFS_MAGIC = 0x6e736673;
// linux/mount.h
const MS_SHARED = 1 << 20;
const UMOUNT_NOFOLLOW = 8;

let hostFd: number | null = null;
let isFolderPrepared = false;

/** The descriptor of the namespace that this process started in. Must be called there first; kept open for ever. */
export function hostNetnsFd(): number {
  if (hostFd !== null) return hostFd;
  // The threads of Node's pool keep for ever the namespace that they are born in, and the first asynchronous call makes
  // them all: it must be made here.
  stat('/', () => {});
  const fd = openSync(SELF, 'r');
  const here = statSync(SELF, { bigint: true }).ino;
  // process.exit() inside a section skips `finally`; the other exit handlers must not run abroad.
  process.prependListener('exit', () => {
    if (statSync(SELF, { bigint: true }).ino !== here) enterNetns(fd);
  });
  hostFd = fd;
  return fd;
}

/** Runs `section` in the namespace of `fd`, and returns its result. Synchronous: throws on a promise. */
export const inNetns = <T>(fd: number, section: () => T): T => runInOtherNetns(() => enterNetns(fd), section);

/** Runs `section` in a new namespace, which exists as long as a descriptor or socket of it. Returns its result. */
export const inScratchNetns = <T>(section: () => T): T => runInOtherNetns(unshareNetns, section);

/** The file of a namespace. Throws EINVAL when the name is not one component of a path. */
export function netnsPath(name: string): string {
  if (!/^[^/\0]{1,255}$/.test(name) || name === '.' || name === '..')
    throw sysError('EINVAL', `'${name}' cannot be the name of a namespace`);
  return `${NETNS_FOLDER}/${name}`;
}

/**
 * Whether a path is a mounted namespace: an interrupted publication leaves a plain file, and a symbolic link would be
 * the namespace of another program. ENOENT when there is none.
 */
export const isNetns = (path: string): boolean =>
  !lstatSync(path).isSymbolicLink() && statfsSync(path).type === NSFS_MAGIC;

/** As `isNetns`, but also of a symbolic link to a namespace, by which containers are shown there. */
export const leadsToNetns = (path: string): boolean => statfsSync(path).type === NSFS_MAGIC;

/** The names under /run/netns, sorted. They include files that an interrupted publication left. */
export const netnsNames = (): readonly string[] =>
  (catchErrno(['ENOENT'], () => readdirSync(NETNS_FOLDER)) ?? []).toSorted();

/** Whether a name under /run/netns is a symbolic link; these are not followed. */
export const isNetnsLink = (name: string): boolean =>
  catchErrno(['ENOENT'], () => lstatSync(netnsPath(name)).isSymbolicLink()) ?? false;

/** Where a symbolic link of that name leads; null: there is none. */
export const netnsLinkTarget = (name: string): string | null =>
  catchErrno(['ENOENT', 'EINVAL'], () => readlinkSync(netnsPath(name)));

/**
 * Has `ip netns` show a namespace of another program under a name: a symbolic link, which does not keep it alive. `former`:
 * where a link of the name leads that is replaced. EEXIST when the name is taken by anything else.
 */
export function linkNetns(name: string, target: string, former: string | null): void {
  prepareNetnsFolder();
  if (former !== null) unlinkNetns(name, former);
  symlinkSync(target, netnsPath(name));
}

/** Removes such a link where it still leads to `target`; otherwise EEXIST. It may be gone already. */
export function unlinkNetns(name: string, target: string): void {
  const there = netnsLinkTarget(name);
  if (there === target) unlinkSync(netnsPath(name));
  else if (there !== null) throw sysError('EEXIST', `${netnsPath(name)} leads to ${there} now`);
}

/** Opens a published namespace: null when there is none, `dead` when the name is not a namespace. */
export function openNetns(name: string): number | 'dead' | null {
  const path = netnsPath(name);
  const alive = catchErrno(['ENOENT'], () => isNetns(path));
  if (alive === null) return null;
  return alive ? catchErrno(['ENOENT'], () => openSync(path, 'r')) : 'dead';
}

/** Whether `fd` is still the namespace that has this name. */
export function isCurrentNetns(name: string, fd: number): boolean {
  const named = catchErrno(['ENOENT'], () => statSync(netnsPath(name), { bigint: true }));
  const opened = fstatSync(fd, { bigint: true });
  return named !== null && named.ino === opened.ino && named.dev === opened.dev;
}

/** Gives the thread's present namespace a name. EEXIST when the name is taken, be it by a dead file. */
export function publishNetns(name: string): void {
  const path = netnsPath(name);
  const { O_RDONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  closeSync(openSync(path, O_RDONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0));
  try {
    mount(SELF, path, MS_BIND);
  } catch (error) {
    unlinkSync(path);
    throw error;
  }
}

/**
 * Takes the name from a namespace. The kernel removes it, later, when no descriptor, socket or process holds it.
 * `leftover`: what an interrupted publication left may be removed too.
 */
export function unpublishNetns(name: string, leftover: boolean): void {
  const path = netnsPath(name);
  if (isNetns(path)) removeNetnsName(path);
  else if (leftover && isLeftoverFile(path)) unlinkSync(path);
  else throw sysError('EINVAL', `${path} is not a network namespace but a leftover file`);
}

/** Both steps or none: a namespace whose file cannot be removed keeps its name. */
function removeNetnsName(path: string): void {
  const fd = openSync(path, 'r');
  try {
    unmount(path, MNT_DETACH | UMOUNT_NOFOLLOW);
    try {
      unlinkSync(path);
    } catch (error) {
      mount(`/proc/self/fd/${fd}`, path, MS_BIND);
      throw error;
    }
  } finally {
    closeSync(fd);
  }
}

function isLeftoverFile(path: string): boolean {
  const file = lstatSync(path);
  return file.isFile() && file.size === 0 && (file.mode & 0o777) === 0;
}

/**
 * Makes the folder of namespaces as iproute2 does before its first one, once. Otherwise a later `ip netns add` mounts the
 * folder over itself, with ours a second time below, and they can no longer be deleted.
 */
export function prepareNetnsFolder(): void {
  if (isFolderPrepared) return;
  mkdirSync(NETNS_FOLDER, { recursive: true, mode: 0o755 });
  const lock = openSync(NETNS_FOLDER, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    flock(lock, LOCK_EX);
    if (!makeMountShared()) {
      mount(NETNS_FOLDER, NETNS_FOLDER, MS_BIND | MS_REC);
      makeMountShared();
    }
    isFolderPrepared = true;
  } finally {
    closeSync(lock);
  }
}

/** False when the folder is not a mount point yet. */
const makeMountShared = (): boolean =>
  catchErrno(['EINVAL'], () => {
    mount('', NETNS_FOLDER, MS_SHARED | MS_REC);
    return true;
  }) ?? false;

function runInOtherNetns<T>(leave: () => void, section: () => T): T {
  const way = hostNetnsFd();
  leave();
  try {
    const result = section();
    invariant(!isThenable(result), 'a section inside a namespace must not be asynchronous');
    return result;
  } finally {
    returnToHostNetns(way);
  }
}

function returnToHostNetns(way: number): void {
  try {
    enterNetns(way);
  } catch (error) {
    writeSync(2, `netform cannot return to its own network namespace: ${String(error)}\n`);
    process.abort();
  }
}

const isThenable = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
