import { findKeepReasons } from '../../engine/plan/keep-reasons.ts';
import type { GoalPlan } from '../../engine/plan/plan.ts';
import { readOtherLabs } from '../../store/shared-resources.ts';
import type { OfflineSession } from '../session.ts';

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
