import { EXIT, netformError } from '../model/error.ts';
import { timeText } from '../report/recovered.ts';
import { listJournals, readJournal, resumeJournal } from '../store/journal.ts';
import { listNotes, readNote } from '../store/note.ts';
import { ROOTS } from '../store/roots.ts';
import type { Tell } from './first.ts';
import { finishRun } from './journal.ts';
import { recoverLab, secondsLeft } from './recover.ts';
import { aloneOnMachine } from './session.ts';
import { labMeant } from './target.ts';

export type Ask = { readonly target: string | null; readonly lockTimeoutMs: number; readonly tell: Tell };

/** `none`: there was no run to speak of; `lab` null: of no lab at all. */
export type Answered = { readonly lab: string | null; readonly status: 'confirmed' | 'done' | 'none' };

/** Seconds in `60`, `60s`, `5m` or `1h`; null for nothing. Throws E_USAGE for another text, or less than a second or more than a day. */
export function secondsIn(text: string | undefined): number | null {
  if (text === undefined) return null;
  const [, count, unit = ''] = /^(\d{1,5})\s*([smh]?)$/.exec(text) ?? [];
  const seconds = count === undefined ? 0 : Number(count) * (UNITS[unit] ?? 1);
  if (seconds >= 1 && seconds <= LONGEST_S) return seconds;
  throw netformError('E_USAGE', EXIT.usage, `--confirm ${text} is not a time from one second to one day`, {
    hint: 'write --confirm 60s or --confirm 5m',
  });
}

const UNITS: { readonly [unit: string]: number } = { s: 1, m: 60, h: 3600 };
const LONGEST_S = 86_400;

/**
 * Makes a run that waits for it count. Throws E_UNCONFIRMED (exit 4) when the time is over: then it is undone, by now
 * if it was not before.
 */
export const confirmRun = ({ target, lockTimeoutMs, tell }: Ask): Promise<Answered> =>
  aloneOnMachine({ command: `confirm ${target ?? ''}`.trim(), timeoutMs: lockTimeoutMs }, async (machine) => {
    const open = listJournals(ROOTS);
    const known = open.length > 0 && target === null ? open : [...open, ...listNotes(ROOTS)];
    if (target === null && known.length === 0) return { lab: null, status: 'none' };
    const lab = labOfRun(target, known);
    const journal = readJournal(ROOTS, lab);
    if (journal !== null && journal.applied !== null && secondsLeft(journal) !== null) {
      const { next } = journal.applied;
      const writer = resumeJournal(ROOTS, lab);
      writer.append({ type: 'commit', next });
      writer.close();
      finishRun(lab, journal.begin.previous, { next });
      return { lab, status: 'confirmed' };
    }
    const recovered = await recoverLab(machine, lab, 'wait');
    if (recovered) tell(recovered);
    const note = readNote(ROOTS, lab);
    if (recovered?.outcome === 'finished') return { lab, status: 'done' };
    if (recovered === null && note === null) return { lab, status: 'none' };
    const message = note ?? `\`${recovered?.command}\` of ${timeText(recovered?.at ?? '')} was rolled back`;
    throw netformError('E_UNCONFIRMED', EXIT.rolledBack, `there is nothing to confirm: ${message}`, {
      hint: 'run it again, and confirm it within the time',
    });
  });

/** Undoes a run that was interrupted, or that is not confirmed yet. */
export const rollbackRun = ({ target, lockTimeoutMs, tell }: Ask): Promise<Answered> =>
  aloneOnMachine({ command: `rollback ${target ?? ''}`.trim(), timeoutMs: lockTimeoutMs }, async (machine) => {
    if (target === null && listJournals(ROOTS).length === 0) return { lab: null, status: 'none' };
    const lab = labOfRun(target);
    const recovered = await recoverLab(machine, lab, 'undo');
    if (recovered) tell(recovered);
    return { lab, status: recovered === null ? 'none' : 'done' };
  });

/** Brings the interrupted runs of all labs (or of one) to an end; one that may still be confirmed is left. Gives the labs. */
export const recoverRuns = ({ target, lockTimeoutMs, tell }: Ask, which: 'all' | 'one'): Promise<readonly string[]> =>
  aloneOnMachine({ command: 'recover', timeoutMs: lockTimeoutMs }, async (machine) => {
    const open = listJournals(ROOTS);
    const labs = which === 'all' || (target === null && open.length === 0) ? open : [labOfRun(target)];
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
function labOfRun(target: string | null, labs: readonly string[] = listJournals(ROOTS)): string {
  const [only, ...others] = labs;
  if (target !== null && labs.includes(target)) return target;
  return target === null && only !== undefined && others.length === 0 ? only : labMeant(target);
}
