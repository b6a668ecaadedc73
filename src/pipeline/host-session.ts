import { tryFlock } from '../kernel/files/flock.ts';
import { realMachine } from '../kernel/machine.ts';
import { missingCapabilities } from '../kernel/process/capabilities.ts';
import { EXIT, netformError } from '../model/error.ts';
import type { LiveState, Query } from '../model/kernel/need.ts';
import { type Progress, withProgress } from '../model/results/progress.ts';
import { instructionFamilies } from '../registry/instructions.ts';
import { linkKinds } from '../registry/kinds.ts';
import { withLock } from '../store/lock.ts';
import { openOfflineSession, type Session } from './session.ts';

/** The machine and the store of this host; nothing is opened before it is used. */
export const openHostSession = (progress: Progress): Session => ({
  ...openOfflineSession(progress),
  machine: realMachine(linkKinds, instructionFamilies),
});

/** Runs work that needs the machine, and closes it afterwards. Throws E_PERMISSION first when this process lacks capabilities. */
export async function withMachine<T>(session: Session, work: (session: Session) => Promise<T> | T): Promise<T> {
  const lacks = missingCapabilities();
  if (lacks !== null) {
    throw netformError('E_PERMISSION', EXIT.usage, lacks, { hint: 'run it with sudo; nothing was changed' });
  }
  // Every file is created with an explicit mode, whatever the umask of the user's shell.
  process.umask(0o022);
  const { machine } = session;
  const read = (query: Query) => readWithProgress(session, query);
  try {
    return await work({ ...session, machine: { ...machine, read } });
  } finally {
    machine.close();
  }
}

/** Runs work that changes the machine under the lock of all runs. Throws E_LOCKED when another run holds it for too long. */
export const withLockedMachine = <T>(
  session: Session,
  lock: LockRequest,
  work: (session: Session) => Promise<T> | T,
): Promise<T> =>
  withMachine(session, (opened) => {
    const whileWaiting = (waiting: Promise<void>) => session.progress.wait('waiting for another run to end', waiting);
    return withLock(session.store, { ...lock, flock: tryFlock, whileWaiting }, () => work(opened));
  });

/** What is done while the lock is held, for the message to other processes, and how long to wait for the lock. */
export type LockRequest = { readonly command: string; readonly timeoutMs: number };

function readWithProgress({ machine, progress }: Session, query: Query): LiveState {
  const { length } = query.filter(({ need }) => need === 'namespace');
  const what = length < 2 ? 'the machine' : `${length} namespaces`;
  return withProgress(progress, [`reading ${what}`, length], () => machine.read(query));
}
