import type { Lab } from '../../model/lab.ts';
import { appendTo } from '../../model/values/group-by.ts';
import type { Network } from './network.ts';
import { lanOwner } from './path.ts';

/** Whether one of some namespaces may send packets to another, by itself or through others; true where the lab does not tell. */
export type SenderLookup = (senders: ReadonlySet<string>, netns: string) => boolean;

/** How many namespaces are looked at before it counts as true. */
const MOST_SENDERS = 1_000;

/** Looks at the routes of all tables. */
export function createSenderLookup(lab: Lab, network: Network): SenderLookup {
  const senders = new Map<string, string[]>();
  const unclear = new Set<string>();
  for (const { netns, hops } of lab.routes) {
    for (const { via, dev } of hops) {
      const lan = network.lanByDev.get(`${netns}/${dev}`);
      const owner = lan && via !== null ? lanOwner(network, lan, via) : null;
      if (owner !== null) appendTo(senders, owner, netns);
      else if (!lan || via === null || lan.isOpen || network.proxyLans.has(lan)) unclear.add(netns);
    }
  }
  return (wanted, netns) => {
    const seen = new Set([netns]);
    for (const here of seen) {
      if (here !== netns && wanted.has(here)) return true;
      if (seen.size > MOST_SENDERS) return true;
      for (const sender of senders.get(here) ?? []) seen.add(sender);
    }
    return [...wanted].some((one) => unclear.has(one));
  };
}
