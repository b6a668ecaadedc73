import { bootId, bootSeconds } from '../../kernel/boot.ts';
import type { OpenJournal } from '../../model/journal.ts';
import type { RecoveryNotice, RecoveryOutcome } from '../../model/results/recovery-notice.ts';
import { listJournals, readJournal } from '../../store/journal.ts';
import { isLockHeld } from '../../store/lock.ts';
import type { Store } from '../../store/store.ts';

/** What recovery would do about each interrupted or unconfirmed run; empty while a run is active. Changes nothing. */
export function listOpenRuns(store: Store): readonly RecoveryNotice[] {
  const labs = listJournals(store);
  // Asked last: the kernel waits for every processor before it lists the locks.
  if (labs.length === 0 || isLockHeld(store)) return [];
  return labs.flatMap((lab) => {
    try {
      const journal = readJournal(store, lab);
      if (journal === null) return [];
      return [recoveryNotice(journal, expectedOutcome(journal))];
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'E_JOURNAL')) throw error;
      return [{ lab, command: '', at: '', outcome: 'damaged', secondsLeft: null }];
    }
  });
}

/** The interrupted and unconfirmed runs, for a command that only reads: empty when this process has no access to the store. */
export function listVisibleOpenRuns(store: Store): readonly RecoveryNotice[] {
  try {
    return listOpenRuns(store);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EACCES') return [];
    throw error;
  }
}

/** Seconds in which a run can still be confirmed; null when it cannot. */
export function confirmSecondsLeft({ begin: { confirm }, applied, commit }: OpenJournal): number | null {
  if (confirm === null || applied === null || commit !== null || confirm.bootId !== bootId()) return null;
  const left = confirm.deadline - bootSeconds();
  return left > 0 ? Math.ceil(left) : null;
}

/** The notice about the run of a journal. */
export function recoveryNotice(journal: OpenJournal, outcome: RecoveryOutcome): RecoveryNotice {
  const { lab, command, at } = journal.begin;
  return { lab, command, at, outcome, secondsLeft: confirmSecondsLeft(journal) };
}

/** Why a run with an open journal is rolled back without a request. */
export function rollbackOutcome({ begin, applied }: OpenJournal): RecoveryOutcome {
  if (begin.bootId !== bootId()) return 'rebooted';
  return begin.confirm !== null && applied !== null ? 'unconfirmed' : 'undone';
}

function expectedOutcome(journal: OpenJournal): RecoveryOutcome {
  if (confirmSecondsLeft(journal) !== null) return 'pending';
  return rollbackOutcome(journal) === 'unconfirmed' ? 'expired' : 'interrupted';
}
