import { readFileSync, type Stats } from 'node:fs';
import { catchErrno } from '../errno.ts';

const OVERFLOW_UID = 65534;
const S_IWGRP = 0o020;
const S_IWOTH = 0o002;

/** Whether only root can change a file or folder. In a user namespace the machine's own root appears as the overflow uid. */
export function isTrusted(stats: Stats): boolean {
  if (!isRoot(stats)) return false;
  if (stats.isSymbolicLink()) return true;
  return !(stats.mode & S_IWOTH) && (!(stats.mode & S_IWGRP) || stats.gid === 0 || stats.gid === OVERFLOW_UID);
}

const isRoot = ({ uid }: Stats): boolean => uid === 0 || (uid === OVERFLOW_UID && inUserNamespace());

const inUserNamespace = (): boolean =>
  !/^\s*0\s+0\s+4294967295\s*$/m.test(
    catchErrno(['ENOENT'], () => readFileSync('/proc/self/uid_map', 'utf8')) ?? '0 0 4294967295',
  );
