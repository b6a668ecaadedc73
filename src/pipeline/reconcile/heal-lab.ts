import { planGoal } from '../../engine/plan/plan.ts';
import { bootId } from '../../kernel/boot.ts';
import { operationsOf } from '../../model/operation.ts';
import type { GoodRevision } from '../../model/results/reconcile-state.ts';
import { FLAP_MS, flappingIds } from '../../reconcile/flap-guard.ts';
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

/** How it ended, what others may change and have, and the resources that were healed. */
export type HealResult = {
  readonly outcome: LabOutcome;
  readonly ignored: readonly IgnoredChange[];
  readonly healed: readonly string[];
};

/**
 * Looks after a lab whose revision was applied before: compares its record with the machine, and applies the revision again
 * where others changed something. Nothing is read but the machine while nothing has.
 */
export async function healLab(run: ReconcileRun, { lab, good }: AppliedLab): Promise<HealResult> {
  let drift: Drift = { ids: [], ignored: [] };
  const looked = await withOutcome(async () => {
    drift = await findDrift(run, lab, good);
    return { kind: 'applied', changes: drift.ids.length, isPending: false };
  });
  const { ids, ignored } = drift;
  const nothing = { ignored, healed: [] };
  if (looked.kind !== 'applied') return { outcome: looked, ...nothing };
  if (ids.length === 0) return { outcome: { kind: 'synced' }, ...nothing };
  if (run.settings.drift === 'report') {
    const problem = `others changed ${ids.length} of its resources: netform show ${lab}`;
    return { outcome: { kind: 'drifted', problem }, ...nothing };
  }
  const flapping =
    run.manner === 'whole' || run.isForced ? [] : flappingIds(run.record(lab).healedAt ?? {}, ids, run.now());
  if (flapping.length > 0) {
    const problem = `others changed ${flapping.join(', ')} again within ${FLAP_MS / 1000} s after it was healed`;
    return { outcome: { kind: 'failed', reason: 'flapping', problem }, ...nothing };
  }
  // What others have deleted is made again, and what they have added in the way of it is not ours to approve.
  const applied = await applyLab(run, good, { confirmSeconds: null, approved: new Set(['deletes', 'emptied']) });
  if (applied.kind !== 'applied') return { outcome: applied, ...nothing };
  return applied.changes > 0
    ? { outcome: { kind: 'healed' }, ignored, healed: ids }
    : { outcome: { kind: 'synced' }, ...nothing };
}

/** The resources that are not as they were applied; `lab` stands for all of them. */
type Drift = { readonly ids: readonly string[]; readonly ignored: readonly IgnoredChange[] };

const findDrift = (run: ReconcileRun, lab: string, good: GoodRevision): Promise<Drift> =>
  withLockedMachine(
    run.session,
    { command: runCommand(run.settings), timeoutMs: run.lockTimeoutMs },
    async (opened) => {
      await recoverAll(opened);
      const state = readState(opened.store, lab);
      // It was destroyed, or applied from elsewhere, or the machine was booted since.
      if (state === null || state.file !== revisionFile(run, good)) return { ids: [lab], ignored: [] };
      const { plan } = planGoal(opened.machine, stateGoal(opened.store, state));
      const { left, ignored } = withoutIgnored(run.settings.ignore, operationsOf(plan));
      const ids = left.map(({ id }) => id);
      return { ids: state.bootId === bootId() || ids.length > 0 ? ids : [lab], ignored };
    },
  );
