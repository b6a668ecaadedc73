import { EXIT, type NetformError, netformError } from '../../model/error.ts';
import type { Machine } from '../../model/machine.ts';
import type { RecoveryNotice } from '../../model/results/recovery-notice.ts';
import { listJournals } from '../../store/journal.ts';
import { STORE_PATHS } from '../../store/store-paths.ts';
import { watchSignals } from '../run/signals.ts';
import { recoverLab } from './recover-lab.ts';

/** Is told at once what became of a run that had not come to its end. */
export type OnRecovered = (recovered: RecoveryNotice) => void;

/**
 * What every run does first, of all labs, because they share the machine: brings the runs that were interrupted to an
 * end. Throws E_UNCONFIRMED (exit 8) when one may still be confirmed, E_STOPPED when a signal came meanwhile.
 */
export async function recoverAll(machine: Machine, tell: OnRecovered = () => {}): Promise<void> {
  const labs = listJournals(STORE_PATHS);
  if (labs.length === 0) return;
  const watch = watchSignals();
  const pending: RecoveryNotice[] = [];
  try {
    for (const lab of labs) {
      const one = await recoverLab(machine, lab, 'wait');
      if (one?.outcome === 'pending') pending.push(one);
      else if (one) tell(one);
    }
  } finally {
    watch.release();
  }
  const exit = watch.exitCode();
  if (exit !== null) throw netformError('E_STOPPED', exit, 'stopped by a signal before anything new was begun');
  const [first] = pending;
  if (first) throw unconfirmedError(first);
}

function unconfirmedError({ lab, command, secondsLeft }: RecoveryNotice): NetformError {
  const message = `\`${command}\` is not confirmed yet: ${secondsLeft} s are left`;
  return netformError('E_UNCONFIRMED', EXIT.locked, message, {
    hint: `netform confirm ${lab} keeps what it did, netform rollback ${lab} undoes it; nothing was changed`,
  });
}
