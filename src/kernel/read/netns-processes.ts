import { fstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Holder } from '../../model/kernel/live-state.ts';
import { catchErrno } from '../errno.ts';
import type { NetnsSession } from '../netns/sessions.ts';

/**
 * Finds the processes that keep namespaces alive: those that run in one or have its file open, this process left out. A
 * socket that was opened inside keeps one alive too, but is invisible here. An inode identifies a namespace while it is open.
 */
export function findNetnsProcesses(sessions: readonly NetnsSession[]): ReadonlyMap<string, readonly Holder[]> {
  if (sessions.length === 0) return new Map();
  const wanted = new Map(
    sessions.map(({ netns, fd }) => [`net:[${fstatSync(fd, { bigint: true }).ino}]`, netns] as const),
  );
  const found = new Map<string, Holder[]>(sessions.map(({ netns }) => [netns, []]));
  for (const pid of readdirSync('/proc').map(Number)) {
    if (!(pid > 0) || pid === process.pid) continue;
    for (const netns of processNamespaces(pid, wanted)) found.get(netns)?.push({ pid, name: processName(pid) });
  }
  return found;
}

function processNamespaces(pid: number, wanted: ReadonlyMap<string, string>): ReadonlySet<string> {
  const own = readProcLink(`/proc/${pid}/ns/net`);
  const open = ignoreProcessError(() => readdirSync(`/proc/${pid}/fd`)) ?? [];
  const all = [own, ...open.map((fd) => readProcLink(`/proc/${pid}/fd/${fd}`))];
  return new Set(all.flatMap((target) => wanted.get(target ?? '') ?? []));
}

/** Where a link below /proc leads; null: it is gone, or may not be looked at. */
export const readProcLink = (path: string): string | null => ignoreProcessError(() => readlinkSync(path));

/** What a process is called; empty when it is gone. */
export const processName = (pid: number): string =>
  ignoreProcessError(() => readFileSync(`/proc/${pid}/comm`, 'utf8').trim()) ?? '';

/** Processes end while they are looked at, and some may not be looked at. */
export const ignoreProcessError = <T>(look: () => T): T | null =>
  catchErrno(['ENOENT', 'ESRCH', 'EACCES', 'EPERM'], look);
