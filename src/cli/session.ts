import type { Progress } from '../model/results/progress.ts';
import type { OfflineSession, Session } from '../pipeline/session.ts';

/** The machine and the store of this host. */
export async function openSession(progress: Progress): Promise<Session> {
  const { openHostSession } = await import('../pipeline/host-session.ts');
  return openHostSession(progress);
}

/** The store of this host for a command that does not need the machine, which is not even loaded. */
export async function openOffline(progress: Progress): Promise<OfflineSession> {
  const { openOfflineSession } = await import('../pipeline/session.ts');
  return openOfflineSession(progress);
}

/** Reports the runs that were interrupted or wait to be confirmed, for a command that only reads. */
export async function reportOpenRuns(progress: Progress): Promise<void> {
  const { listVisibleOpenRuns } = await import('../pipeline/recovery/open-runs.ts');
  for (const one of listVisibleOpenRuns((await openOffline(progress)).store)) progress.recovered(one);
}
