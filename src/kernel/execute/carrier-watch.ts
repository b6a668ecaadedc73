import { setImmediate } from 'node:timers/promises';
import { decodeMac, decodeU32, parseAttributes } from '../../net/netlink-attributes.ts';
import { closeFd } from '../libc.ts';
import { waitReadable } from '../monitor/wait-readable.ts';
import { IFINFOMSG_LENGTH, IFLA_ADDRESS, IFLA_LINK, RTM_NEWLINK } from '../netlink/link.ts';
import { dumpLinks } from '../netlink/link-dump.ts';
import { IFF_LOWER_UP, IFF_RUNNING, isAboutLink } from '../netlink/links/raw-link.ts';
import type { NetlinkReply } from '../netlink/message.ts';
import { openLinkListener, readNotifications } from '../netlink/socket.ts';
import { dupAboveSelectLimit } from '../netns/above-select-limit.ts';
import { inNetns } from '../netns/netns.ts';
import type { NetnsSession } from '../netns/sessions.ts';

/** A link that never had a carrier is running, too. */
const HAS_CARRIER = IFF_RUNNING | IFF_LOWER_UP;
/** A signal is noticed after that time. */
const SLICE_MS = 25;
const MAX_WAIT_MS = 4000;

/** A link that is to get its carrier, by its MAC, its index and that of its other end (null: it has none), and where it can be looked at. */
export type AwaitedLink = {
  readonly session: NetnsSession;
  readonly mac: string;
  readonly index: number;
  readonly lower: number | null;
};

/** Hears which links the kernel has given their carriers, from when it is opened. */
export type CarrierWatch = {
  /** Takes note of what the kernel has said since, so that it does not become too much. */
  readonly listen: () => void;
  /** Waits until all of these have their carrier, some seconds at most. */
  readonly wait: (awaited: readonly AwaitedLink[]) => Promise<void>;
  readonly close: () => void;
};

/**
 * Listens in these namespaces, and through each in those that have a number there: its links' other ends are in such. A
 * notification does not say where it is from; a link is known by its MAC and both indexes. Without CAP_NET_BROADCAST the
 * links that are left are read in each slice instead.
 */
export function openCarrierWatch(sessions: readonly NetnsSession[]): CarrierWatch {
  const opened = sessions.map(({ fd }) => inNetns(fd, openLinkListener));
  const listeners = opened.map(({ fd }) => dupAboveSelectLimit(fd));
  const isDeaf = opened.some(({ hearsOthers }) => !hearsOthers);
  const running = new Set<string>();
  let isIncomplete = isDeaf;
  const hear = ({ type, body }: NetlinkReply): void => {
    if (type !== RTM_NEWLINK || !isAboutLink(body)) return;
    const key = awaitedKey(decodeEnd(body));
    if ((body.readUInt32LE(8) & HAS_CARRIER) === HAS_CARRIER) running.add(key);
    else running.delete(key);
  };
  const listen = (): void => {
    for (const listener of listeners) if (readNotifications(listener, hear).lost) isIncomplete = true;
  };
  const missing = (awaited: readonly AwaitedLink[]): readonly AwaitedLink[] => {
    listen();
    const left = awaited.filter((link) => !running.has(awaitedKey(link)));
    if (left.length === 0 || !isIncomplete) return left;
    isIncomplete = isDeaf;
    for (const session of new Set(left.map((link) => link.session)))
      for (const link of dumpLinks(session.socket)) if (link.carrier && link.running) running.add(awaitedKey(link));
    return left.filter((link) => !running.has(awaitedKey(link)));
  };
  return {
    listen,
    wait: async (awaited) => {
      const end = performance.now() + MAX_WAIT_MS;
      for (let left = missing(awaited); left.length > 0 && performance.now() < end; left = missing(left)) {
        waitReadable(listeners, SLICE_MS);
        await setImmediate();
      }
    },
    close: () => {
      for (const listener of listeners) closeFd(listener);
    },
  };
}

type LinkEnd = Omit<AwaitedLink, 'session'>;

const awaitedKey = ({ mac, index, lower }: LinkEnd): string => `${mac} ${index}>${lower}`;

function decodeEnd(body: Buffer): LinkEnd {
  const link = parseAttributes(body, IFINFOMSG_LENGTH);
  return {
    mac: decodeMac(link.get(IFLA_ADDRESS)),
    index: body.readInt32LE(4),
    lower: decodeU32(link.get(IFLA_LINK)),
  };
}
