import type { NetnsLive } from '../../../model/kernel/live-state.ts';
import { netnsCookie } from '../../libc.ts';
import { dumpAddresses } from '../../netlink/address.ts';
import { LOOPBACK_INDEX } from '../../netlink/link.ts';
import { linkNamer } from '../../netlink/link-dump.ts';
import type { RawLink } from '../../netlink/links/raw-link.ts';
import { dumpRoutes } from '../../netlink/route.ts';
import { dumpRules } from '../../netlink/rule.ts';
import type { NetnsSession } from '../../netns/sessions.ts';
import { liveLinkReader } from '../live-links.ts';
import { findSessions, type NeedReader } from '../need-reader.ts';
import { findVethPeers } from '../veth-peers.ts';

const AGREEMENT_ATTEMPTS = 5;

/** Dumps namespaces; the ends of veth pairs find each other among all of them. */
export const namespaceReader: NeedReader<'namespace'> = (needs, context) => {
  const all = needs.flatMap((need) =>
    findSessions(context, need.netns).map((session) => ({ need, session, links: context.links(session) })),
  );
  const peerOf = findVethPeers(all, context.linkKinds);
  const linksOf = liveLinkReader(all, context.linkKinds);
  return all.map(({ need, session, links }) => ({
    need,
    answer: {
      cookie: netnsCookie(session.socket),
      mark: links.find(({ index }) => index === LOOPBACK_INDEX)?.alias ?? null,
      links: linksOf({ session, links }, (index) => peerOf(need.netns, index)),
      ...readRouting(session, links),
    },
  }));
};

type NetnsRouting = Pick<NetnsLive, 'addresses' | 'routes' | 'rules'>;

function readRouting({ netns, socket }: NetnsSession, links: readonly RawLink[]): NetnsRouting {
  const nameOf = linkNamer(links);
  const routing = () => ({ routes: dumpRoutes(socket, nameOf), rules: dumpRules(socket) });
  return {
    addresses: dumpAddresses(socket, nameOf),
    ...(netns === 'host' ? readUntilStable(routing) : routing()),
  };
}

/** Others change the host's routes meanwhile, and a dump of IPv6 routes or of rules then misses entries without saying so. */
function readUntilStable<T>(look: () => T): T {
  let before = look();
  for (let attempt = 1; attempt < AGREEMENT_ATTEMPTS; attempt++) {
    const now = look();
    if (JSON.stringify(now) === JSON.stringify(before)) return now;
    before = now;
  }
  return before;
}
