import { closeSync, constants, existsSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import type { Fresh } from '../model/live.ts';
import { sysError, unless } from './errno.ts';
import { inScratch } from './netns.ts';

/** The value of a key of the thread's present namespace, inner white space as one blank; null when there is no such key. */
export function readSysctl(key: string): string | null {
  const path = sysctlPath(key);
  return unless(['ENOENT', 'ENOTDIR', 'EACCES'], () => readFileSync(path, 'utf8').trim().replace(/\s+/g, ' '));
}

/** `net/ipv4/conf/<each device>/forwarding` of `net/ipv4/conf` and `forwarding`, in the thread's present namespace. */
export const keysOfTree = (folder: string, leaf: string): readonly string[] =>
  (unless(['ENOENT'], () => readdirSync(sysctlPath(folder))) ?? []).map((device) => `${folder}/${device}/${leaf}`);

/** Whether the kernel has IPv6 at all: it can be built or started (`ipv6.disable=1`) without. */
export const hasIpv6 = (): boolean => existsSync('/proc/sys/net/ipv6/conf');

/**
 * Writes a key of the thread's present namespace. ENOENT: no such key; EINVAL: the kernel refuses the value. On a kernel
 * without IPv6 there is nothing to be set for it.
 */
export function writeSysctl(key: string, value: string): void {
  const path = sysctlPath(key);
  if (key.startsWith('net/ipv6/') && !existsSync(path) && !hasIpv6()) return;
  const fd = openSync(path, constants.O_WRONLY);
  try {
    writeSync(fd, `${value}\n`);
  } finally {
    closeSync(fd);
  }
}

/** What the keys of a new namespace have when those values have been written in it; what it refuses is left out. */
export const readFresh = ({ sysctls, keys }: Fresh): ReadonlyMap<string, string | null> =>
  inScratch(() => {
    for (const [key, value] of Object.entries(sysctls))
      unless(['ENOENT', 'EINVAL', 'EACCES', 'EPERM'], () => writeSysctl(key, value));
    return new Map(keys.map((key) => [key, readSysctl(key)]));
  });

function sysctlPath(key: string): string {
  const parts = key.split('/');
  const plain = parts.every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0'));
  if (parts[0] !== 'net' || !plain) throw sysError('EINVAL', `'${key}' is not a key below /proc/sys/net`);
  return `/proc/sys/${key}`;
}
