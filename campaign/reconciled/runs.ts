import { existsSync, readFileSync, rmSync } from 'node:fs';
import { NO_PROGRESS } from '../../src/model/results/progress.ts';
import type { FailureCount, ReconcileState } from '../../src/model/results/reconcile-state.ts';
import { withFaults } from '../faults.ts';
import { verbs } from '../netform.ts';
import { must } from '../property.ts';
import { spawnRunner } from '../spawn.ts';
import { drivenClock } from './clock.ts';
import { LABS } from './history.ts';
import { BACKOFF, RECONCILE_FILE } from './repository.ts';

const STATE = '/var/lib/netform/.reconcile/lab/state.json';
const COUNTS = '/run/faults.json';

/** How a run ended: with an exit code, or (null) with what it threw; and how many instructions it gave the machine. */
export type ReconcileEnding = {
  readonly exitCode: number | null;
  readonly problem: string;
  readonly instructions: number;
};

/** What is remembered now; null: nothing. A half file is a failure. */
export const readRemembered = (): ReconcileState | null =>
  existsSync(STATE) ? JSON.parse(readFileSync(STATE, 'utf8')) : null;

/** One run in this process. Its pace is looked at. */
export async function reconcileHere(fault?: string): Promise<ReconcileEnding> {
  const before = readRemembered();
  const start = Date.now();
  rmSync(COUNTS, { force: true });
  process.env['NETFORM_FAULT_LOG'] = COUNTS;
  if (fault !== undefined) process.env['NETFORM_FAULT'] = fault;
  const ended = { exitCode: null as number | null, problem: '' };
  try {
    const session = withFaults(verbs.openHostSession(NO_PROGRESS));
    const options = { lockTimeoutMs: 20_000, pauses: 'kept' as const };
    const result = await verbs.runReconcile(session, { name: 'lab', file: RECONCILE_FILE }, options);
    must(result.findings === null, 'the reconcile file has mistakes');
    ended.exitCode = result.exitCode;
  } catch (error) {
    ended.problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
  } finally {
    delete process.env['NETFORM_FAULT'];
    delete process.env['NETFORM_FAULT_LOG'];
  }
  checkPace(before, readRemembered(), start);
  const counts = existsSync(COUNTS) ? (readFileSync(COUNTS, 'utf8').trim().split('\n').at(-1) ?? '') : '';
  return { ...ended, instructions: counts === '' ? 0 : JSON.parse(counts).instruction };
}

/** One run in a process of its own that is killed: at a fault, or after so many milliseconds. */
export async function reconcileKilled(kill: { readonly fault: string } | { readonly afterMs: number }): Promise<void> {
  const before = readRemembered();
  const start = Date.now();
  const manner = 'fault' in kill ? kill : { signalAfter: ['SIGKILL', kill.afterMs] as const };
  const { code, signal, text } = await spawnRunner(['reconcile', RECONCILE_FILE], { ...manner, env: drivenClock() });
  must(signal === 'SIGKILL' || code !== 1, `a run that was not killed ended with ${code}: ${text}`);
  checkPace(before, readRemembered(), start);
}

/** Nothing is tried before its pause is over, and each pause is twice the one before. */
function checkPace(before: ReconcileState | null, after: ReconcileState | null, start: number): void {
  if (after === null) return;
  for (const lab of LABS) {
    for (const which of ['failure', 'healFailure'] as const) {
      const [old, now] = [before?.labs[lab]?.[which] ?? null, after.labs[lab]?.[which] ?? null];
      checkCount(`${lab}: ${which}`, { old, now, start });
    }
  }
}

type Counts = { readonly old: FailureCount | null; readonly now: FailureCount | null; readonly start: number };

function checkCount(what: string, { old, now, start }: Counts): void {
  if (now === null || JSON.stringify(now) === JSON.stringify(old)) return;
  const isSameCommit = old !== null && old.commit === now.commit && old.settings === now.settings;
  if (isSameCommit)
    must(
      start + SLACK_MS >= old.nextAt,
      `${what}: tried before its pause was over: ${JSON.stringify({ old, now, start })}`,
    );
  const tries = isSameCommit && old.kind === now.kind ? old.tries + 1 : 1;
  must(now.tries === tries, `${what}: the ${tries}th failure is counted as the ${now.tries}th`);
  const pause = Math.min(BACKOFF.most, BACKOFF.first * 2 ** (tries - 1)) * 1000;
  must(now.nextAt >= start + pause, `${what}: failure ${tries} is followed by a pause of ${now.nextAt - start} ms`);
}

/** A run in another process looks at the clock a little later than the one that started it. */
const SLACK_MS = 30_000;
