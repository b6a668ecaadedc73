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
