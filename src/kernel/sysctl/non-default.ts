import { readdirSync } from 'node:fs';
import type { SysctlSettings } from '../../model/kernel/import-facts.ts';
import { memoize } from '../../net/memoize.ts';
import { catchErrno } from '../errno.ts';
import { inScratchNetns } from '../netns/netns.ts';
import { readSysctl, writeSysctl } from './sysctl.ts';

const FORWARDING_SWITCHES = ['net/ipv4/ip_forward', 'net/ipv6/conf/all/forwarding'];
const SYSCTL_FOLDERS = ['net/ipv4', 'net/ipv6', 'net/netfilter', 'net/unix', 'net/mptcp', 'net/core'];

/** Keys that differ in every namespace, report activity rather than settings, or follow from the forwarding switch. */
const VOLATILE_KEYS =
  /\/(?:forwarding|mc_forwarding|ip_forward|accept_redirects|mtu|stable_secret|nf_conntrack_count|tcp_fastopen_key|flush|fs_\w+|tcp_available_\w+|tcp_mem|udp_mem|tcp_child_ehash_entries)$|^net\/ipv[46]\/(?:neigh|route)\//;

/** What the kernel sets to -1 by itself, by the type of the link (`ipv6_add_dev` in net/ipv6/addrconf.c). */
const KEYS_OF_LINK_TYPE = /^net\/ipv6\/conf\/.*\/(?:accept_dad|use_tempaddr)$/;

/** All writable network settings of the thread's current namespace. */
export const readNetSysctls = (): SysctlSettings => new Map(SYSCTL_FOLDERS.flatMap((folder) => readSysctlTree(folder)));

/**
 * Gives those settings of the thread's present namespace that are not as in a new one with the same forwarding. A device
 * has its settings from `default`, so one that agrees with that of either namespace is as it was made. What a new one has
 * is read once for all namespaces.
 */
export function nonDefaultSysctlReader(): () => SysctlSettings {
  const freshWith = memoize((switches) => readNewNetnsSettings(switches.split(' ')));
  return () => {
    const here = readNetSysctls();
    const switches = FORWARDING_SWITCHES.map((key) => readSysctl(key) ?? '');
    return diffSysctls(freshWith(switches.join(' ')), here);
  };
}

const readNewNetnsSettings = (switches: readonly string[]): SysctlSettings =>
  inScratchNetns(() => {
    for (const [i, key] of FORWARDING_SWITCHES.entries()) if (switches[i]) writeSysctl(key, switches[i]);
    return readNetSysctls();
  });

/** The settings whose values differ from those in `before`. */
export function diffSysctls(before: SysctlSettings, now: SysctlSettings): SysctlSettings {
  return new Map(
    [...now].filter(([key, value]) => {
      if (value === '-1' && KEYS_OF_LINK_TYPE.test(key)) return false;
      const origin = defaultKey(key);
      return ![
        before.get(key),
        ...(origin === null || before.has(key) ? [] : [before.get(origin), now.get(origin)]),
      ].includes(value);
    }),
  );
}

/** The key that a device gets its setting from; null: it is of no device. */
function defaultKey(key: string): string | null {
  const [, folder, dev, leaf] = /^(net\/ipv[46]\/conf)\/([^/]+)\/([^/]+)$/.exec(key) ?? [];
  return dev === undefined || dev === 'all' || dev === 'default' ? null : `${folder}/default/${leaf}`;
}

function readSysctlTree(folder: string): readonly (readonly [string, string])[] {
  const entries = catchErrno(['ENOENT'], () => readdirSync(`/proc/sys/${folder}`, { withFileTypes: true })) ?? [];
  return entries.flatMap((entry) => {
    const key = `${folder}/${entry.name}`;
    if (VOLATILE_KEYS.test(entry.isDirectory() ? `${key}/` : key)) return [];
    if (entry.isDirectory()) return readSysctlTree(key);
    const value = catchErrno(['EINVAL', 'EIO', 'EPERM'], () => readSysctl(key));
    return value === null ? [] : [[key, value] as const];
  });
}
