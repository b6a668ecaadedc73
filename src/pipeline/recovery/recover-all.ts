import { EXIT, type NetformError, netformError } from '../../model/error.ts';
import type { RecoveryNotice } from '../../model/results/recovery-notice.ts';
import { listStrayBlobs } from '../../store/blobs.ts';
import { listJournals } from '../../store/journal.ts';
import { removeState } from '../../store/state.ts';
import { withLockedMachine } from '../host-session.ts';
import { resolveRunLab } from '../resolve/lab.ts';
import { watchSignals } from '../run/signals.ts';
import type { Session } from '../session.ts';
import type { RecoveryRequest } from './confirm.ts';
import { recoverLab } from './recover-lab.ts';

/**
 * Finishes or rolls back the interrupted runs of all labs, which every run does first, because labs share the machine.
 * Throws E_UNCONFIRMED (exit 8) when one can still be confirmed, E_STOPPED when a signal arrived meanwhile.
 */
export async function recoverAll(session: Session): Promise<void> {
  const { store, progress } = session;
  for (const lab of listStrayBlobs(store)) removeState(store, lab);
  const labs = listJournals(store);
  if (labs.length === 0) return;
  const watch = watchSignals(progress);
  const pending: RecoveryNotice[] = [];
  try {
    for (const lab of labs) {
      const one = await recoverLab(session, lab, 'wait');
      if (one?.outcome === 'pending') pending.push(one);
      else if (one) progress.recovered(one);
    }
  } finally {
    watch.release();
  }
  const exit = watch.exitCode();
  if (exit !== null) throw netformError('E_STOPPED', exit, 'stopped by a signal before anything new was started');
  const [first] = pending;
  if (first) throw unconfirmedError(first);
}

/** Finishes or rolls back the interrupted runs of all labs, or of one; a run that can still be confirmed stays. Gives the labs. */
export const recoverRuns = (
  session: Session,
  { target, lockTimeoutMs }: RecoveryRequest,
  which: 'all' | 'one',
): Promise<readonly string[]> =>
  withLockedMachine(session, { command: 'recover', timeoutMs: lockTimeoutMs }, async (opened) => {
    for (const lab of listStrayBlobs(opened.store)) removeState(opened.store, lab);
    const open = listJournals(opened.store);
    const isAll = which === 'all' || (target === null && open.length === 0);
    const labs = isAll ? open : [resolveRunLab(opened.store, target)];
    const failed: unknown[] = [];
    for (const lab of labs) {
      try {
        const recovered = await recoverLab(opened, lab, 'wait');
        if (recovered) opened.progress.recovered(recovered);
      } catch (error) {
        failed.push(error);
      }
    }
    if (failed.length > 0) throw failed[0];
    return labs;
  });

function unconfirmedError({ lab, command, secondsLeft }: RecoveryNotice): NetformError {
  const message = `\`${command}\` is not confirmed yet: ${secondsLeft} s left`;
  return netformError('E_UNCONFIRMED', EXIT.locked, message, {
    hint: `netform confirm ${lab} keeps its changes, netform rollback ${lab} rolls them back; nothing was changed`,
  });
}
