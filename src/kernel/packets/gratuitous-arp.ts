import { close } from 'node:fs';
import { groupBy } from '../../model/values/group-by.ts';
import { familyOf } from '../../net/address.ts';
import { errorCode } from '../errno.ts';
import { dupAboveSelectLimit } from '../netns/above-select-limit.ts';

import { inNetns } from '../netns/netns.ts';
import type { NetnsSession, NetnsSessions } from '../netns/sessions.ts';
import { readSysctl } from '../sysctl/sysctl.ts';
import { gratuitousFrame } from './gratuitous-frame.ts';
import { openPacketSocket, sendFrame } from './packet-socket.ts';

/** A link, its MAC, and addresses of it without their lengths. */
export type Announcement = {
  readonly netns: string;
  readonly dev: string;
  readonly mac: string;
  readonly addresses: readonly string[];
};

/** Sockets that are open at once: each is a descriptor, and keeps its namespace alive. */
const MAX_OPEN_SOCKETS = 64;

/** Has links say which addresses they have, IPv4 and IPv6, a frame for each. What the machine refuses is left out. */
export async function sendGratuitousArp(sessions: NetnsSessions, all: readonly Announcement[]): Promise<void> {
  const closing: Promise<void>[] = [];
  for (const [netns, some] of groupBy(all, (one) => one.netns)) {
    if (closing.length === MAX_OPEN_SOCKETS) await Promise.all(closing.splice(0));
    ignoreMachineError(() => {
      const session = sessions.open(netns);
      const fd = dupAboveSelectLimit(inNetns(session.fd, openPacketSocket));
      for (const one of some) ignoreMachineError(() => sendFrames(fd, session, one));
      closing.push(closeInPool(fd));
    });
  }
}

function sendFrames(fd: number, session: NetnsSession, { dev, mac, addresses }: Announcement): void {
  const index = session.linkIndex(dev);
  const isRouter = addresses.some((address) => familyOf(address) === 6) && isForwarding(session, dev);
  for (const address of addresses)
    ignoreMachineError(() => sendFrame(fd, index, gratuitousFrame({ address, mac, isRouter })));
}

const isForwarding = (session: NetnsSession, dev: string): boolean =>
  (inNetns(session.fd, () => readSysctl(`net/ipv6/conf/${dev}/forwarding`)) ?? '0') !== '0';

/**
 * Closing waits until no processor can still be handing a packet to the socket (synchronize_net of packet_release,
 * net/packet/af_packet.c), about 10 ms. The threads of the pool do that, several at once, while the run goes on.
 */
const closeInPool = (fd: number): Promise<void> =>
  new Promise((resolve) => {
    close(fd, () => resolve());
  });

/** An error that is not the machine's goes on. */
function ignoreMachineError(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (errorCode(error) === null) throw error;
  }
}
