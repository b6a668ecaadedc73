import { readdirSync } from 'node:fs';
import type { Settings } from '../model/inventory.ts';
import { remember } from '../net/remember.ts';
import { unless } from './errno.ts';
import { inScratch } from './netns.ts';
import { readSysctl, writeSysctl } from './sysctl.ts';

const SWITCHES = ['net/ipv4/ip_forward', 'net/ipv6/conf/all/forwarding'];
const FOLDERS = ['net/ipv4', 'net/ipv6', 'net/netfilter', 'net/unix', 'net/mptcp', 'net/core'];

/** What differs in every namespace, says what is going on rather than what was set, or follows from the forwarding switch. */
const NOISE =
  /\/(?:forwarding|mc_forwarding|ip_forward|accept_redirects|mtu|stable_secret|nf_conntrack_count|tcp_fastopen_key|flush|fs_\w+|tcp_available_\w+|tcp_mem|udp_mem|tcp_child_ehash_entries)$|^net\/ipv[46]\/(?:neigh|route)\//;

/** All settings of the thread's present namespace that somebody can have set. */
export const readSettings = (): Settings => new Map(FOLDERS.flatMap((folder) => settingsBelow(folder)));

/**
 * Gives those settings of the thread's present namespace that are not as in a new one with the same forwarding. A device
 * has its settings from `default`, so one that agrees with that of either namespace is as it was made. What a new one has
 * is read once for all namespaces.
 */
export function changedSettings(): () => Settings {
  const freshWith = remember((switches) => freshSettings(switches.split(' ')));
  return () => {
    const here = readSettings();
    const switches = SWITCHES.map((key) => readSysctl(key) ?? '');
    return changesSince(freshWith(switches.join(' ')), here);
  };
}

const freshSettings = (switches: readonly string[]): Settings =>
  inScratch(() => {
    for (const [i, key] of SWITCHES.entries()) if (switches[i]) writeSysctl(key, switches[i]);
    return readSettings();
  });

/** What is another now than in `before`. */
export function changesSince(before: Settings, now: Settings): Settings {
  return new Map(
    [...now].filter(([key, value]) => {
      const origin = defaultOf(key);
      return ![
        before.get(key),
        ...(origin === null || before.has(key) ? [] : [before.get(origin), now.get(origin)]),
      ].includes(value);
    }),
  );
}

/** The key that a device gets its setting from; null: it is of no device. */
function defaultOf(key: string): string | null {
  const [, folder, dev, leaf] = /^(net\/ipv[46]\/conf)\/([^/]+)\/([^/]+)$/.exec(key) ?? [];
  return dev === undefined || dev === 'all' || dev === 'default' ? null : `${folder}/default/${leaf}`;
}

function settingsBelow(folder: string): readonly (readonly [string, string])[] {
  const entries = unless(['ENOENT'], () => readdirSync(`/proc/sys/${folder}`, { withFileTypes: true })) ?? [];
  return entries.flatMap((entry) => {
    const key = `${folder}/${entry.name}`;
    if (NOISE.test(entry.isDirectory() ? `${key}/` : key)) return [];
    if (entry.isDirectory()) return settingsBelow(key);
    const value = unless(['EINVAL', 'EIO', 'EPERM'], () => readSysctl(key));
    return value === null ? [] : [[key, value] as const];
  });
}
