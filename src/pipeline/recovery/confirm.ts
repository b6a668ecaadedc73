import { EXIT, netformError } from '../../model/error.ts';
import { utcTimeText } from '../../model/results/recovery-notice.ts';
import { parseSeconds } from '../../model/values/duration.ts';
import { listJournals, readJournal, resumeJournal } from '../../store/journal.ts';
import { listRollbackNotes, readRollbackNote } from '../../store/rollback-note.ts';
import { withLockedMachine } from '../host-session.ts';
import { resolveRunLab } from '../resolve/lab.ts';
import { finishRun } from '../run/finish-run.ts';
import type { Session } from '../session.ts';
import { confirmSecondsLeft } from './open-runs.ts';
import { recoverLab } from './recover-lab.ts';

/** The lab whose run is confirmed, rolled back or recovered (null: the only one), and how long to wait for the lock. */
export type RecoveryRequest = { readonly target: string | null; readonly lockTimeoutMs: number };

/** What became of the run of a lab; `none`: there was no such run, and with `lab` null no lab has one. */
export type RecoveryResult = { readonly lab: string | null; readonly status: 'confirmed' | 'done' | 'none' };

/** Seconds in `60`, `60s`, `5m` or `1h`; null for undefined. Throws E_USAGE for another text, less than a second, or more than a day. */
export function parseConfirmSeconds(text: string | undefined): number | null {
  if (text === undefined) return null;
  const seconds = parseSeconds(text) ?? 0;
  if (seconds >= 1 && seconds <= MAX_CONFIRM_S) return seconds;
  throw netformError('E_USAGE', EXIT.usage, `--confirm ${text} is not a time from one second to one day`, {
    hint: 'write --confirm 60s or --confirm 5m',
  });
}

const MAX_CONFIRM_S = 86_400;

/**
 * Confirms a run that waits for it. Throws E_UNCONFIRMED (exit 4) when the time is over: the run is then rolled back, by
 * this call unless it was before.
 */
export const confirmRun = (session: Session, { target, lockTimeoutMs }: RecoveryRequest): Promise<RecoveryResult> =>
  withLockedMachine(
    session,
    { command: `confirm ${target ?? ''}`.trim(), timeoutMs: lockTimeoutMs },
    async (opened): Promise<RecoveryResult> => {
      const { store, progress } = opened;
      const open = listJournals(store);
      const known = open.length > 0 && target === null ? open : [...open, ...listRollbackNotes(store)];
      if (target === null && known.length === 0) return { lab: null, status: 'none' };
      const lab = resolveRunLab(store, target, known);
      const journal = readJournal(store, lab);
      if (journal !== null && journal.applied !== null && confirmSecondsLeft(journal) !== null) {
        const { next } = journal.applied;
        const writer = resumeJournal(store, lab);
        writer.append({ type: 'commit', next });
        writer.close();
        finishRun(store, lab, journal.begin.previous, { next });
        return { lab, status: 'confirmed' };
      }
      const recovered = await recoverLab(opened, lab, 'wait');
      if (recovered) progress.recovered(recovered);
      const note = readRollbackNote(store, lab);
      if (recovered?.outcome === 'finished') return { lab, status: 'done' };
      if (recovered === null && note === null) return { lab, status: 'none' };
      const message = note ?? `\`${recovered?.command}\` of ${utcTimeText(recovered?.at ?? '')} was rolled back`;
      throw netformError('E_UNCONFIRMED', EXIT.rolledBack, `there is nothing to confirm: ${message}`, {
        hint: 'run it again, and confirm it in time',
      });
    },
  );
