import { closeSync, constants, openSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { bootSeconds } from '../kernel/boot.ts';
import type { Recovered } from '../report/recovered.ts';
import { hasJournal, readJournal } from '../store/journal.ts';
import { ROOTS } from '../store/roots.ts';
import { recoverLab } from './recover.ts';
import { aloneOnMachine } from './session.ts';

const POLL_MS = 250;
const BEGINS_WITHIN_MS = 60_000;
const LOCK_MS = 3_600_000;
const TRIES = 5;
const BETWEEN_TRIES_MS = 2000;

/** Which run is watched, and the file that says that this has begun. */
export type Watched = { readonly lab: string; readonly run: string; readonly ready: string };

/**
 * Waits until the run of a lab has come to its end (null), or until the time to confirm it is over, and then undoes it.
 * The time is that of the kernel since boot; it is looked at again and again, because a timer stands still in sleep.
 */
export async function watchRun({ lab, run, ready }: Watched): Promise<Recovered | null> {
  closeSync(openSync(ready, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600));
  const deadline = await deadlineOf(lab, run);
  while (deadline !== null && hasJournal(ROOTS, lab)) {
    if (bootSeconds() >= deadline) return undoRun(lab, run);
    await setTimeout(POLL_MS);
  }
  return null;
}

/** From the journal, which the run begins after it knows that it is watched; null when it never does. */
async function deadlineOf(lab: string, run: string): Promise<number | null> {
  const last = performance.now() + BEGINS_WITHIN_MS;
  for (;;) {
    const begin = readJournal(ROOTS, lab)?.begin;
    if (begin?.run === run) return begin.confirm?.deadline ?? null;
    if (performance.now() > last) return null;
    await setTimeout(POLL_MS);
  }
}

async function undoRun(lab: string, run: string): Promise<Recovered | null> {
  for (let left = TRIES; ; left--) {
    try {
      return await aloneOnMachine({ command: `the confirm timer of ${lab}`, timeoutMs: LOCK_MS }, (machine) =>
        readJournal(ROOTS, lab)?.begin.run === run ? recoverLab(machine, lab, 'wait') : null,
      );
    } catch (error) {
      if (left === 1) throw error;
      await setTimeout(BETWEEN_TRIES_MS);
    }
  }
}
