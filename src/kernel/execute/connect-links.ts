import type { Instruction } from '../../model/instruction.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import type { Failure } from '../../model/machine.ts';
import type { NetnsSessions } from '../netns/sessions.ts';
import { type AwaitedLink, openCarrierWatch } from './carrier-watch.ts';
import { executeInstructions } from './index.ts';
import type { KernelExecutionContext } from './instruction-executor.ts';

/** The kernel says something of each link that comes up, and the socket has room for so many. */
const MAX_LINKS_BETWEEN = 128;

/**
 * Sets links up whose other ends are up, and waits until the kernel has acted on the carriers of both ends
 * (net/core/link_watch.c): until then a bridge drops what comes to such a port. The kernel says when it has; nothing is
 * read meanwhile, because that would wait behind its work.
 */
export async function connectLinks(
  context: KernelExecutionContext,
  batch: readonly Instruction[],
  live: LiveState,
): Promise<readonly Failure[]> {
  const places = new Set(batch.flatMap((one) => (one.do === 'link.set' ? [one.netns] : [])));
  const watch = openCarrierWatch([...places].map(context.sessions.open));
  try {
    const failures: Failure[] = [];
    for (let at = 0; at < batch.length; at += MAX_LINKS_BETWEEN) {
      failures.push(...executeInstructions(context, batch.slice(at, at + MAX_LINKS_BETWEEN)));
      watch.listen();
    }
    const refused = new Set(failures.map(({ instruction }) => instruction));
    const done = batch.filter((instruction) => !refused.has(instruction));
    await watch.wait(awaitedLinks(done, live, context.sessions));
    return failures;
  } finally {
    watch.close();
  }
}

/** Both ends of each pair that gets a carrier. One whose other end is down, or was not read, gets none that is known of. */
export function awaitedLinks(
  batch: readonly Instruction[],
  live: LiveState,
  { open }: Pick<NetnsSessions, 'open'>,
): readonly AwaitedLink[] {
  const ups = batch.filter((one) => one.do === 'link.set').filter(({ set }) => set.up === true);
  const coming = new Set(ups.map(({ netns, name }) => `${netns}/${name}`));
  return ups.flatMap(({ netns, name }): readonly AwaitedLink[] => {
    const near = live.get({ need: 'namespace', netns })?.links.get(name);
    if (!near?.peer?.netns || near.peer.name === null) return [];
    const place = near.peer.netns;
    const far = live.get({ need: 'namespace', netns: place })?.links.get(near.peer.name);
    if (!far || !(far.up || coming.has(`${place}/${far.name}`))) return [];
    return [
      { session: open(netns), mac: near.mac, index: near.index, lower: far.index },
      { session: open(place), mac: far.mac, index: far.index, lower: near.index },
    ];
  });
}
