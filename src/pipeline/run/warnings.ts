import { findKeepReasons } from '../../engine/plan/keep-reasons.ts';
import type { GoalPlan } from '../../engine/plan/plan.ts';
import { readEnabledLab } from '../../store/enabled-labs.ts';
import { isRunRecent, lastLockHolder } from '../../store/lock.ts';
import { readOtherLabs } from '../../store/shared-resources.ts';
import type { OfflineSession } from '../session.ts';

/**
 * Warns that another run was at work while the machine was read, from a moment on (in milliseconds, as `Date.now`): what was
 * read may be a lab that is half built.
 */
export function warnConcurrentRun({ store, progress }: OfflineSession, since: number, what: string): void {
  if (!isRunRecent(store, Date.now() - since)) return;
  progress.warn(
    `another run changes this machine at the same time, ${lastLockHolder(store)}: ${what} may show a lab that is half built; run it again afterwards`,
  );
}

/** Warns about the other labs of this machine whose state cannot be read. */
export function warnUnreadableLabs({ store, progress }: OfflineSession, lab: string | null): void {
  for (const { lab: other, why } of readOtherLabs(store, lab).unreadable) {
    progress.warn(
      `${why}; host settings that it may need stay as they are (netform forget ${other} stops managing it)`,
    );
  }
}

/** Warns about parts of the lab that stay on the machine although the plan gives them up. */
export function warnKept({ progress }: Pick<OfflineSession, 'progress'>, planned: GoalPlan): void {
  for (const reason of findKeepReasons(planned)) progress.warn(reason);
}

/** Warns that a lab which is no longer there, or no longer under that name, is applied at the next boot. */
export function warnEnabled({ store, progress }: Pick<OfflineSession, 'store' | 'progress'>, lab: string): void {
  if (readEnabledLab(store, lab))
    progress.warn(`${lab} comes back at the next boot: netform disable ${lab} undoes that`);
}
