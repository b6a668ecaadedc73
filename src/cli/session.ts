import type { Progress } from '../model/results/progress.ts';
import type { OfflineSession, Session } from '../pipeline/session.ts';
import { terminalProgress } from '../report/progress/terminal-progress.ts';

/** What a command prints of what the pipeline reports. */
export type CommandReports = Pick<Progress, 'warn' | 'recovered'>;

/** The machine and the store of this host; progress is shown on the terminal. */
export async function openSession(reports: CommandReports): Promise<Session> {
  const { openHostSession } = await import('../pipeline/host-session.ts');
  return openHostSession({ ...terminalProgress, ...reports });
}

/** The store of this host for a command that does not need the machine, which is not even loaded. */
export async function openOffline(reports: CommandReports): Promise<OfflineSession> {
  const { openOfflineSession } = await import('../pipeline/session.ts');
  return openOfflineSession({ ...terminalProgress, ...reports });
}

/** Reports the runs that were interrupted or wait to be confirmed, for a command that only reads. */
export async function reportOpenRuns(reports: CommandReports): Promise<void> {
  const { listVisibleOpenRuns } = await import('../pipeline/recovery/open-runs.ts');
  for (const one of listVisibleOpenRuns((await openOffline(reports)).store)) reports.recovered(one);
}
