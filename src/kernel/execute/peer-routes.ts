import { onLinkNetworkText } from '../../net/prefix.ts';
import { dumpLinks, linkNamer } from '../netlink/link-dump.ts';
import { dumpRoutes } from '../netlink/route.ts';
import { sleep } from '../sleep.ts';

/** An IPv6 address of a link, with its other end. */
type AddressWithPeer = { readonly dev: string; readonly prefix: string; readonly peer: string };

/**
 * Waits until the kernel has made the routes to the peers of new IPv6 addresses. It makes them a moment later, in a work
 * queue (`addrconf_dad_work` and `__ipv6_ifa_notify` in net/ipv6/addrconf.c), and a route by a peer is refused before that.
 * A link that is down gets none.
 */
export function waitForPeerRoutes(socket: number, addresses: readonly AddressWithPeer[]): void {
  if (addresses.length === 0) return;
  const links = dumpLinks(socket);
  const up = new Set(links.filter((link) => link.up).map(({ name }) => name));
  const wanted = addresses
    .filter(({ dev }) => up.has(dev))
    .map(({ dev, prefix, peer }) => `${dev} ${onLinkNetworkText(prefix, peer)}`);
  const nameOf = linkNamer(links);
  for (let left = POLLS; left > 0; left--) {
    const there = new Set(dumpRoutes(socket, nameOf).flatMap(({ to, hops }) => hops.map(({ dev }) => `${dev} ${to}`)));
    if (wanted.every((one) => there.has(one))) return;
    sleep(POLL_MS);
  }
}

/** Half a second in all: then the request that needs the route says what is missing. */
const POLLS = 100;
const POLL_MS = 5;
