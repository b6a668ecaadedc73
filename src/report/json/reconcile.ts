import type { Json } from '../../model/json.ts';
import type {
  FailureCount,
  LabSyncStatus,
  ReconcileOrders,
  ReconcileState,
} from '../../model/results/reconcile-state.ts';

/** A reconcile as it is remembered, for display. */
export type ReconcileReport = {
  readonly name: string;
  /** Null: it never ran. */
  readonly state: ReconcileState | null;
  readonly orders: ReconcileOrders;
};

/** The word for a reconcile as a whole: what is gravest of it. Suspended is never in sync. */
export function reconcileWord({ state, orders }: ReconcileReport): string {
  if (state?.stopped) return 'stopped';
  if (orders.suspended) return 'suspended';
  if (state?.run == null) return 'unknown';
  if (state.refusal) return state.refusal.state;
  const states = Object.values(state.labs).flatMap(({ status }) => status?.state ?? []);
  const worst = GRAVITY.find((one) => states.includes(one));
  if (worst !== undefined) return worst;
  return state.unreachable ? 'unreachable' : 'synced';
}

const GRAVITY = ['refused', 'held', 'failed', 'drifted'] as const;

/** A reconcile as JSON; times are ISO 8601. */
export function reconcileJson(report: ReconcileReport): Json {
  const { name, state, orders } = report;
  const { suspended } = orders;
  const head = {
    name,
    state: reconcileWord(report),
    suspended: suspended && { ...suspended, since: iso(suspended.since) },
    approved: orders.approved.map((one) => ({ ...one })),
  };
  if (state === null) return head;
  const { file, tip, applied, refusal, unreachable, stopped, run } = state;
  return {
    ...head,
    file,
    commit: tip?.commit ?? null,
    applied,
    refused: refusal && statusJson(refusal),
    unreachable: unreachable && { ...unreachable, since: iso(unreachable.since) },
    stopped: stopped && { lab: stopped.lab, problem: stopped.problem, since: iso(stopped.since) },
    labs: Object.entries(state.labs).map(([lab, record]) => ({
      lab,
      ...(record.status === null ? { state: 'unknown' } : statusJson(record.status)),
      good: record.good && {
        commit: record.good.commit,
        file: record.good.file,
        vars: record.good.vars.map((one) => one.split('=')[0] ?? ''),
      },
      failures: record.failure && failureJson(record.failure),
      healFailures: record.healFailure && failureJson(record.healFailure),
      ignored: [...record.ignored],
      history: record.history.map((one) => ({ ...one, first: iso(one.first), last: iso(one.last) })),
    })),
    unnamed: [...(tip?.unnamed ?? [])],
    run: run && {
      at: iso(run.at),
      ms: run.ms,
      exitCode: run.exitCode,
      success: run.success === null ? null : iso(run.success),
    },
  };
}

const failureJson = ({ kind, tries, nextAt }: FailureCount) => ({ kind, tries, next: iso(nextAt) });

const statusJson = ({ since, ...status }: LabSyncStatus) => ({ ...status, since: iso(since) });

const iso = (at: number): string => new Date(at).toISOString();
