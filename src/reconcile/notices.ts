import type { Moment, NoticeRecord, ReconcileOrders, ReconcileState } from '../model/results/reconcile-state.ts';

/** What is said about a change of state: about a lab, or (null) about the source and the reconcile as a whole. */
export type Notice = {
  readonly lab: string | null;
  readonly state: string;
  readonly commit: string;
  readonly reason: string | null;
  readonly problem: string | null;
  readonly since: Moment;
};

/** A notice that has to be delivered now, to these receivers. */
export type DueNotice = {
  readonly subject: string;
  readonly key: string;
  readonly notice: Notice;
  readonly receivers: readonly string[];
};

const REPEAT_MS = 3_600_000;
const WHOLE = 'source';

/**
 * The notices that are due: one for each change of state, and again each hour for what still is not as it should be. Undoing
 * changes of others again and again is one state, not many.
 */
export function dueNotices(
  state: ReconcileState,
  orders: ReconcileOrders,
  { receivers, now }: { readonly receivers: readonly string[]; readonly now: Moment },
): readonly DueNotice[] {
  return currentNotices(state, orders).flatMap(({ subject, notice }) => {
    const key = [notice.state, notice.commit, notice.reason ?? ''].join(' ');
    const former = state.notices[subject];
    const due = receivers.filter((receiver) => isDue(former, { key, notice, receiver, now }));
    return due.length === 0 ? [] : [{ subject, key, notice, receivers: due }];
  });
}

type NoticeQuestion = {
  readonly key: string;
  readonly notice: Notice;
  readonly receiver: string;
  readonly now: Moment;
};

function isDue(former: NoticeRecord | undefined, { key, notice, receiver, now }: NoticeQuestion): boolean {
  const isGood = notice.state === 'synced';
  if (former === undefined) return !(notice.lab === null && isGood);
  if (isGood && former.key === ['healed', notice.commit, ''].join(' ')) return false;
  const delivered = former.key === key ? former.delivered[receiver] : undefined;
  if (delivered === undefined) return true;
  return !isGood && (now - delivered >= REPEAT_MS || delivered > now);
}

/** The records of notices after a delivery. */
export function noteDelivery(
  notices: ReconcileState['notices'],
  { subject, key }: DueNotice,
  { receiver, now }: { readonly receiver: string; readonly now: Moment },
): ReconcileState['notices'] {
  const former = notices[subject];
  const delivered = { ...(former?.key === key ? former.delivered : {}), [receiver]: now };
  return { ...notices, [subject]: { key, delivered } };
}

function currentNotices(
  state: ReconcileState,
  orders: ReconcileOrders,
): readonly { readonly subject: string; readonly notice: Notice }[] {
  const labs = Object.entries(state.labs).flatMap(([lab, { status }]) =>
    status === null ? [] : [{ subject: `lab ${lab}`, notice: { lab, ...status } }],
  );
  return [{ subject: WHOLE, notice: wholeNotice(state, orders) }, ...labs];
}

/** The gravest that is to be said about all of it. */
export function wholeNotice(
  { stopped, unreachable, refusal, tip, run }: ReconcileState,
  { suspended }: ReconcileOrders,
): Notice {
  const commit = tip?.commit ?? '';
  const about = { lab: null, commit, reason: null };
  if (stopped !== null)
    return { ...about, state: 'stopped', reason: 'incomplete', problem: stopped.problem, since: stopped.since };
  if (suspended !== null) {
    const problem = `suspended by ${suspended.by}${suspended.why === null ? '' : `: ${suspended.why}`}`;
    return { ...about, state: 'suspended', problem, since: suspended.since };
  }
  if (refusal !== null) return { lab: null, ...refusal };
  if (unreachable !== null) return { ...about, commit: '', state: 'unreachable', ...unreachable };
  return { ...about, commit: '', state: 'synced', problem: null, since: run?.at ?? 0 };
}
