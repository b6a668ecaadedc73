import type { GoodRevision } from '../../model/results/reconcile-state.ts';
import { readState } from '../../store/state.ts';
import { destroyLab } from '../destroy.ts';
import { type Approvals, type LabApplyResult, withOutcome } from './apply-lab.ts';
import { NO_DISPLAY, type ReconcileRun, runCommand } from './reconcile-run.ts';

/** A lab that its source no longer has. */
type DepartedLab = { readonly lab: string; readonly good: GoodRevision };

/** Removes a lab that left its source, within the limit of deletions. */
export const destroyDeparted = (
  run: ReconcileRun,
  { lab }: DepartedLab,
  { confirmSeconds, approved }: { readonly confirmSeconds: number | null; readonly approved: Approvals },
): Promise<LabApplyResult> =>
  withOutcome(async () => {
    const { session, settings, lockTimeoutMs } = run;
    if (readState(session.store, lab) === null) return { kind: 'applied', changes: 0, isPending: false };
    let count = 0;
    const { status } = await destroyLab(session, lab, {
      agree: async ({ described }) => {
        count = described.filter(({ operation }) => operation.action === 'delete').length;
        return count <= settings.deletes.most || approved.has('deletes');
      },
      progress: () => NO_DISPLAY,
      lockTimeoutMs,
      confirmSeconds,
      command: runCommand(settings),
    });
    if (status === 'declined') {
      const problem = `it left the source: ${count} to delete, and deletes: { most: ${settings.deletes.most} }`;
      return { kind: 'held', reason: 'deletes', problem };
    }
    return { kind: 'applied', changes: count, isPending: status === 'done' && confirmSeconds !== null };
  });
