import type { ReconcileState, SourceTip } from '../../model/results/reconcile-state.ts';
import { elapsedMs } from '../../model/values/elapsed.ts';
import { isWaiting } from '../../reconcile/backoff.ts';
import { reconcileExitCode } from '../../reconcile/exit-code.ts';
import { orderLabs } from '../../reconcile/lab-order.ts';
import { recordOutcome } from '../../reconcile/lab-records.ts';
import { listJournals } from '../../store/journal.ts';
import { keepTrees, readReconcileState } from '../../store/reconcile-store.ts';
import { confirmChange, recordedNamespaces } from './confirm-change.ts';
import { destroyDeparted } from './destroy-departed.ts';
import { endInterrupted } from './end-interrupted.ts';
import { readSource } from './read-source.ts';
import { beginRun, type ReconcileRun, type ReconcileWorld, stopRun } from './reconcile-run.ts';
import { approvalsOf, lookAfterFormer, type SyncEnd, syncLab } from './sync-lab.ts';

/** How a run ended: what is remembered now, and the exit code. */
export type ReconcileEnd = {
  readonly state: ReconcileState;
  readonly exitCode: number;
  /** Another run of netform was in the way. */
  readonly isBusy: boolean;
};

const NOTHING_KNOWN: Omit<ReconcileState, 'file'> = {
  version: 1,
  applied: null,
  tip: null,
  unreachable: null,
  refusal: null,
  stopped: null,
  labs: {},
  notices: {},
  run: null,
};

/**
 * One run: interrupted changes → source → each lab in order → labs that left. What is remembered is on the disk before each
 * change and after it, so that the next run goes on where this one was killed. The same world and the same state give the
 * same run. Throws what is not about a lab: a signal, a state that cannot be written.
 */
export async function reconcileOnce(world: ReconcileWorld): Promise<ReconcileEnd> {
  const { session, settings, orders, now } = world;
  const start = elapsedMs();
  const remembered = readReconcileState(session.store, settings.name) ?? { ...NOTHING_KNOWN, file: settings.file };
  const run = beginRun(world, { ...remembered, file: settings.file });
  const isSuspended = orders.suspended !== null;
  const isBusy = isSuspended || isStopped(run) ? false : await runLabs(run);
  const exitCode = reconcileExitCode(run.state(), { isSuspended, isBusy });
  const success = exitCode === 0 ? now() : (remembered.run?.success ?? null);
  run.note({ run: { at: now(), ms: Math.round(elapsedMs() - start), exitCode, success } });
  run.save();
  keepTrees(session.store, settings.name, neededTrees(run.state()));
  return { state: run.state(), exitCode, isBusy };
}

/** A rollback that was incomplete is brought to an end by a person, or by the next boot: then it no longer stops anything. */
function isStopped(run: ReconcileRun): boolean {
  const { stopped } = run.state();
  if (stopped === null) return false;
  if (!stopped.isOpen || listJournals(run.session.store).length > 0) return true;
  run.note({ stopped: null });
  return false;
}

/** Whether another run was in the way. */
async function runLabs(run: ReconcileRun): Promise<boolean> {
  const open = await endInterrupted(run);
  if (open !== null) {
    stopRun(run, open.lab, open.problem);
    return false;
  }
  if (run.manner !== 'woken') readSource(run);
  const { tip, labs } = run.state();
  const found = new Map(tip?.labs.map((one) => [one.lab, one]));
  const departed = Object.keys(labs).filter((lab) => !found.has(lab));
  let isBusy = false;
  for (const lab of orderLabs([...found.keys()], run.settings.after)) {
    const one = found.get(lab);
    const end = tip && one ? await syncLab(run, tip, one) : 'done';
    if (end === 'stopped') return false;
    isBusy ||= end === 'busy';
  }
  // The labs that others stand on go last.
  for (const lab of orderLabs(departed, run.settings.after).toReversed()) {
    const end = await leave(run, lab, tip);
    if (end === 'stopped') return false;
    isBusy ||= end === 'busy';
  }
  return isBusy;
}

/** A lab that the newest commit does not have. */
async function leave(run: ReconcileRun, lab: string, tip: SourceTip | null): Promise<SyncEnd> {
  const record = run.record(lab);
  const { good } = record;
  const { refusal, unreachable } = run.state();
  if (refusal !== null || unreachable !== null || tip === null) return lookAfterFormer(run, lab);
  if (good === null) {
    run.noteRecord(lab, null);
    return 'done';
  }
  const start = elapsedMs();
  const { settings } = run;
  const context = () => ({
    ...{ about: 'new' as const, commit: tip.commit, settings: settings.digest, backoff: settings.backoff, good },
    ...{ now: run.now(), ms: Math.round(elapsedMs() - start) },
  });
  const unread = tip.labs.find((one) => one.lab === one.file);
  if (unread !== undefined) {
    const problem = `it left the source, unless it is ${unread.file}, which cannot be read`;
    run.noteRecord(lab, recordOutcome(record, { kind: 'held', reason: 'unread', problem }, context()));
    return lookAfterFormer(run, lab);
  }
  const key = { commit: tip.commit, settings: settings.digest };
  if (!run.isForced && isWaiting(record.failure, key, { now: run.now(), backoff: settings.backoff }))
    return lookAfterFormer(run, lab);
  const lost = recordedNamespaces(run, lab);
  run.noteRecord(lab, {
    ...record,
    attempt: { commit: tip.commit, settings: settings.digest, target: null, since: run.now() },
  });
  run.save();
  const confirmSeconds = settings.confirmSeconds === 0 ? null : settings.confirmSeconds;
  const gone = await destroyDeparted(
    run,
    { lab, good },
    { confirmSeconds, approved: approvalsOf(run, lab, tip.commit) },
  );
  if (gone.kind === 'applied' && gone.isPending) warnUnasked(run, lab, lost);
  const outcome = gone.kind === 'applied' ? (gone.isPending ? await confirmChange(run, lab, new Set()) : null) : gone;
  if (outcome === null) {
    run.noteRecord(lab, null);
    run.note({ applied: tip.commit });
    run.save();
    return 'done';
  }
  run.noteRecord(lab, recordOutcome(record, outcome, context()));
  if (outcome.kind === 'stopped') stopRun(run, lab, outcome.problem);
  run.save();
  if (outcome.kind === 'busy' || outcome.kind === 'stopped') return outcome.kind;
  return lookAfterFormer(run, lab);
}

/** A probe inside a namespace has nowhere to run when that goes with its lab. */
function warnUnasked({ session, settings }: ReconcileRun, lab: string, lost: ReadonlySet<string>): void {
  for (const { in: place, run: argv } of settings.probes)
    if (place !== 'host' && lost.has(place))
      session.progress.warn(`the probe ${argv[0]} in ${place} is not asked: ${place} goes with the lab ${lab}`);
}

const neededTrees = ({ labs, tip }: ReconcileState): ReadonlySet<string> =>
  new Set([
    ...(tip === null ? [] : [tip.tree]),
    ...Object.values(labs).flatMap(({ good, attempt }) => [good?.tree ?? [], attempt?.target?.tree ?? []].flat()),
  ]);
