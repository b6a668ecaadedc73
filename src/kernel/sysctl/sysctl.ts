import { constants, existsSync, readdirSync } from 'node:fs';
import type { SysctlTrial } from '../../model/kernel/live-state.ts';
import { memoize } from '../../net/memoize.ts';
import { catchErrno, sysError } from '../errno.ts';
import { closeFd, openAt, readBuffer, writeBuffer } from '../libc.ts';
import { inScratchNetns } from '../netns/netns.ts';
import { acquireProcfs } from './procfs.ts';

/** The kernel clears as many bytes as it is asked for (`proc_sys_call_handler` in fs/proc/proc_sysctl.c): most values are short. */
const inbox = Buffer.alloc(255);
const MAX_VALUE_BYTES = 1 << 16;

/** The value of a key of the thread's present namespace, inner white space as one blank; null when there is no such key. */
export function readSysctl(key: string): string | null {
  const fd = catchErrno(['ENOENT', 'ENOTDIR', 'EACCES'], () => openKey(key, constants.O_RDONLY));
  if (fd === null) return null;
  try {
    // A `stable_secret` that is not set cannot be read: EIO.
    const length = catchErrno(['EACCES', 'EIO'], () => readBuffer(fd, inbox));
    if (length === inbox.length) return readLongValue(key);
    return length === null ? null : toOneLine(inbox.toString('latin1', 0, length));
  } finally {
    closeFd(fd);
  }
}

/** A value is given from its beginning by the first read of a descriptor only. */
function readLongValue(key: string): string {
  const long = Buffer.alloc(MAX_VALUE_BYTES);
  const fd = openKey(key, constants.O_RDONLY);
  try {
    return toOneLine(long.toString('utf8', 0, readBuffer(fd, long)));
  } finally {
    closeFd(fd);
  }
}

/** `net/ipv4/conf/<each device>/forwarding` of `net/ipv4/conf` and `forwarding`, in the thread's present namespace. */
export const sysctlTreeKeys = (folder: string, leaf: string): readonly string[] =>
  (catchErrno(['ENOENT'], () => readdirSync(sysctlPath(folder))) ?? []).map((device) => `${folder}/${device}/${leaf}`);

/** Whether the kernel has IPv6 at all: it can be built or started (`ipv6.disable=1`) without. */
export function hasIpv6(): boolean {
  isIpv6Present ??= existsSync('/proc/sys/net/ipv6/conf');
  return isIpv6Present;
}

let isIpv6Present: boolean | null = null;

/**
 * Writes a key of the thread's present namespace. ENOENT: no such key; EINVAL: the kernel refuses the value. On a kernel
 * without IPv6 there is nothing to be set for it.
 */
export function writeSysctl(key: string, value: string): void {
  const fd = key.startsWith('net/ipv6/') && !hasIpv6() ? null : openKey(key, constants.O_WRONLY);
  if (fd === null) return;
  try {
    writeBuffer(fd, Buffer.from(`${value}\n`));
  } finally {
    closeFd(fd);
  }
}

type NewNetnsSysctls = { readonly sysctls: { readonly [key: string]: string }; readonly keys: readonly string[] };

/** The values of keys in a new namespace after those values were written to it. Values that it refuses are left out. */
export const readNewNetnsSysctls = ({ sysctls, keys }: NewNetnsSysctls): ReadonlyMap<string, string | null> =>
  inScratchNetns(() => {
    for (const [key, value] of Object.entries(sysctls))
      catchErrno(['ENOENT', 'EINVAL', 'EACCES', 'EPERM'], () => writeSysctl(key, value));
    return new Map(keys.map((key) => [key, readSysctl(key)]));
  });

/** Writes sysctls in a scratch namespace, and says what the kernel answers to each; nothing is left of it. */
export const trySysctls = (settings: readonly (readonly [string, string])[]): readonly SysctlTrial[] =>
  inScratchNetns(() => settings.map(([key, value]) => trySysctl(key, value)));

function trySysctl(key: string, value: string): SysctlTrial {
  try {
    writeSysctl(key, value);
    return 'fine';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'missing';
    return code === 'EACCES' || code === 'EPERM' ? 'read-only' : 'refused';
  }
}

function openKey(key: string, flags: number): number {
  const folder = acquireProcfs();
  return openAt(folder, `${folder === null ? '/proc/' : ''}sys/${requireNetKey(key)}`, flags);
}

const sysctlPath = (key: string): string => `/proc/sys/${requireNetKey(key)}`;

const toOneLine = (value: string): string =>
  /^\d+\n$/.test(value) ? value.slice(0, -1) : value.trim().replace(/\s+/g, ' ');

const requireNetKey = memoize((key): string => {
  const parts = key.split('/');
  const plain = parts.every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0'));
  if (parts[0] !== 'net' || !plain) throw sysError('EINVAL', `'${key}' is not a key below /proc/sys/net`);
  return key;
});
