import type { QueueLive } from '../../model/kernel/live-state.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import { impairmentWords } from '../../net/impairment.ts';
import type { JsonMap } from '../result.ts';

/** What impairs a link as `impair` says it; null: nothing does. */
export function importImpairment(live: LiveState, netns: string, dev: string): JsonMap | null {
  const queue = (live.get({ need: 'queues', netns }) ?? []).find((one) => one.dev === dev && isImpairment(one));
  return queue?.impairment ? Object.fromEntries(impairmentWords(queue.impairment)) : null;
}

/** Whether a queue does only what `impair` can say, and something. */
export const isImpairment = ({ rootHandle, impairment, altered }: QueueLive): boolean =>
  rootHandle !== null && impairment !== null && !altered && impairmentWords(impairment).length > 0;
