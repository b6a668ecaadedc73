import { planGoal } from '../../engine/plan/plan.ts';
import { bootId } from '../../kernel/boot.ts';
import { operationsOf } from '../../model/operation.ts';
import type { GoodRevision } from '../../model/results/reconcile-state.ts';
import { type IgnoredChange, withoutIgnored } from '../../reconcile/ignore-rules.ts';
import type { LabOutcome } from '../../reconcile/lab-records.ts';
import { readState } from '../../store/state.ts';
import { withLockedMachine } from '../host-session.ts';
import { stateGoal } from '../planning/goals.ts';
import { recoverAll } from '../recovery/recover-all.ts';
import { applyLab, revisionFile, withOutcome } from './apply-lab.ts';
import { type ReconcileRun, runCommand } from './reconcile-run.ts';

/** A lab and the revision that it was applied from last. */
export type AppliedLab = { readonly lab: string; readonly good: GoodRevision };

/** How it ended, and what others may change and have. */
export type HealResult = { readonly outcome: LabOutcome; readonly ignored: readonly IgnoredChange[] };

/**
 * Looks after a lab whose revision was applied before: compares its record with the machine, and applies the revision again
 * where others changed something. Nothing is read but the machine while nothing has.
 */
export async function healLab(run: ReconcileRun, { lab, good }: AppliedLab): Promise<HealResult> {
  let ignored: readonly IgnoredChange[] = [];
  const looked = await withOutcome(async () => {
    const found = await findDrift(run, lab, good);
    ignored = found.ignored;
    return { kind: 'applied', changes: found.count, isPending: false };
  });
  if (looked.kind !== 'applied') return { outcome: looked, ignored };
  if (looked.changes === 0) return { outcome: { kind: 'synced' }, ignored };
  if (run.settings.drift === 'report') {
    const problem = `others changed ${looked.changes} of its resources: netform show ${lab}`;
    return { outcome: { kind: 'drifted', problem }, ignored };
  }
  // What others have deleted is made again, and what they have added in the way of it is not ours to approve.
  const applied = await applyLab(run, good, { confirmSeconds: null, approved: new Set(['deletes', 'emptied']) });
  if (applied.kind !== 'applied') return { outcome: applied, ignored };
  return { outcome: { kind: applied.changes > 0 ? 'healed' : 'synced' }, ignored };
}

type Drift = { readonly count: number; readonly ignored: readonly IgnoredChange[] };

const findDrift = (run: ReconcileRun, lab: string, good: GoodRevision): Promise<Drift> =>
  withLockedMachine(
    run.session,
    { command: runCommand(run.settings), timeoutMs: run.lockTimeoutMs },
    async (opened) => {
      await recoverAll(opened);
      const state = readState(opened.store, lab);
      // It was destroyed, or applied from elsewhere, or the machine was booted since.
      if (state === null || state.file !== revisionFile(run, good)) return { count: 1, ignored: [] };
      const { plan } = planGoal(opened.machine, stateGoal(opened.store, state));
      const { left, ignored } = withoutIgnored(run.settings.ignore, operationsOf(plan));
      return { count: state.bootId === bootId() ? left.length : Math.max(1, left.length), ignored };
    },
  );
