import { closeSync, constants, openSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { bootSeconds } from '../../kernel/boot.ts';
import type { RecoveryNotice } from '../../model/results/recovery-notice.ts';
import { elapsedMs } from '../../model/values/elapsed.ts';
import { hasJournal, readJournal } from '../../store/journal.ts';
import type { Store } from '../../store/store.ts';
import { withLockedMachine } from '../host-session.ts';
import type { Session } from '../session.ts';
import { recoverLab } from './recover-lab.ts';

const POLL_MS = 250;
const JOURNAL_TIMEOUT_MS = 60_000;
const LOCK_TIMEOUT_MS = 3_600_000;
const TRIES = 5;
const RETRY_INTERVAL_MS = 2000;

/** The run that is watched, and the file that is created when the watch begins. */
export type RollbackTimerTarget = { readonly lab: string; readonly run: string; readonly ready: string };

/**
 * Waits until the run of a lab ends (null), or until the time to confirm it is over, and then rolls it back. The time is
 * the kernel's since boot; it is polled, because a timer does not advance during suspend.
 */
export async function runRollbackTimer(session: Session, target: RollbackTimerTarget): Promise<RecoveryNotice | null> {
  const { lab, run, ready } = target;
  closeSync(openSync(ready, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600));
  const deadline = await readDeadline(session.store, lab, run);
  while (deadline !== null && hasJournal(session.store, lab)) {
    if (bootSeconds() >= deadline) return rollBackExpiredRun(session, lab, run);
    await setTimeout(POLL_MS);
  }
  return null;
}

/** From the journal, which the run begins once it is watched; null when it never does. */
async function readDeadline(store: Store, lab: string, run: string): Promise<number | null> {
  const last = elapsedMs() + JOURNAL_TIMEOUT_MS;
  for (;;) {
    const begin = readJournal(store, lab)?.begin;
    if (begin?.run === run) return begin.confirm?.deadline ?? null;
    if (elapsedMs() > last) return null;
    await setTimeout(POLL_MS);
  }
}

async function rollBackExpiredRun(session: Session, lab: string, run: string): Promise<RecoveryNotice | null> {
  for (let left = TRIES; ; left--) {
    try {
      const lock = { command: `the confirm timer of ${lab}`, timeoutMs: LOCK_TIMEOUT_MS };
      return await withLockedMachine(session, lock, (opened) =>
        readJournal(opened.store, lab)?.begin.run === run ? recoverLab(opened, lab, 'wait') : null,
      );
    } catch (error) {
      if (left === 1) throw error;
      await setTimeout(RETRY_INTERVAL_MS);
    }
  }
}
