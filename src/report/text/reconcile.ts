import type { LabReconcileRecord, ReconcileState } from '../../model/results/reconcile-state.ts';
import { utcTimeText } from '../../model/results/recovery-notice.ts';
import { alignColumns } from '../../model/values/columns.ts';
import { escapeControl } from '../../model/values/escape-control.ts';
import { type ReconcileReport, reconcileWord } from '../json/reconcile.ts';
import type { Paint } from './colour.ts';

/** Reconciles with their labs, and what is to be said about each, for a person. */
export const reconcilesText = (reports: readonly ReconcileReport[], paint: Paint): string =>
  reports.length === 0
    ? 'There is no reconcile file in /etc/netform/reconcile.d.\n'
    : reports.map((report) => reconcileText(report, paint)).join('\n');

function reconcileText(report: ReconcileReport, paint: Paint): string {
  const { name, state, orders } = report;
  const word = reconcileWord(report);
  const colour =
    word === 'synced' ? 'green' : word === 'failed' || word === 'refused' || word === 'stopped' ? 'red' : 'yellow';
  const head = `${paint('bold', name)}   ${paint(colour, word)}${state?.tip ? `   ${shortCommit(state.tip.commit)}` : ''}\n`;
  const { suspended } = orders;
  const why = suspended?.why == null ? '' : `: ${suspended.why}`;
  const notes = [
    ...(suspended
      ? [`suspended by ${suspended.by}, ${timeText(suspended.since)}${why}; netform reconcile resume ${name}`]
      : []),
    ...(state === null ? ['it has not run yet'] : stateNotes(name, state)),
  ];
  const rows = Object.entries(state?.labs ?? {}).map(([lab, record]) => labRow(lab, record, suspended !== null));
  const lines = [...alignColumns(rows), ...notes].map((line) => `  ${escapeControl(line)}\n`);
  return head + lines.join('');
}

/** The first twelve digits of a commit. */
const shortCommit = (commit: string): string => commit.slice(0, 12);

const timeText = (at: number): string => utcTimeText(new Date(at).toISOString());

function labRow(lab: string, { status, good }: LabReconcileRecord, isSuspended: boolean): readonly string[] {
  const applied = good === null ? 'not applied' : shortCommit(good.commit);
  if (status === null) return [lab, 'unknown', applied, ''];
  const word = isSuspended ? `suspended (${status.state})` : status.state;
  return [lab, status.reason === null ? word : `${word}: ${status.reason}`, applied, `since ${timeText(status.since)}`];
}

function stateNotes(name: string, { stopped, refusal, unreachable, labs, tip }: ReconcileState): readonly string[] {
  const notes: string[] = [];
  if (stopped)
    notes.push(
      `nothing is done since ${timeText(stopped.since)}: ${stopped.lab}: ${stopped.problem}; look at it, then netform rollback ${stopped.lab}, and netform reconcile resume ${name}`,
    );
  if (refusal)
    notes.push(
      `${shortCommit(refusal.commit)} is ${refusal.state} (${refusal.reason}): ${refusal.problem}${refusal.state === 'held' ? `; netform reconcile approve ${name}` : ''}`,
    );
  if (unreachable) notes.push(`the source cannot be read since ${timeText(unreachable.since)}: ${unreachable.problem}`);
  for (const [lab, { status, failure, healFailure, ignored }] of Object.entries(labs)) {
    const approve =
      status?.state === 'held' && status.reason !== 'after' && status.reason !== 'unread'
        ? `; netform reconcile approve ${name} ${lab}`
        : '';
    if (status?.problem) notes.push(`${lab} ${shortCommit(status.commit)}: ${status.problem}${approve}`);
    if (failure && status?.state === 'failed')
      notes.push(
        `${lab} was tried ${failure.tries === 1 ? 'once' : `${failure.tries} times`}; next ${timeText(failure.nextAt)}, or netform reconcile now ${name}`,
      );
    if (healFailure && status?.state === 'failed' && status.commit === healFailure.commit)
      notes.push(`${lab} is healed again from ${timeText(healFailure.nextAt)} on, or netform reconcile now ${name}`);
    for (const one of ignored) notes.push(`${lab}: others changed ${one} (ignored)`);
  }
  for (const file of tip?.unnamed ?? []) notes.push(`${file} names no lab, and no lab includes it: it is not applied`);
  return notes;
}
