import { listJournals } from '../../store/journal.ts';
import { withLockedMachine } from '../host-session.ts';
import { resolveRunLab } from '../resolve/lab.ts';
import type { Session } from '../session.ts';
import type { RecoveryRequest, RecoveryResult } from './confirm.ts';
import { recoverLab } from './recover-lab.ts';

/** Rolls back a run that was interrupted, or that is not confirmed yet. */
export const rollbackRun = (session: Session, { target, lockTimeoutMs }: RecoveryRequest): Promise<RecoveryResult> =>
  withLockedMachine(
    session,
    { command: `rollback ${target ?? ''}`.trim(), timeoutMs: lockTimeoutMs },
    async (opened): Promise<RecoveryResult> => {
      const { store, progress } = opened;
      if (target === null && listJournals(store).length === 0) return { lab: null, status: 'none' };
      const lab = resolveRunLab(store, target);
      const recovered = await recoverLab(opened, lab, 'undo');
      if (recovered) progress.recovered(recovered);
      return { lab, status: recovered === null ? 'none' : 'done' };
    },
  );
