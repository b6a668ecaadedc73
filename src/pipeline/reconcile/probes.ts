import { setTimeout } from 'node:timers/promises';
import { spawnInNetns } from '../../kernel/process/exec-in-netns.ts';
import { elapsedMs } from '../../model/values/elapsed.ts';
import type { Probe } from '../../reconcile/settings.ts';
import type { Store } from '../../store/store.ts';
import { resolveLiveNamespace } from '../resolve/endpoint.ts';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5000;

/**
 * Runs each probe until it exits 0, one after the other, for so long all together. Gives what the first one that never did
 * says about itself, without its output; null: all have.
 */
export async function runProbes(store: Store, probes: readonly Probe[], timeoutMs: number): Promise<string | null> {
  const deadline = elapsedMs() + timeoutMs;
  for (const probe of probes) {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const problem = await tryProbe(store, probe, deadline);
      if (problem === null) break;
      if (elapsedMs() + pause >= deadline) return `the probe ${probe.run[0]} in ${probe.in} ${problem}`;
      await setTimeout(pause);
    }
  }
  return null;
}

async function tryProbe(store: Store, probe: Probe, deadline: number): Promise<string | null> {
  try {
    const child = spawnInNetns({ ...resolveLiveNamespace(store, probe.in), argv: probe.run }, () => {});
    const watch = new AbortController();
    const late = setTimeout(Math.max(0, deadline - elapsedMs()), 'late', { signal: watch.signal }).catch(() => 'late');
    const ended = await Promise.race([child.ended, late]);
    watch.abort();
    if (ended === 'late') {
      child.signal('SIGKILL');
      await child.ended;
      return 'did not end in time';
    }
    if (typeof ended === 'string') return `cannot be run: ${ended}`;
    return ended === 0 ? null : `ended with ${ended}`;
  } catch (error) {
    return `cannot be run: ${error instanceof Error ? error.message : String(error)}`;
  }
}
