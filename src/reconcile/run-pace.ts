/** How soon a resident reconcile runs again after the kernel has spoken of its labs. */
export type RunPace = {
  /** 0: at once. */
  readonly pauseMs: number;
  /** Whether the last run changed something: what is heard next may be that. */
  readonly isEcho: boolean;
};

/** Before the first run. */
export const FIRST_PACE: RunPace = { pauseMs: 0, isEcho: true };

/** A run that ended: what it was for, whether it changed or found something, and the longest pause. */
type EndedRun = { readonly look: 'source' | 'machine'; readonly isNews: boolean; readonly mostMs: number };

/**
 * The pace after a run. Each run that the kernel asked for in vain is followed by a pause twice as long as the one before, so that a
 * machine with a busy network costs little; what a run did itself is heard once, and counts for nothing.
 */
export function nextPace({ pauseMs, isEcho }: RunPace, { look, isNews, mostMs }: EndedRun): RunPace {
  if (isNews || look === 'source') return { pauseMs: 0, isEcho: isNews };
  return { pauseMs: isEcho ? pauseMs : Math.min(mostMs, Math.max(FIRST_PAUSE_MS, pauseMs * 2)), isEcho: false };
}

const FIRST_PAUSE_MS = 500;
