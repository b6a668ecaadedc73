import type { LabReconcileRecord, SyncAttempt } from '../../model/results/reconcile-state.ts';
import { type LabOutcome, recordOutcome } from '../../reconcile/lab-records.ts';
import { readJournal } from '../../store/journal.ts';
import { readState } from '../../store/state.ts';
import { rollbackRun } from '../recovery/rollback.ts';
import { revisionFile, withOutcome } from './apply-lab.ts';
import { type ReconcileRun, runCommand } from './reconcile-run.ts';

/**
 * Brings to an end what a run began that was killed: a change that was not confirmed is rolled back, and counts as a failure
 * of its commit; one that was confirmed counts. Gives the lab that cannot be brought to an end; null: all are.
 */
export async function endInterrupted(
  run: ReconcileRun,
): Promise<{ readonly lab: string; readonly problem: string } | null> {
  const { session, settings, lockTimeoutMs } = run;
  for (const [lab, record] of Object.entries(run.state().labs)) {
    const { attempt } = record;
    if (attempt === null) continue;
    const journal = readJournal(session.store, lab);
    if (journal?.begin.command === runCommand(settings)) {
      const ended = await withOutcome(async () => {
        await rollbackRun(session, { target: lab, lockTimeoutMs });
        return { kind: 'applied', changes: 0, isPending: false };
      });
      if (ended.kind === 'stopped') return { lab, problem: ended.problem };
      // Another run is in the way: the next one ends it.
      if (ended.kind !== 'applied') continue;
    }
    run.noteRecord(lab, endedRecord(run, lab, { record, attempt }));
    run.save();
  }
  return null;
}

type BegunRecord = { readonly record: LabReconcileRecord; readonly attempt: SyncAttempt };

/** Null: the lab was to go, and is no longer there. */
function endedRecord(run: ReconcileRun, lab: string, { record, attempt }: BegunRecord): LabReconcileRecord | null {
  const { commit, settings, target, since } = attempt;
  const state = readState(run.session.store, lab);
  if (target === null && state === null) return null;
  const isApplied =
    target !== null && state?.file === revisionFile(run, target) && Date.parse(state.appliedAt) >= since;
  const outcome: LabOutcome = isApplied
    ? { kind: 'synced' }
    : { kind: 'failed', reason: 'interrupted', problem: 'the run was interrupted before it was confirmed' };
  const { backoff } = run.settings;
  const good = isApplied ? target : record.good;
  return recordOutcome(record, outcome, { about: 'new', commit, settings, backoff, now: run.now(), ms: 0, good });
}
