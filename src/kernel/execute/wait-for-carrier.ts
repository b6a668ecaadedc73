import { setTimeout } from 'node:timers/promises';
import { NETFORM_GROUP } from '../../model/instruction.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import type { Machine } from '../../model/machine.ts';

const FIRST_WAIT_MS = 2;
/** Altogether about four seconds. */
const MAX_WAITS = 11;

/**
 * Waits until the links that are ours can be used: the kernel notices in its own time that they have a carrier
 * (net/core/link_watch.c; at once, or after seconds on a busy machine), and until then a bridge drops what comes to that
 * port. `live`: the machine as it was just read. Returns after some seconds in any case.
 */
export async function awaitCarriers(read: Machine['read'], live: LiveState): Promise<void> {
  let late = namespacesAwaitingCarrier(live);
  for (let nth = 0; late.length > 0 && nth < MAX_WAITS; nth++) {
    await setTimeout(FIRST_WAIT_MS * 2 ** nth);
    late = namespacesAwaitingCarrier(read(late.map((netns) => ({ need: 'namespace', netns }))));
  }
}

/** The namespaces with a link of ours that has a carrier on which the kernel has not acted yet. */
const namespacesAwaitingCarrier = (live: LiveState): readonly string[] =>
  live
    .all('namespace')
    .filter(({ answer: { links } }) =>
      [...links.values()].some((link) => link.group === NETFORM_GROUP && link.carrier && !link.running),
    )
    .map(({ need: { netns } }) => netns);
