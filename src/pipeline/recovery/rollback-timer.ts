import { closeSync, constants, openSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { bootSeconds } from '../../kernel/boot.ts';
import type { RecoveryNotice } from '../../model/results/recovery-notice.ts';
import { hasJournal, readJournal } from '../../store/journal.ts';
import { STORE_PATHS } from '../../store/store-paths.ts';
import { withLockedMachine } from '../host-session.ts';
import { recoverLab } from './recover-lab.ts';

const POLL_MS = 250;
const JOURNAL_TIMEOUT_MS = 60_000;
const LOCK_TIMEOUT_MS = 3_600_000;
const TRIES = 5;
const RETRY_INTERVAL_MS = 2000;

/** Which run is watched, and the file that says that this has begun. */
export type RollbackTimerTarget = { readonly lab: string; readonly run: string; readonly ready: string };

/**
 * Waits until the run of a lab has come to its end (null), or until the time to confirm it is over, and then undoes it.
 * The time is that of the kernel since boot; it is looked at again and again, because a timer stands still in sleep.
 */
export async function runRollbackTimer({ lab, run, ready }: RollbackTimerTarget): Promise<RecoveryNotice | null> {
  closeSync(openSync(ready, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600));
  const deadline = await readDeadline(lab, run);
  while (deadline !== null && hasJournal(STORE_PATHS, lab)) {
    if (bootSeconds() >= deadline) return rollBackExpiredRun(lab, run);
    await setTimeout(POLL_MS);
  }
  return null;
}

/** From the journal, which the run begins after it knows that it is watched; null when it never does. */
async function readDeadline(lab: string, run: string): Promise<number | null> {
  const last = performance.now() + JOURNAL_TIMEOUT_MS;
  for (;;) {
    const begin = readJournal(STORE_PATHS, lab)?.begin;
    if (begin?.run === run) return begin.confirm?.deadline ?? null;
    if (performance.now() > last) return null;
    await setTimeout(POLL_MS);
  }
}

async function rollBackExpiredRun(lab: string, run: string): Promise<RecoveryNotice | null> {
  for (let left = TRIES; ; left--) {
    try {
      return await withLockedMachine(
        { command: `the confirm timer of ${lab}`, timeoutMs: LOCK_TIMEOUT_MS },
        (machine) => (readJournal(STORE_PATHS, lab)?.begin.run === run ? recoverLab(machine, lab, 'wait') : null),
      );
    } catch (error) {
      if (left === 1) throw error;
      await setTimeout(RETRY_INTERVAL_MS);
    }
  }
}
