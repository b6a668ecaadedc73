import { type GoalPlan, planGoal } from '../../engine/plan/plan.ts';
import { bootId } from '../../kernel/boot.ts';
import { EXIT } from '../../model/error.ts';
import { type Operation, operationsOf } from '../../model/operation.ts';
import type { GoodRevision } from '../../model/results/reconcile-state.ts';
import type { State } from '../../model/state.ts';
import { FLAP_MS, flappingIds } from '../../reconcile/flap-guard.ts';
import { type IgnoredChange, withoutIgnored } from '../../reconcile/ignore-rules.ts';
import type { LabOutcome } from '../../reconcile/lab-records.ts';
import { readState } from '../../store/state.ts';
import { withLockedMachine } from '../host-session.ts';
import { stateGoal } from '../planning/goals.ts';
import { recoverAll } from '../recovery/recover-all.ts';
import { runPlan } from '../run/run-plan.ts';
import type { Session } from '../session.ts';
import { applyLab, revisionFile, withOutcome } from './apply-lab.ts';
import { NO_DISPLAY, type ReconcileRun, runCommand } from './reconcile-run.ts';

/** A lab and the revision that it was applied from last. */
export type AppliedLab = { readonly lab: string; readonly good: GoodRevision };

/** How it ended, what others may change and have, and the resources that were healed. */
export type HealResult = {
  readonly outcome: LabOutcome;
  readonly ignored: readonly IgnoredChange[];
  readonly healed: readonly string[];
};

/**
 * Looks after a lab whose revision was applied before: compares its record with the machine, and where others changed something
 * brings it back, from the record where that is enough, else from the files. Nothing is read but the machine while nothing has.
 */
export async function healLab(run: ReconcileRun, { lab, good }: AppliedLab): Promise<HealResult> {
  let drift: Drift = { ids: [], ignored: [], isHealed: false };
  const looked = await withOutcome(async () => {
    drift = await healDrift(run, lab, good);
    return { kind: 'applied', changes: drift.ids.length, isPending: false };
  });
  const { ids, ignored, isHealed } = drift;
  const nothing = { ignored, healed: [] };
  if (looked.kind !== 'applied') return { outcome: looked, ...nothing };
  if (isHealed) return { outcome: { kind: 'healed' }, ignored, healed: ids };
  if (ids.length === 0) return { outcome: { kind: 'synced' }, ...nothing };
  if (run.settings.drift === 'report') {
    const problem = `others changed ${ids.length} of its resources: netform show ${lab}`;
    return { outcome: { kind: 'drifted', problem }, ...nothing };
  }
  const flapping = flappingOf(run, lab, ids);
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

/** Only a resident reconcile would go on for ever. */
const flappingOf = (run: ReconcileRun, lab: string, ids: readonly string[]): readonly string[] =>
  run.manner === 'whole' || run.isForced ? [] : flappingIds(run.record(lab).healedAt ?? {}, ids, run.now());

/** The resources that were not as they were applied (the name of the lab stands for all of them), and whether they are again. */
type Drift = {
  readonly ids: readonly string[];
  readonly ignored: readonly IgnoredChange[];
  readonly isHealed: boolean;
};

const healDrift = (run: ReconcileRun, lab: string, good: GoodRevision): Promise<Drift> =>
  withLockedMachine(
    run.session,
    { command: runCommand(run.settings), timeoutMs: run.lockTimeoutMs },
    async (opened) => {
      await recoverAll(opened);
      const state = readState(opened.store, lab);
      const everything = { ids: [lab], ignored: [], isHealed: false };
      // It was destroyed, or applied from elsewhere, or the machine was booted since.
      if (state === null || state.file !== revisionFile(run, good)) return everything;
      const planned = planGoal(opened.machine, stateGoal(opened.store, state));
      const operations = operationsOf(planned.plan);
      const { left, ignored } = withoutIgnored(run.settings.ignore, operations);
      const ids = left.map(({ id }) => id);
      if (state.bootId !== bootId())
        return ids.length > 0 ? { ids, ignored, isHealed: false } : { ...everything, ignored };
      const isPlain = ids.length > 0 && ignored.length === 0 && operations.every(isMadeAgain);
      const mayHeal = run.settings.drift === 'heal' && flappingOf(run, lab, ids).length === 0;
      return { ids, ignored, isHealed: isPlain && mayHeal && (await healFromRecord(run, opened, { state, planned })) };
    },
  );

/** Nothing of others is in the way of it, and nothing is lost by it. */
const isMadeAgain = ({ action, cause, takenFrom, takenBy }: Operation): boolean =>
  (action === 'create' || action === 'update') && cause === 'drift' && takenFrom === undefined && takenBy === null;

type RecordedLab = { readonly state: State; readonly planned: GoalPlan };

/** Makes the machine as the record says. False: that could not be done, and is as before; the files say more about why. */
async function healFromRecord(run: ReconcileRun, opened: Session, { state, planned }: RecordedLab): Promise<boolean> {
  try {
    await runPlan(opened, planned, {
      command: runCommand(run.settings),
      confirmSeconds: null,
      next: (resources) => ({ ...state, resources, appliedAt: new Date().toISOString() }),
      display: () => NO_DISPLAY,
      onFailure: 'rollback',
    });
    return true;
  } catch (error) {
    if (error instanceof Error && 'exitCode' in error && error.exitCode === EXIT.rolledBack) return false;
    throw error;
  }
}
