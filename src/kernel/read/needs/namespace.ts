import type { AddressLive, NetnsLive, RouteLive, RuleLive } from '../../../model/kernel/live-state.ts';
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
  const known = knownMessages();
  return all.map(({ need, session, links }) => ({
    need,
    answer: {
      cookie: netnsCookie(session.socket),
      mark: links.find(({ index }) => index === LOOPBACK_INDEX)?.alias ?? null,
      links: linksOf({ session, links }, (index) => peerOf(need.netns, index)),
      ...readRouting(session, links, known(links)),
    },
  }));
};

type NetnsRouting = Pick<NetnsLive, 'addresses' | 'routes' | 'rules'>;

/** What was decoded before, by the bytes of its message. */
type KnownMessages = {
  readonly addresses: Map<string, AddressLive | null>;
  readonly routes: Map<string, RouteLive | null>;
  readonly rules: Map<string, RuleLive | null>;
};

/** Messages have indexes for links, so they say the same in namespaces that have the same names for the same indexes. */
function knownMessages(): (links: readonly RawLink[]) => KnownMessages {
  const rules = new Map<string, RuleLive | null>();
  const byNames = new Map<string, KnownMessages>();
  return (links) => {
    const names = links.map(({ index, name }) => `${index}/${name}`).join(' ');
    const known = byNames.get(names) ?? { addresses: new Map(), routes: new Map(), rules };
    byNames.set(names, known);
    return known;
  };
}

function readRouting({ netns, socket }: NetnsSession, links: readonly RawLink[], known: KnownMessages): NetnsRouting {
  const nameOf = linkNamer(links);
  const routing = () => ({ routes: dumpRoutes(socket, nameOf, known.routes), rules: dumpRules(socket, known.rules) });
  return {
    addresses: dumpAddresses(socket, nameOf, known.addresses),
    ...(netns === 'host' ? readUntilStable(routing) : routing()),
  };
}

type Routing = Pick<NetnsRouting, 'routes' | 'rules'>;

/** Others change the host's routes meanwhile, and a dump of IPv6 routes or of rules then misses entries without saying so. */
function readUntilStable(look: () => Routing): Routing {
  let before = look();
  for (let attempt = 1; attempt < AGREEMENT_ATTEMPTS; attempt++) {
    const now = look();
    if (isSameList(now.routes, before.routes) && isSameList(now.rules, before.rules)) return now;
    before = now;
  }
  return before;
}

/** Messages that were equal are one value; those that were not can still say the same. */
const isSameList = <T>(one: readonly T[], other: readonly T[]): boolean =>
  one.length === other.length &&
  one.every((item, i) => item === other[i] || JSON.stringify(item) === JSON.stringify(other[i]));
