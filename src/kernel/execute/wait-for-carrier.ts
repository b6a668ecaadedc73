import { NETFORM_GROUP } from '../../model/instruction.ts';
import type { LinkLive } from '../../model/kernel/live-state.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import { dumpLinks } from '../netlink/link-dump.ts';
import type { RawLink } from '../netlink/links/raw-link.ts';
import type { NetnsSession, NetnsSessions } from '../netns/sessions.ts';
import { openCarrierWatch } from './carrier-watch.ts';

/**
 * Waits until the links that are ours can be used: the kernel notices in its own time that they have a carrier
 * (net/core/link_watch.c; at once, or after seconds on a busy machine), and until then a bridge drops what comes to that
 * port. `live`: the machine as it was just read. Returns after some seconds in any case.
 */
export async function awaitCarriers({ find }: NetnsSessions, live: LiveState): Promise<void> {
  const late = live
    .all('namespace')
    .filter(({ answer: { links } }) => [...links.values()].some(isLate))
    .flatMap(({ need: { netns } }): readonly NetnsSession[] => {
      const session = find(netns);
      return session && session !== 'dead' ? [session] : [];
    });
  if (late.length === 0) return;
  const watch = openCarrierWatch(late);
  try {
    // It listens before it looks, so that nothing is missed between.
    const awaited = late.flatMap((session) =>
      dumpLinks(session.socket)
        .filter(isLate)
        .map(({ mac, index, lower }) => ({ session, mac, index, lower })),
    );
    await watch.wait(awaited);
  } finally {
    watch.close();
  }
}

/** A link of ours has a carrier on which the kernel has not acted yet. */
const isLate = ({ group, carrier, running }: LinkLive | RawLink): boolean =>
  group === NETFORM_GROUP && carrier && !running;
