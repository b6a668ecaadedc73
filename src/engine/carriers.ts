import { GROUP } from '../model/instruction.ts';
import type { Live } from '../model/live.ts';
import type { Machine } from '../model/machine.ts';
import { mergeQueries } from './query.ts';

const FIRST_WAIT_MS = 2;
/** Altogether about four seconds. */
const WAITS = 11;

/**
 * Waits until the links that are ours can be used: the kernel notices in its own time that they have a carrier
 * (net/core/link_watch.c; at once, or after seconds on a busy machine), and until then a bridge drops what comes to that
 * port. `live`: the machine as it was just read. Comes back after some seconds in any case.
 */
export async function awaitCarriers(machine: Machine, live: Live, wait: Wait): Promise<void> {
  let late = lateIn(live);
  for (let nth = 0; late.length > 0 && nth < WAITS; nth++) {
    await wait(FIRST_WAIT_MS * 2 ** nth);
    late = lateIn(machine.read(mergeQueries([{ netns: late }])));
  }
}

type Wait = (ms: number) => Promise<unknown>;

/** The namespaces with a link of ours that has a carrier on which the kernel has not acted yet. */
const lateIn = (live: Live): readonly string[] =>
  [...live.netns]
    .filter(([, { links }]) =>
      [...links.values()].some((link) => link.group === GROUP && link.carrier && !link.running),
    )
    .map(([netns]) => netns);
