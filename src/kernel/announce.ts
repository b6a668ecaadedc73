import { close } from 'node:fs';
import type { Announcement } from '../model/machine.ts';
import { familyOf } from '../net/address.ts';
import { codeOf } from './errno.ts';
import { groupBy } from './group.ts';
import { moveUp } from './libc.ts';
import { neighbourFrame } from './neighbour-frame.ts';
import { inNetns } from './netns.ts';
import { packetSocket, sendFrame } from './packet-socket.ts';
import type { Session, Sessions } from './sessions.ts';
import { readSysctl } from './sysctl.ts';

/** Sockets that are open at once: each is a descriptor, and keeps its namespace alive. */
const MOST_OPEN = 64;

/** Has links say which addresses they have, IPv4 and IPv6, a frame for each. What the machine refuses is left out. */
export async function announce(sessions: Sessions, all: readonly Announcement[]): Promise<void> {
  const closing: Promise<void>[] = [];
  for (const [netns, some] of groupBy(all, (one) => one.netns)) {
    if (closing.length === MOST_OPEN) await Promise.all(closing.splice(0));
    tried(() => {
      const session = sessions.open(netns);
      const fd = moveUp(inNetns(session.fd, packetSocket));
      for (const one of some) tried(() => say(fd, session, one));
      closing.push(closed(fd));
    });
  }
}

function say(fd: number, session: Session, { dev, mac, addresses }: Announcement): void {
  const index = session.linkIndex(dev);
  const isRouter = addresses.some((address) => familyOf(address) === 6) && routes(session, dev);
  for (const address of addresses) tried(() => sendFrame(fd, index, neighbourFrame({ address, mac, isRouter })));
}

const routes = (session: Session, dev: string): boolean =>
  (inNetns(session.fd, () => readSysctl(`net/ipv6/conf/${dev}/forwarding`)) ?? '0') !== '0';

/**
 * Closing waits until no processor can still be handing a packet to the socket (synchronize_net of packet_release,
 * net/packet/af_packet.c), about 10 ms. The threads of the pool do that, several at once, while the run goes on.
 */
const closed = (fd: number): Promise<void> =>
  new Promise((resolve) => {
    close(fd, () => resolve());
  });

/** An error that is not the machine's goes on. */
function tried(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (codeOf(error) === null) throw error;
  }
}
