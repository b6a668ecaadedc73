import type {
  GoodRevision,
  LabReconcileRecord,
  LabSyncStatus,
  Moment,
  SyncHistoryEntry,
} from '../model/results/reconcile-state.ts';
import { countFailure } from './backoff.ts';
import type { BackoffSettings } from './settings.ts';

/** How a run ended for a lab. `failed` is tried again after a pause, `refused` with another commit only. */
export type LabOutcome =
  | { readonly kind: 'synced' | 'healed' }
  | { readonly kind: 'drifted'; readonly problem: string }
  | { readonly kind: 'held' | 'refused'; readonly reason: string; readonly problem: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly problem: string }
  /** Another run is in the way: nothing is counted. */
  | { readonly kind: 'busy'; readonly problem: string }
  /** A rollback is incomplete: nothing more is done before a person has looked. */
  | { readonly kind: 'stopped'; readonly problem: string };

/** What is known of a lab before its first run: nothing. */
export const NEW_RECORD: LabReconcileRecord = {
  status: null,
  good: null,
  attempt: null,
  failure: null,
  healFailure: null,
  refused: null,
  history: [],
  ignored: [],
};

/** What an outcome is about: a commit under settings, when it ended and how long it took. */
export type OutcomeContext = {
  /** Whether what was applied before is looked after, or something new is tried. */
  readonly about: 'applied' | 'new';
  readonly commit: string;
  readonly settings: string;
  readonly backoff: BackoffSettings;
  readonly now: Moment;
  readonly ms: number;
};

/** The record after a commit was tried, or the good one looked after. `good`: what is applied now. */
export function recordOutcome(
  record: LabReconcileRecord,
  outcome: LabOutcome,
  { good, ...context }: OutcomeContext & { readonly good: GoodRevision | null },
): LabReconcileRecord {
  const { commit, settings } = context;
  const before = { ...record, good, attempt: null };
  if (outcome.kind === 'busy') return before;
  const status = nextStatus(record.status, outcome, context);
  const isNew = context.about === 'new';
  const counted =
    outcome.kind === 'failed'
      ? countFailure(isNew ? record.failure : record.healFailure, { commit, settings, kind: outcome.reason }, context)
      : null;
  return {
    ...before,
    status,
    failure: isNew ? counted : record.failure,
    healFailure: isNew ? null : counted,
    refused: isNew ? (outcome.kind === 'refused' ? { commit, settings } : null) : record.refused,
    history: nextHistory(record.history, status, context),
  };
}

function nextStatus(former: LabSyncStatus | null, outcome: LabOutcome, { commit, now }: OutcomeContext): LabSyncStatus {
  const state = outcome.kind === 'stopped' || outcome.kind === 'busy' ? 'failed' : outcome.kind;
  const reason = outcome.kind === 'stopped' ? 'incomplete' : 'reason' in outcome ? outcome.reason : null;
  const problem = 'problem' in outcome ? outcome.problem : null;
  const isSame = former?.state === state && former.commit === commit && former.reason === reason;
  return { state, commit, reason, problem, since: isSame ? former.since : now };
}

const HISTORY_LENGTH = 5;

/** Runs with the same commit and result are one entry; the newest is first. */
function nextHistory(
  history: readonly SyncHistoryEntry[],
  { commit, state }: LabSyncStatus,
  { now, ms }: OutcomeContext,
): readonly SyncHistoryEntry[] {
  const known = history.find((one) => one.commit === commit && one.state === state);
  const { first, count } = known ?? { first: now, count: 0 };
  const others = history.filter((one) => one !== known);
  return [{ commit, state, first, last: now, ms, count: count + 1 }, ...others].slice(0, HISTORY_LENGTH);
}
