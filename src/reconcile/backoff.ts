import type { FailureCount, FailureKey } from '../model/results/reconcile-state.ts';
import type { BackoffSettings } from './settings.ts';

/** The count after one failure more. The pause is `first`, then twice the one before, up to `most`. */
export function countFailure(
  before: FailureCount | null,
  key: FailureKey,
  { now, backoff }: { readonly now: number; readonly backoff: BackoffSettings },
): FailureCount {
  const tries = before !== null && isSameFailure(before, key) ? before.tries + 1 : 1;
  return { ...key, tries, nextAt: now + pauseSeconds(tries, backoff) * 1000 };
}

/** The pause after so many failures in a row. */
export const pauseSeconds = (tries: number, { firstSeconds, mostSeconds }: BackoffSettings): number =>
  Math.min(mostSeconds, firstSeconds * 2 ** Math.min(tries - 1, MOST_DOUBLINGS));

const MOST_DOUBLINGS = 40;

/** Whether a commit has to wait. A clock that was set back does not make it wait for longer than the longest pause. */
export const isWaiting = (
  failure: FailureCount | null,
  { commit, settings }: Omit<FailureKey, 'kind'>,
  { now, backoff }: { readonly now: number; readonly backoff: BackoffSettings },
): boolean =>
  failure !== null &&
  failure.commit === commit &&
  failure.settings === settings &&
  now < failure.nextAt &&
  failure.nextAt - now <= backoff.mostSeconds * 1000;

const isSameFailure = (one: FailureKey, other: FailureKey): boolean =>
  one.commit === other.commit && one.settings === other.settings && one.kind === other.kind;
