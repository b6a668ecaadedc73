import { readlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { catchErrno } from '../../errno.ts';
import { openProcess } from '../../process/pidfd.ts';
import { readProcessStatus, sessionPids } from '../../process/process-status.ts';
import { readContainerProcesses, readProcFile } from './container-processes.ts';

const LONGEST_END_MS = 5000;

/**
 * Ends plugins that still work for a container, with what they have started: a netform that was killed has left them, and what
 * they go on to make would come after its deletion. A server that a plugin has put into the background is none of them.
 */
export function endStrayPlugins(containerId: string, folders: readonly string[]): void {
  const own = pidsFor(containerId);
  const strays = own.filter((pid) => isPlugin(pid, folders));
  // What a wrapper has become is in another folder, and waits for what was called from these.
  const callers = strays.flatMap((pid) => readProcessStatus(pid)?.session ?? []).filter((pid) => own.includes(pid));
  for (const pid of new Set([...callers, ...strays].flatMap(withItsOwn))) endNow(pid);
}

/** Ends what was started for a container since a time (clock ticks since the boot), in whichever session it is: a plugin was late. */
export function endPluginProcesses(containerId: string, since: number): void {
  const started = (pid: number): number => Number(readProcessStatus(pid)?.startTime ?? 0);
  for (const pid of pidsFor(containerId).filter((one) => started(one) >= Math.floor(since))) endNow(pid);
}

const pidsFor = (id: string): readonly number[] =>
  readContainerProcesses().flatMap(({ pid, containerId }) => (containerId === id ? [pid] : []));

/** A script is the second word of what its interpreter was called with. */
function isPlugin(pid: number, folders: readonly string[]): boolean {
  const program = catchErrno(UNREADABLE, () => readlinkSync(`/proc/${pid}/exe`)) ?? '';
  const words = readProcFile(pid, 'cmdline').split('\0').slice(0, 2);
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

const UNREADABLE = ['ENOENT', 'ESRCH', 'EACCES', 'EPERM'];
