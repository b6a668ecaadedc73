import type { QueueLive } from '../../model/kernel/live-state.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import { impairmentOf, impairmentWords } from '../../net/impairment.ts';
import type { JsonMap } from '../result.ts';

/** What impairs a link as `impair` says it, by a queue and by the chain that netform makes where there is no netem; null: nothing does. */
export function importImpairment(live: LiveState, netns: string, dev: string): JsonMap | null {
  const queue = (live.get({ need: 'queues', netns }) ?? []).find((one) => one.dev === dev && isImpairment(one));
  const words = impairmentWords(impairmentOf({ ...queue?.impairment, ...chancesOf(live, netns, dev) }));
  return words.length > 0 ? Object.fromEntries(words) : null;
}

/** Whether a queue does only what `impair` can say, and something. */
export const isImpairment = ({ rootHandle, impairment, altered }: QueueLive): boolean =>
  rootHandle !== null && impairment !== null && !altered && impairmentWords(impairment).length > 0;

/** What the table `netform_<lab>/<dev>` of the family netdev loses and duplicates, in millionths. */
function chancesOf(
  live: LiveState,
  netns: string,
  dev: string,
): { readonly loss?: number; readonly duplicate?: number } {
  const text = live.get({ need: 'ruleset', netns }) ?? '';
  const table = [...text.matchAll(TABLE)].find(([, name]) => name === dev)?.[2];
  if (table === undefined) return {};
  const [loss, duplicate] = ['drop', 'dup to'].map((action) => {
    const rule = table.split('\n').find((line) => line.includes(action) && !line.includes('policy'));
    return rule === undefined ? 0 : Number(/numgen random mod 1000000 < (\d+) /.exec(rule)?.[1] ?? ALL);
  });
  return { ...(loss ? { loss } : {}), ...(duplicate ? { duplicate } : {}) };
}

const TABLE = /^table netdev netform_[^\s/]+\/(\S+) \{\n(.*?)^\}/gms;
const ALL = 1_000_000;
