import { userInfo } from 'node:os';
import { missingCapabilities } from '../../kernel/process/capabilities.ts';
import { EXIT, netformError } from '../../model/error.ts';
import type { ReconcileOrders, ReconcileState } from '../../model/results/reconcile-state.ts';
import {
  listReconciles,
  readReconcileOrders,
  readReconcileState,
  writeReconcileOrders,
  writeReconcileState,
} from '../../store/reconcile-store.ts';
import type { Store } from '../../store/store.ts';
import type { OfflineSession } from '../session.ts';
import { WHOLE_SOURCE } from './read-source.ts';
import { withRunLock } from './run-lock.ts';
import { findReconcileFile, findReconcileName, listReconcileFiles } from './settings-file.ts';

/** A reconcile as it is remembered; `state` null: it never ran. */
export type ReconcileView = {
  readonly name: string;
  readonly state: ReconcileState | null;
  readonly orders: ReconcileOrders;
};

/** What is remembered of a reconcile, or of all that have a file or have run. */
export function viewReconciles({ store }: OfflineSession, target: string | null): readonly ReconcileView[] {
  requireRoot();
  const names =
    target === null
      ? [...new Set([...listReconcileFiles(), ...listReconciles(store)])].toSorted()
      : [findReconcileName(store, target)];
  return names.map((name) => viewOf(store, name));
}

const viewOf = (store: Store, name: string): ReconcileView => ({
  name,
  state: readReconcileState(store, name),
  orders: readReconcileOrders(store, name),
});

/** Has runs do nothing until `resume`. A run that is at work comes to its end. */
export function suspendReconcile({ store }: OfflineSession, target: string, why: string | null): ReconcileView {
  requireRoot();
  const name = findReconcileName(store, target);
  const { approved } = readReconcileOrders(store, name);
  const by = process.env['SUDO_USER'] ?? userInfo().username;
  writeReconcileOrders(store, name, { suspended: { by, since: Date.now(), why }, approved });
  return viewOf(store, name);
}

/** Has runs go on, also after an incomplete rollback that a person has looked at. */
export function resumeReconcile(
  { store }: OfflineSession,
  target: string,
  lockTimeoutMs: number,
): Promise<ReconcileView & { readonly was: 'suspended' | 'stopped' | null }> {
  requireRoot();
  const name = findReconcileName(store, target);
  return withRunLock(store, { name, timeoutMs: lockTimeoutMs }, async () => {
    const { suspended, approved } = readReconcileOrders(store, name);
    const state = readReconcileState(store, name);
    const isStopped = state?.stopped != null;
    if (state && isStopped) writeReconcileState(store, name, { ...state, stopped: null });
    // A resident reconcile hears of it.
    if (suspended !== null || isStopped) writeReconcileOrders(store, name, { suspended: null, approved });
    return { ...viewOf(store, name), was: isStopped ? 'stopped' : suspended === null ? null : 'suspended' };
  });
}

/** What was approved: a lab (`*`: the source as a whole) with a commit, and what for. */
export type Approval = ReconcileOrders['approved'][number];

const APPROVABLE = ['deletes', 'emptied', 'adopt'];

/** Says yes to what is held now, of one lab or of all. Throws E_NOTHING_HELD. */
export function approveReconcile({ store }: OfflineSession, target: string, lab: string | null): readonly Approval[] {
  requireRoot();
  const name = findReconcileName(store, target);
  const state = readReconcileState(store, name);
  const held = [
    ...(state?.refusal?.state === 'held' ? [{ lab: WHOLE_SOURCE, status: state.refusal }] : []),
    ...Object.entries(state?.labs ?? {}).flatMap(([one, { status }]) =>
      status?.state === 'held' ? [{ lab: one, status }] : [],
    ),
  ];
  const approved = held.flatMap(({ lab: one, status: { commit, reason } }) =>
    reason !== null && APPROVABLE.includes(reason) && (lab === null || lab === one)
      ? [{ lab: one, commit, reason }]
      : [],
  );
  if (approved.length === 0) {
    const what = lab === null ? 'nothing of it' : `nothing of ${lab}`;
    throw netformError('E_NOTHING_HELD', EXIT.usage, `${what} is held for an approval`, {
      hint: `netform reconcile status ${name} shows what is`,
    });
  }
  const { suspended, approved: former } = readReconcileOrders(store, name);
  const others = former.filter(({ lab: one }) => !approved.some((fresh) => fresh.lab === one));
  writeReconcileOrders(store, name, { suspended, approved: [...others, ...approved] });
  return approved;
}

/** The reconcile files that a run is for. Throws E_USAGE unless one or all are given. */
export function reconcileTargets(target: string | null, which: 'all' | 'one') {
  if ((target === null) === (which === 'all'))
    return which === 'all' ? listReconcileFiles().map(findReconcileFile) : [findReconcileFile(target ?? '')];
  throw netformError('E_USAGE', EXIT.usage, 'give the name or the path of one reconcile file, or --all', {});
}

/** Throws E_PERMISSION when this process lacks capabilities. */
export function requireRoot(): void {
  const lacks = missingCapabilities();
  if (lacks !== null) throw netformError('E_PERMISSION', EXIT.usage, lacks, { hint: 'run it with sudo' });
}
