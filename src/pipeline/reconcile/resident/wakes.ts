import { setTimeout } from 'node:timers/promises';
import { elapsedMs } from '../../../model/values/elapsed.ts';
import { openMachineEars } from './machine-ears.ts';
import type { WatchList } from './resident-run.ts';
import { type PathWatch, watchFile, watchTree } from './source-watch.ts';

/** Why a run is due: the machine may have changed; the source or an order of a person may have; it is the end. */
export type Wake = 'woken' | 'resident' | 'stop';

/** What wakes a resident reconcile. While nothing happens, nothing does. */
export type Wakes = {
  /** Waits for what a run has said is to be waited for. */
  readonly arm: (list: WatchList) => void;
  /** The next reason for a run. */
  readonly next: (until: WakeTimes) => Promise<Wake>;
  readonly raise: (wake: Wake) => void;
  readonly close: () => Promise<void>;
};

/**
 * Milliseconds from now: that the kernel has spoken is a reason after `pauseMs`; after `lookMs` the source is
 * looked at, and after `retryMs` the machine (null: not).
 */
export type WakeTimes = { readonly pauseMs: number; readonly lookMs: number; readonly retryMs: number | null };

/** Who changes one file of a source changes others, too. */
const SETTLE_MS = 200;

/** The most that a timer of Node can wait for. */
const MOST_MS = 2 ** 31 - 1;

/** `files`: the reconcile file, and the orders of a person. */
export function openWakes(files: readonly string[]): Wakes {
  const due = new Set<Wake>();
  const raise = (wake: Wake): void => {
    due.add(wake);
    alarm.abort();
  };
  let alarm = new AbortController();
  const ears = openMachineEars(() => raise('woken'));
  const ours = files.map((file) => watchFile(file, () => raise('resident')));
  let tree: PathWatch | null = null;
  return {
    raise,
    arm: (list) => {
      tree?.close();
      tree = list.folder === null ? null : watchTree(list.folder, () => raise('resident'));
      ears.listen(list);
    },
    next: async (times) => {
      const start = elapsedMs();
      for (;;) {
        alarm = new AbortController();
        const { wake, inMs } = nextWake(due, times, elapsedMs() - start);
        if (inMs <= 0) {
          if (wake === 'resident' && due.has('resident')) await setTimeout(SETTLE_MS);
          due.delete('woken');
          if (wake === 'resident') due.delete('resident');
          return due.has('stop') ? 'stop' : wake;
        }
        await setTimeout(Math.min(inMs, MOST_MS), undefined, { signal: alarm.signal }).catch(() => {});
      }
    },
    close: async () => {
      for (const one of [...ours, tree]) one?.close();
      await ears.close();
    },
  };
}

/** The next reason for a run, and in how many milliseconds it is one: at most 0 is now. `passedMs`: since the times were given. */
export function nextWake(
  due: ReadonlySet<Wake>,
  { pauseMs, lookMs, retryMs }: WakeTimes,
  passedMs: number,
): { readonly wake: Wake; readonly inMs: number } {
  if (due.has('stop')) return { wake: 'stop', inMs: 0 };
  const lookIn = due.has('resident') ? 0 : lookMs - passedMs;
  const heardIn = due.has('woken') ? pauseMs - passedMs : Number.POSITIVE_INFINITY;
  const retryIn = retryMs === null ? Number.POSITIVE_INFINITY : retryMs - passedMs;
  const machineIn = Math.min(heardIn, retryIn);
  return lookIn <= Math.max(0, machineIn) ? { wake: 'resident', inMs: lookIn } : { wake: 'woken', inMs: machineIn };
}
