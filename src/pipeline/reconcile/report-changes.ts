import { hostname } from 'node:os';
import { runProgram } from '../../kernel/process/run-program.ts';
import type { Moment, ReconcileOrders, ReconcileState } from '../../model/results/reconcile-state.ts';
import { metricsText } from '../../reconcile/metrics.ts';
import { dueNotices, type Notice, noteDelivery } from '../../reconcile/notices.ts';
import type { ReconcileSettings, ReportSettings } from '../../reconcile/settings.ts';
import { writePublicFile } from '../../store/atomic-write.ts';
import { writeReconcileState } from '../../store/reconcile-store.ts';
import type { Session } from '../session.ts';
import { trustProblem } from './trusted-file.ts';

/** What is reported about. */
export type ReportContext = {
  readonly session: Session;
  readonly settings: Pick<ReconcileSettings, 'name' | 'report'>;
  readonly orders: ReconcileOrders;
  readonly now: () => Moment;
};

const COMMAND_TIMEOUT_MS = 30_000;
const WEBHOOK_TIMEOUT_MS = 10_000;

/**
 * Writes the metrics, and delivers the notices that are due. What cannot be delivered is a warning, and is tried again by the
 * next run. Gives the state with what was delivered.
 */
export async function reportChanges(
  context: ReportContext,
  { state }: { readonly state: ReconcileState },
): Promise<ReconcileState> {
  const { session, settings, orders, now } = context;
  const { metrics, webhook, command } = settings.report;
  const receivers = [...(webhook === null ? [] : ['webhook']), ...(command === null ? [] : ['command'])];
  let { notices } = state;
  for (const due of dueNotices(state, orders, { receivers, now: now() })) {
    for (const receiver of due.receivers) {
      const problem = await deliver(settings, receiver, due.notice);
      if (problem === null) notices = noteDelivery(notices, due, { receiver, now: now() });
      else session.progress.warn(`the notice about ${due.subject} was not delivered to the ${receiver}: ${problem}`);
    }
  }
  const reported = notices === state.notices ? state : { ...state, notices };
  if (reported !== state) writeReconcileState(session.store, settings.name, reported);
  if (metrics !== null) writeMetrics(session, metrics, metricsText(settings.name, reported, orders));
  return reported;
}

function writeMetrics({ progress }: Session, path: string, text: string): void {
  try {
    writePublicFile(path, text);
  } catch (error) {
    progress.warn(`the metrics cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function deliver(
  { name, report }: Pick<ReconcileSettings, 'name' | 'report'>,
  receiver: string,
  { since, ...notice }: Notice,
): Promise<string | null> {
  const about = { version: 1, host: hostname(), reconcile: name, ...notice, since: new Date(since).toISOString() };
  const text = `${JSON.stringify(about)}\n`;
  return receiver === 'webhook' ? post(report, text) : callCommand(report, text, notice);
}

async function post({ webhook }: ReportSettings, body: string): Promise<string | null> {
  try {
    const answer = await fetch(webhook ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(WEBHOOK_TIMEOUT_MS),
    });
    await answer.body?.cancel();
    return answer.ok ? null : `it answered ${answer.status}`;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return cause instanceof Error ? cause.message : String(cause);
  }
}

function callCommand(
  { command }: ReportSettings,
  input: string,
  { commit, state }: Omit<Notice, 'since'>,
): string | null {
  const [file = '', ...args] = command ?? [];
  const distrust = trustProblem(file);
  if (distrust !== null) return distrust;
  const env = { NETFORM_COMMIT: commit, NETFORM_STATE: state };
  const { exitCode, problem } = runProgram({ file, args, env, input, timeoutMs: COMMAND_TIMEOUT_MS });
  return problem ?? (exitCode === 0 ? null : `it ended with ${exitCode}`);
}
