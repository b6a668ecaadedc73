import { closeSync, existsSync, openSync, readdirSync } from 'node:fs';
import { catchErrno } from '../errno.ts';
import { cString, MNT_DETACH, MS_BIND, MS_REC, systemCall } from '../libc.ts';
import { NETNS_FOLDER } from '../netns/netns.ts';
import { copyFolderRights, findSeenFiles, MS_RDONLY, mountSeenFiles, seenMounts } from './seen-files.ts';

// sched.h, linux/mount.h
const CLONE_NEWNS = 0x20000;
const MS_SLAVE = 1 << 19;

const OWN_MOUNTS = '/proc/thread-self/ns/mnt';

const native = {
  mount: systemCall('mount', 'int mount(str, str, str, uint64_t, void*)'),
  setns: systemCall('setns', 'int setns(int, int)'),
  umount2: systemCall('umount2', 'int umount2(str, int)'),
  unshare: systemCall('unshare', 'int unshare(int)'),
};

/** Whose mounts a program has: those of a namespace, or of the machine (`host`); and whether `/tmp` is its own. */
export type MountView = {
  readonly netns: string;
  readonly ownTmp?: true;
  /** The mounts that the program's own begin as copies of; left out: those of this thread. */
  readonly base?: MountBase | null;
};

/** The mounts of the machine without those that the programs of namespaces have no use for. */
export type MountBase = {
  readonly fd: number;
  /** /sys is empty in it. */
  readonly isSysGone: boolean;
  readonly close: () => void;
};

/**
 * Makes mounts for many programs to begin with: without the files of /run/netns, which only who has CAP_SYS_ADMIN can enter, and
 * without /sys. A new mount namespace copies each mount, so a thousand programs would have a thousand names of namespaces each.
 */
export function openMountBase(): MountBase {
  return inOtherMounts(() => {
    unshareAsSlave();
    while (catchErrno(['EINVAL', 'EPERM', 'ENOENT'], () => native.umount2(NETNS_FOLDER, MNT_DETACH)) !== null);
    const isSysGone = detachSys();
    const fd = openSync(OWN_MOUNTS, 'r');
    return { fd, isSysGone, close: () => closeSync(fd) };
  });
}

/** Runs `section` in its own mount namespace, then returns to the former one and to the working directory. */
export const withPrivateMounts = <T>(view: MountView, section: () => T): T =>
  inOtherMounts(() => {
    unshareMounts(view);
    return section();
  });

function inOtherMounts<T>(section: () => T): T {
  const [mounts, folder] = [openSync(OWN_MOUNTS, 'r'), process.cwd()];
  try {
    return section();
  } finally {
    // Entering mounts leads to their root.
    native.setns(mounts, CLONE_NEWNS);
    process.chdir(folder);
    closeSync(mounts);
  }
}

/** Gives this thread mounts of its own, where /sys and /etc are those of the namespace that it is in, and the lab's files are seen. */
export function unshareMounts({ netns, ownTmp, base = null }: MountView): void {
  if (base === null) unshareAsSlave();
  else {
    native.setns(base.fd, CLONE_NEWNS);
    native.unshare(CLONE_NEWNS);
  }
  if (ownTmp) native.mount('tmpfs', '/tmp', 'tmpfs', 0, cString('mode=1777'));
  if (netns === 'host') return;
  mountSys(netns, base?.isSysGone || detachSys());
  // Before those: what covers a folder covers what is mounted in it.
  const files = findSeenFiles(netns);
  if (files !== null) showFiles(files);
  bindFiles(`/etc/netns/${netns}`);
}

/** What the machine mounts and unmounts from now on happens there, too, and nothing the other way. */
function unshareAsSlave(): void {
  native.unshare(CLONE_NEWNS);
  native.mount('', '/', 'none', MS_SLAVE | MS_REC, null);
}

function showFiles(folder: string): void {
  const mounts = seenMounts(folder);
  copyFolderRights(mounts);
  mountSeenFiles(mounts);
}

const detachSys = (): boolean => catchErrno(['EINVAL', 'EPERM'], () => native.umount2('/sys', MNT_DETACH)) !== null;

/** A sysfs shows the devices of the namespace that it was mounted in. One that cannot be taken away is covered. */
function mountSys(netns: string, gone: boolean): void {
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
