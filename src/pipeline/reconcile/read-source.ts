import type {
  FoundLab,
  LabReconcileRecord,
  LabSyncStatus,
  ReconcileState,
  SourceTip,
} from '../../model/results/reconcile-state.ts';
import { sha256 } from '../../model/values/hash.ts';
import { treeFolder } from '../../store/reconcile-store.ts';
import { findLabs } from './find-labs.ts';
import type { ReconcileRun } from './reconcile-run.ts';
import type { FetchResult, Revision } from './sources/source.ts';

/** Looks at the source, and notes its newest commit with the labs in it, or why there is none to go by. */
export const readSource = (run: ReconcileRun): void => run.note(lookAtSource(run));

function lookAtSource(run: ReconcileRun): Partial<ReconcileState> {
  const now = run.now();
  const fetched = fetchRevision(run);
  if (fetched.kind === 'unreachable') {
    const { unreachable } = run.state();
    return { unreachable: { problem: fetched.problem, since: unreachable?.since ?? now } };
  }
  if (fetched.kind === 'refused') return { unreachable: null, refusal: refusal(run, { state: 'refused', ...fetched }) };
  const tip = findTip(run, fetched);
  if (tip.labs.length === 0 && !isApproved(run, tip.commit)) {
    const state = run.settings.deletes.empty === 'hold' ? 'held' : 'refused';
    const problem = 'there is no topology in the source';
    return { unreachable: null, refusal: refusal(run, { state, commit: tip.commit, reason: 'emptied', problem }) };
  }
  return { unreachable: null, refusal: null, tip };
}

/** What netform approve says yes to for the source as a whole. */
export const WHOLE_SOURCE = '*';

const isApproved = ({ orders }: ReconcileRun, commit: string): boolean =>
  orders.approved.some((one) => one.lab === WHOLE_SOURCE && one.commit === commit && one.reason === 'emptied');

function fetchRevision(run: ReconcileRun): FetchResult {
  try {
    return run.source.fetch(run.state().applied);
  } catch (error) {
    // A full disk, or a program that is not installed.
    return { kind: 'unreachable', problem: error instanceof Error ? error.message : String(error) };
  }
}

type RefusedCommit = Pick<LabSyncStatus, 'state' | 'commit' | 'reason' | 'problem'>;

function refusal(run: ReconcileRun, { state, commit, reason, problem }: RefusedCommit): LabSyncStatus {
  const former = run.state().refusal;
  const isSame = former?.state === state && former.commit === commit && former.reason === reason;
  return { state, commit, reason, problem, since: isSame ? former.since : run.now() };
}

/** The labs of a commit: those that were found before, while nothing that they follow from has changed. */
function findTip(run: ReconcileRun, { commit, tree }: Revision): SourceTip {
  const { settings, variables, session } = run;
  const { tip, labs } = run.state();
  const key = sha256(JSON.stringify([tree, settings.digest, [...variables]]));
  // What a refusal is about may be a file of this machine.
  const isUsable = tip?.labs.every((one) => one.refusal === null) ?? false;
  if (tip?.key === key && isUsable && treeFolder(session.store, settings.name, tree) !== null)
    return { ...tip, commit };
  const folder = treeFolder(session.store, settings.name, tree) ?? '/nonexistent';
  const found = findLabs({ folder, settings, variables });
  return { commit, tree, key, ...withFormerNames(found, labs) };
}

/** A file that cannot be read is that of the lab which it was of before; so is one that no longer names a lab. */
function withFormerNames(
  { labs, unnamed }: Pick<SourceTip, 'labs' | 'unnamed'>,
  records: { readonly [lab: string]: LabReconcileRecord },
): Pick<SourceTip, 'labs' | 'unnamed'> {
  const former = new Map(
    Object.entries(records).flatMap(([lab, { good }]) => (good === null ? [] : [[good.file, lab]])),
  );
  const lost = unnamed.filter((file) => former.has(file));
  const refused = lost.map((file): FoundLab => {
    const refusal = { reason: 'invalid', problem: `${file} no longer names a lab` };
    return { lab: former.get(file) ?? file, file, vars: [], refusal };
  });
  return {
    labs: [
      ...labs.map((one) => (one.lab === one.file ? { ...one, lab: former.get(one.file) ?? one.lab } : one)),
      ...refused,
    ],
    unnamed: unnamed.filter((file) => !former.has(file)),
  };
}
