import { notifySystemd } from '../../../kernel/process/units/notify.ts';
import { EXIT } from '../../../model/error.ts';
import { elapsedMs } from '../../../model/values/elapsed.ts';
import { EXIT_WILL_RETRY } from '../../../reconcile/exit-code.ts';
import { FIRST_PACE, nextPace } from '../../../reconcile/run-pace.ts';
import { ordersFile } from '../../../store/reconcile-store.ts';
import { openHostStore } from '../../../store/store.ts';
import { onSignals } from '../../run/signals.ts';
import type { RunManner } from '../reconcile-run.ts';
import type { ReconcileFile } from '../settings-file.ts';
import type { WatchList } from './resident-run.ts';
import { type RunReport, type StartedRun, startRun } from './start-run.ts';
import { openWakes, type WakeTimes } from './wakes.ts';

type WatchOptions = {
  readonly lockTimeoutMs: number;
  /** Takes what a run has found, when that is news. */
  readonly take: (report: RunReport) => void;
};

/** A run that was killed, or in whose way another one was, is made again so soon. */
const RETRY_MS = 5000;
/** A pause is over when its time has passed on a clock that may run a little otherwise. */
const SLACK_MS = 50;

/**
 * Makes one run after the other until INT or TERM comes, each when there is a reason for it, and in a program of its own: this one
 * only waits. HUP is a reason, but of a terminal that was closed it is the end. A run that is at work ends as it ends by itself, or
 * is rolled back. Gives the exit code: 0, or that of the first run where it could not begin.
 */
export async function watchReconcile(file: ReconcileFile, { lockTimeoutMs, take }: WatchOptions): Promise<number> {
  const wakes = openWakes([file.file, ordersFile(openHostStore(), file.name)]);
  let running: StartedRun | null = null;
  let isEnding = false;
  const release = onSignals((name) => {
    if (name === 'SIGHUP' && !process.stdout.isTTY) return wakes.raise('resident');
    isEnding = true;
    wakes.raise('stop');
    running?.signal('SIGTERM');
  });
  const run = async (manner: RunManner): Promise<RunReport> => {
    running = startRun({ ...file, manner, lockTimeoutMs });
    const report = await running.report;
    running = null;
    return report;
  };
  try {
    let report = await run('resident');
    let looked = elapsedMs();
    let pace = FIRST_PACE;
    let list = report.watch;
    take(report);
    if (list === null) return isEnding ? EXIT.done : report.exitCode || EXIT.internal;
    notifySystemd('READY=1');
    for (;;) {
      list = report.watch ?? list;
      wakes.arm(list);
      const times = timesOf(list, { report, looked, pauseMs: pace.pauseMs });
      const wake = await wakes.next(times);
      if (wake === 'stop') return EXIT.done;
      if (wake === 'resident') looked = elapsedMs();
      report = await run(wake);
      if (report.isNews) take(report);
      const look = wake === 'woken' ? 'machine' : 'source';
      pace = nextPace(pace, { look, isNews: report.isNews, mostMs: list.everyMs });
    }
  } finally {
    release();
    await wakes.close();
  }
}

type Passed = { readonly report: RunReport; readonly looked: number; readonly pauseMs: number };

function timesOf({ everyMs, nextAt }: WatchList, { report, looked, pauseMs }: Passed): WakeTimes {
  // So that many machines do not ask one server at the same moment.
  const every = everyMs * (1 + JITTER * Math.random());
  return { pauseMs, lookMs: Math.max(0, looked + every - elapsedMs()), retryMs: retryIn(report, nextAt) };
}

function retryIn({ watch, exitCode }: RunReport, nextAt: number | null): number | null {
  if (watch === null) return RETRIED.includes(exitCode) ? RETRY_MS : null;
  return nextAt === null ? null : Math.max(0, nextAt - Date.now()) + SLACK_MS;
}

/** What else ends a run before it begins stays as it is until a person does something. */
const RETRIED: readonly number[] = [EXIT.locked, EXIT_WILL_RETRY];
const JITTER = 0.25;
