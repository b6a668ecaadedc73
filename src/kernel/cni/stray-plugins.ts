import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { catchErrno } from '../errno.ts';
import { openProcess } from '../process/pidfd.ts';
import { readProcessStatus, sessionPids } from '../process/process-status.ts';

const LONGEST_END_MS = 5000;

/**
 * Ends plugins that still work for a container, with what they have started: a netform that was killed has left them, and what
 * they go on to make would come after its deletion. A server that a plugin has put into the background is none of them.
 */
export function endStrayPlugins(containerId: string, folders: readonly string[]): void {
  const own = pids().filter((pid) => isFor(pid, containerId));
  const strays = own.filter((pid) => isPlugin(pid, folders));
  // What a wrapper has become is in another folder, and waits for what was called from these.
  const callers = strays.flatMap((pid) => readProcessStatus(pid)?.session ?? []).filter((pid) => own.includes(pid));
  for (const pid of new Set([...callers, ...strays].flatMap(withItsOwn))) endNow(pid);
}

/** Ends what was started for a container since a time (clock ticks since the boot), in whichever session it is: a plugin was late. */
export function endPluginProcesses(containerId: string, since: number): void {
  const started = (pid: number): number => Number(readProcessStatus(pid)?.startTime ?? 0);
  for (const pid of pids().filter((one) => isFor(one, containerId) && started(one) >= Math.floor(since))) endNow(pid);
}

const pids = (): readonly number[] =>
  readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) && Number(name) !== process.pid ? [Number(name)] : []));

const isFor = (pid: number, containerId: string): boolean =>
  readProc(pid, 'environ').split('\0').includes(`CNI_CONTAINERID=${containerId}`);

/** A script is the second word of what its interpreter was called with. */
function isPlugin(pid: number, folders: readonly string[]): boolean {
  const program = catchErrno(UNREADABLE, () => readlinkSync(`/proc/${pid}/exe`)) ?? '';
  const words = readProc(pid, 'cmdline').split('\0').slice(0, 2);
  return [program, ...words].some((path) => folders.includes(dirname(path)));
}

/** The first plugin of a call leads a session of its own, in which everything is its own. */
const withItsOwn = (pid: number): readonly number[] =>
  readProcessStatus(pid)?.session === pid ? [pid, ...sessionPids(pid)] : [pid];

function endNow(pid: number): void {
  const status = readProcessStatus(pid);
  const stray = status && openProcess({ pid, startTime: status.startTime });
  if (!stray) return;
  stray.signal('SIGKILL');
  stray.waitForEnd(LONGEST_END_MS);
  stray.close();
}

const readProc = (pid: number, file: 'environ' | 'cmdline'): string =>
  catchErrno(UNREADABLE, () => readFileSync(`/proc/${pid}/${file}`, 'latin1')) ?? '';

const UNREADABLE = ['ENOENT', 'ESRCH', 'EACCES', 'EPERM'];
