import { tryFlock } from '../kernel/files/flock.ts';
import { realMachine } from '../kernel/machine.ts';
import { missingCapabilities } from '../kernel/process/capabilities.ts';
import { EXIT, netformError } from '../model/error.ts';
import type { LiveState, Query } from '../model/kernel/need.ts';
import type { Machine } from '../model/machine.ts';
import { linkKinds } from '../registry/kinds.ts';
import { withStatusLine } from '../report/progress/status-line.ts';
import { withLock } from '../store/lock.ts';
import { STORE_PATHS } from '../store/store-paths.ts';

/** Work that looks at the real machine. Throws E_PERMISSION before anything else when this process may not. */
export async function withMachine<T>(work: (machine: Machine) => Promise<T> | T): Promise<T> {
  const lacks = missingCapabilities();
  if (lacks !== null) {
    throw netformError('E_PERMISSION', EXIT.usage, lacks, { hint: 'run it with sudo; nothing was changed' });
  }
  // Every mode is given with the file; what the user's shell says about new files has no part in it.
  process.umask(0o022);
  const real = realMachine(linkKinds);
  const machine = { ...real, read: (query: Query) => readWithProgress(real, query) };
  try {
    return await work(machine);
  } finally {
    machine.close();
  }
}

/** Calls `work` with the machine under the lock of all runs. Waits at most `timeoutMs` for another run. */
export const withLockedMachine = <T>(
  lock: { readonly command: string; readonly timeoutMs: number },
  work: (machine: Machine) => Promise<T> | T,
): Promise<T> =>
  withMachine((machine) =>
    withLock(STORE_PATHS, { ...lock, flock: tryFlock, whileWaiting: waitWithProgress }, () => work(machine)),
  );

function readWithProgress(machine: Machine, query: Query): LiveState {
  const { length } = query.filter(({ need }) => need === 'namespace');
  const what = length < 2 ? 'the machine' : `${length} namespaces`;
  return withStatusLine(`reading ${what}`, length, () => machine.read(query));
}

async function waitWithProgress(waiting: Promise<void>): Promise<void> {
  // Loaded here: it takes longer than most runs.
  const { withSpinner } = await import('../report/progress/run-progress.ts');
  return withSpinner('waiting for another run to end', waiting);
}
