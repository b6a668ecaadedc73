import { fstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Holder } from '../model/live.ts';
import { unless } from './errno.ts';
import type { Session } from './sessions.ts';

/**
 * Who keeps namespaces alive: processes that run in one or have its file open, this one left out. A socket that was
 * opened inside does so too, and cannot be seen from here. An inode says which namespace it is while we have it open.
 */
export function holdersOf(sessions: readonly Session[]): ReadonlyMap<string, readonly Holder[]> {
  if (sessions.length === 0) return new Map();
  const wanted = new Map(
    sessions.map(({ netns, fd }) => [`net:[${fstatSync(fd, { bigint: true }).ino}]`, netns] as const),
  );
  const found = new Map<string, Holder[]>(sessions.map(({ netns }) => [netns, []]));
  for (const pid of readdirSync('/proc').map(Number)) {
    if (!(pid > 0) || pid === process.pid) continue;
    for (const netns of namespacesOf(pid, wanted)) found.get(netns)?.push({ pid, name: nameOf(pid) });
  }
  return found;
}

function namespacesOf(pid: number, wanted: ReadonlyMap<string, string>): ReadonlySet<string> {
  const own = linkOf(`/proc/${pid}/ns/net`);
  const open = gone(() => readdirSync(`/proc/${pid}/fd`)) ?? [];
  const all = [own, ...open.map((fd) => linkOf(`/proc/${pid}/fd/${fd}`))];
  return new Set(all.flatMap((target) => wanted.get(target ?? '') ?? []));
}

const linkOf = (path: string): string | null => gone(() => readlinkSync(path));

const nameOf = (pid: number): string => gone(() => readFileSync(`/proc/${pid}/comm`, 'utf8').trim()) ?? '';

/** Processes end while they are looked at, and some may not be looked at. */
const gone = <T>(look: () => T): T | null => unless(['ENOENT', 'ESRCH', 'EACCES', 'EPERM'], look);
