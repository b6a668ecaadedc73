import { EXIT, netformError } from '../../model/error.ts';
import { utcTimeText } from '../../model/results/recovery-notice.ts';
import { listJournals, readJournal, resumeJournal } from '../../store/journal.ts';
import { listRollbackNotes, readRollbackNote } from '../../store/rollback-note.ts';
import { STORE_PATHS } from '../../store/store-paths.ts';
import { withLockedMachine } from '../host-session.ts';
import { resolveLabName } from '../resolve/lab.ts';
import { finishRun } from '../run/run-journal.ts';
import type { OnRecovered } from './recover-all.ts';
import { confirmSecondsLeft, recoverLab } from './recover-lab.ts';

export type RecoveryRequest = {
  readonly target: string | null;
  readonly lockTimeoutMs: number;
  readonly tell: OnRecovered;
};

/** `none`: there was no run to speak of; `lab` null: of no lab at all. */
export type RecoveryResult = { readonly lab: string | null; readonly status: 'confirmed' | 'done' | 'none' };

/** Seconds in `60`, `60s`, `5m` or `1h`; null for nothing. Throws E_USAGE for another text, or less than a second or more than a day. */
export function parseConfirmSeconds(text: string | undefined): number | null {
  if (text === undefined) return null;
  const [, count, unit = ''] = /^(\d{1,5})\s*([smh]?)$/.exec(text) ?? [];
  const seconds = count === undefined ? 0 : Number(count) * (SECONDS_PER_UNIT[unit] ?? 1);
  if (seconds >= 1 && seconds <= MAX_CONFIRM_S) return seconds;
  throw netformError('E_USAGE', EXIT.usage, `--confirm ${text} is not a time from one second to one day`, {
    hint: 'write --confirm 60s or --confirm 5m',
  });
}

const SECONDS_PER_UNIT: { readonly [unit: string]: number } = { s: 1, m: 60, h: 3600 };
const MAX_CONFIRM_S = 86_400;

/**
 * Makes a run that waits for it count. Throws E_UNCONFIRMED (exit 4) when the time is over: then it is undone, by now
 * if it was not before.
 */
export const confirmRun = ({ target, lockTimeoutMs, tell }: RecoveryRequest): Promise<RecoveryResult> =>
  withLockedMachine({ command: `confirm ${target ?? ''}`.trim(), timeoutMs: lockTimeoutMs }, async (machine) => {
    const open = listJournals(STORE_PATHS);
    const known = open.length > 0 && target === null ? open : [...open, ...listRollbackNotes(STORE_PATHS)];
    if (target === null && known.length === 0) return { lab: null, status: 'none' };
    const lab = resolveRunLab(target, known);
    const journal = readJournal(STORE_PATHS, lab);
    if (journal !== null && journal.applied !== null && confirmSecondsLeft(journal) !== null) {
      const { next } = journal.applied;
      const writer = resumeJournal(STORE_PATHS, lab);
      writer.append({ type: 'commit', next });
      writer.close();
      finishRun(lab, journal.begin.previous, { next });
      return { lab, status: 'confirmed' };
    }
    const recovered = await recoverLab(machine, lab, 'wait');
    if (recovered) tell(recovered);
    const note = readRollbackNote(STORE_PATHS, lab);
    if (recovered?.outcome === 'finished') return { lab, status: 'done' };
    if (recovered === null && note === null) return { lab, status: 'none' };
    const message = note ?? `\`${recovered?.command}\` of ${utcTimeText(recovered?.at ?? '')} was rolled back`;
    throw netformError('E_UNCONFIRMED', EXIT.rolledBack, `there is nothing to confirm: ${message}`, {
      hint: 'run it again, and confirm it within the time',
    });
  });

/** Undoes a run that was interrupted, or that is not confirmed yet. */
export const rollbackRun = ({ target, lockTimeoutMs, tell }: RecoveryRequest): Promise<RecoveryResult> =>
  withLockedMachine({ command: `rollback ${target ?? ''}`.trim(), timeoutMs: lockTimeoutMs }, async (machine) => {
    if (target === null && listJournals(STORE_PATHS).length === 0) return { lab: null, status: 'none' };
    const lab = resolveRunLab(target);
    const recovered = await recoverLab(machine, lab, 'undo');
    if (recovered) tell(recovered);
    return { lab, status: recovered === null ? 'none' : 'done' };
  });

/** Brings the interrupted runs of all labs (or of one) to an end; one that may still be confirmed is left. Gives the labs. */
export const recoverRuns = (
  { target, lockTimeoutMs, tell }: RecoveryRequest,
  which: 'all' | 'one',
): Promise<readonly string[]> =>
  withLockedMachine({ command: 'recover', timeoutMs: lockTimeoutMs }, async (machine) => {
    const open = listJournals(STORE_PATHS);
    const labs = which === 'all' || (target === null && open.length === 0) ? open : [resolveRunLab(target)];
    const failed: unknown[] = [];
    for (const lab of labs) {
      try {
        const recovered = await recoverLab(machine, lab, 'wait');
        if (recovered) tell(recovered);
      } catch (error) {
        failed.push(error);
      }
    }
    if (failed.length > 0) throw failed[0];
    return labs;
  });

/** The lab that is meant; without a name, the only one of these. */
function resolveRunLab(target: string | null, labs: readonly string[] = listJournals(STORE_PATHS)): string {
  const [only, ...others] = labs;
  if (target !== null && labs.includes(target)) return target;
  return target === null && only !== undefined && others.length === 0 ? only : resolveLabName(target);
}
