import type { FoundLab, GoodRevision, LabReconcileRecord, SourceTip } from '../../model/results/reconcile-state.ts';
import { elapsedMs } from '../../model/values/elapsed.ts';
import { isWaiting } from '../../reconcile/backoff.ts';
import { noteHeal } from '../../reconcile/flap-guard.ts';
import { type LabOutcome, recordOutcome } from '../../reconcile/lab-records.ts';
import { listReconciles, readReconcileState } from '../../store/reconcile-store.ts';
import { readState } from '../../store/state.ts';
import { type Approvals, applyLab } from './apply-lab.ts';
import { confirmChange, recordedNamespaces } from './confirm-change.ts';
import { healLab } from './heal-lab.ts';
import { type ReconcileRun, stopRun } from './reconcile-run.ts';

/** How a run of a lab ended, for the run as a whole. */
export type SyncEnd = 'done' | 'busy' | 'stopped';

/** Brings a lab to what the newest commit says, or looks after what was applied last. */
export async function syncLab(run: ReconcileRun, tip: SourceTip, found: FoundLab): Promise<SyncEnd> {
  const { lab } = found;
  const target: GoodRevision = { commit: tip.commit, tree: tip.tree, file: found.file, vars: found.vars };
  const record = run.record(lab);
  if (record.good !== null && isSameRevision(record.good, target))
    return lookAfter(run, lab, { ...record.good, commit: tip.commit });
  const obstacle = obstacleTo(run, found, target);
  if (obstacle === 'wait') return lookAfterFormer(run, lab);
  if (obstacle !== null) {
    note(run, lab, { about: 'new', outcome: obstacle, target, good: record.good, start: elapsedMs() });
    return lookAfterFormer(run, lab);
  }
  const end = await attempt(run, lab, target);
  const isApplied = run.record(lab).good === target;
  return end === 'done' && !isApplied ? lookAfterFormer(run, lab) : end;
}

const isSameRevision = (one: GoodRevision, other: GoodRevision): boolean =>
  one.tree === other.tree && one.file === other.file && JSON.stringify(one.vars) === JSON.stringify(other.vars);

/** Why a commit is not tried now: an outcome that is recorded, or `wait` where what is recorded still holds. Null: it is tried. */
function obstacleTo(
  run: ReconcileRun,
  { lab, refusal }: FoundLab,
  { commit }: GoodRevision,
): LabOutcome | 'wait' | null {
  const { settings, isForced } = run;
  const { failure, refused, good } = run.record(lab);
  const key = { commit, settings: settings.digest };
  if (refusal !== null) return { kind: 'refused', ...refusal };
  const other = holderOf(run, lab);
  if (other !== null)
    return { kind: 'refused', reason: 'taken', problem: `the lab belongs to netform reconcile ${other}` };
  if (run.state().unreachable !== null) return 'wait';
  const isApproved = approvalsOf(run, lab, commit).size > 0;
  if (refused?.commit === key.commit && refused.settings === key.settings && !isApproved && !isForced) return 'wait';
  if (!isForced && isWaiting(failure, key, { now: run.now(), backoff: settings.backoff })) return 'wait';
  const before = (settings.after[lab] ?? []).find((one) => !isSettled(run, one, commit));
  if (before !== undefined)
    return {
      kind: 'held',
      reason: 'after',
      problem: `${before} comes first, and is not as ${commit.slice(0, 12)} has it`,
    };
  if (good === null && readState(run.session.store, lab) !== null && !approvalsOf(run, lab, commit).has('adopt'))
    return {
      kind: 'held',
      reason: 'adopt',
      problem: `a lab ${lab} is on this machine already, and was not applied by this reconcile`,
    };
  return null;
}

/** Another reconcile of this machine that has applied the lab. */
function holderOf({ session: { store }, settings }: ReconcileRun, lab: string): string | null {
  const others = listReconciles(store).filter((name) => name !== settings.name);
  return others.find((name) => readReconcileState(store, name)?.labs[lab]?.good) ?? null;
}

/** A lab that the source does not have holds nothing up. */
function isSettled(run: ReconcileRun, lab: string, commit: string): boolean {
  const { tip } = run.state();
  const { good, status } = run.record(lab);
  const isThere = tip?.labs.some((one) => one.lab === lab) ?? false;
  return !isThere || (good?.commit === commit && (status?.state === 'synced' || status?.state === 'healed'));
}

/** What was approved of a lab for a commit. */
export const approvalsOf = ({ orders }: ReconcileRun, lab: string, commit: string): Approvals =>
  new Set(orders.approved.filter((one) => one.lab === lab && one.commit === commit).map(({ reason }) => reason));

async function attempt(run: ReconcileRun, lab: string, target: GoodRevision): Promise<SyncEnd> {
  const { settings } = run;
  const start = elapsedMs();
  const record = run.record(lab);
  const before = recordedNamespaces(run, lab);
  run.noteRecord(lab, {
    ...record,
    attempt: { commit: target.commit, settings: settings.digest, target, since: run.now() },
  });
  run.save();
  const confirmSeconds = settings.confirmSeconds === 0 ? null : settings.confirmSeconds;
  const applied = await applyLab(run, target, { confirmSeconds, approved: approvalsOf(run, lab, target.commit) });
  const refused =
    applied.kind === 'applied' && applied.isPending
      ? await confirmChange(run, lab, new Set([...before, ...recordedNamespaces(run, lab)]))
      : null;
  const outcome: LabOutcome = refused ?? (applied.kind === 'applied' ? { kind: 'synced' } : applied);
  const isGood = outcome.kind === 'synced';
  note(run, lab, { about: 'new', outcome, target, good: isGood ? target : record.good, start });
  if (isGood) run.note({ applied: target.commit });
  run.save();
  return outcome.kind === 'busy' || outcome.kind === 'stopped' ? outcome.kind : 'done';
}

/** Looks after what was applied last of a lab whose newest commit is not applied: what that one is stays its status. */
export async function lookAfterFormer(run: ReconcileRun, lab: string): Promise<SyncEnd> {
  const { good, status } = run.record(lab);
  if (good === null) return 'done';
  const end = await lookAfter(run, lab, good);
  const looked = run.record(lab);
  const isWorse = looked.status?.state === 'failed' && end === 'done';
  const problem =
    isWorse && status
      ? `${status.problem}; and what was applied last cannot be: ${looked.status?.problem}`
      : status?.problem;
  run.noteRecord(lab, { ...looked, status: status && { ...status, problem: problem ?? null } });
  return end;
}

/** Heals the revision that a lab was applied from last, unless that failed a short while ago. */
async function lookAfter(run: ReconcileRun, lab: string, good: GoodRevision): Promise<SyncEnd> {
  const { settings, isForced } = run;
  const record = run.record(lab);
  const key = { commit: good.commit, settings: settings.digest };
  if (!isForced && isWaiting(record.healFailure, key, { now: run.now(), backoff: settings.backoff })) return 'done';
  const start = elapsedMs();
  const { outcome, ignored, healed } = await healLab(run, { lab, good });
  note(run, lab, { about: 'applied', outcome, target: good, good, start });
  const told = ignored.map(({ id, fields }) => `${id}: ${fields.join(', ')}`);
  const after = { ...run.record(lab), ignored: told };
  const paced = run.manner === 'whole' ? {} : { healedAt: noteHeal(after.healedAt ?? {}, healed, run.now()) };
  run.noteRecord(lab, { ...after, ...paced });
  if (outcome.kind === 'healed') run.save();
  return outcome.kind === 'busy' || outcome.kind === 'stopped' ? outcome.kind : 'done';
}

type LabNote = {
  readonly about: 'applied' | 'new';
  readonly outcome: LabOutcome;
  readonly target: GoodRevision;
  readonly good: GoodRevision | null;
  readonly start: number;
};

function note(run: ReconcileRun, lab: string, { about, outcome, target, good, start }: LabNote): void {
  const { settings } = run;
  const context = {
    about,
    commit: target.commit,
    settings: settings.digest,
    backoff: settings.backoff,
    now: run.now(),
    ms: Math.round(elapsedMs() - start),
  };
  const record: LabReconcileRecord = recordOutcome(run.record(lab), outcome, { ...context, good });
  run.noteRecord(lab, record);
  if (outcome.kind === 'stopped') stopRun(run, lab, outcome.problem);
}
