import { closeSync, fstatSync } from 'node:fs';
import { sameJson } from '../../model/json.ts';
import type { MonitorEvent, MonitorObject } from '../../model/kernel/monitor-event.ts';
import { catchErrno } from '../errno.ts';
import { closeFd } from '../libc.ts';
import { decodeAddressMessage, RTM_DELADDR, RTM_NEWADDR } from '../netlink/address.ts';
import { RTM_NEWLINK } from '../netlink/link.ts';
import { RTM_DELLINK } from '../netlink/links/delete-link.ts';
import { decodeLinkMessage, isAboutLink, type RawLink } from '../netlink/links/raw-link.ts';
import type { NetlinkReply } from '../netlink/message.ts';
import { decodeRouteMessage, RTM_DELROUTE, RTM_NEWROUTE } from '../netlink/route.ts';
import { openNetlinkListener, openNetlinkSocket, readNotifications } from '../netlink/socket.ts';
import { dupAboveSelectLimit } from '../netns/above-select-limit.ts';
import { hostNetnsFd, inNetns, netnsNames, openNetns } from '../netns/netns.ts';
import { netnsFolderTime, netnsIdentity } from './netns-identity.ts';
import {
  addressMonitorObject,
  dumpMonitorObjects,
  linkMonitorObject,
  type MonitorObjectIndex,
  monitorObjectKey,
  routeMonitorObject,
} from './objects.ts';
import { waitReadable } from './wait-readable.ts';

/** Hears of what changes in the host and in namespaces that come and go. */
export type KernelMonitor = {
  /** What has happened since the last call, in the order of each namespace. Does not wait. */
  readonly poll: () => readonly MonitorEvent[];
  /** Says that `isWanted` may answer otherwise now. */
  readonly reconsider: () => void;
  readonly close: () => void;
};

/** One namespace; its sockets keep it alive, so they are closed as soon as its name is deleted. */
type NetnsMonitor = {
  readonly netns: string;
  readonly identity: string;
  readonly listener: number;
  readonly socket: number;
  things: MonitorObjectIndex;
  /** Names of links by their indexes. */
  names: Map<number, string>;
};

/** `isWanted`: whether a namespace is to be watched, by its name and the alias of its `lo`. The host always is. */
export function openKernelMonitor(isWanted: (netns: string, mark: string | null) => boolean): KernelMonitor {
  const all = new Map<string, NetnsMonitor>([['host', openNetnsMonitor('host', hostNetnsFd(), 'host')]]);
  const refused = new Map<string, string>();
  let seen = '';
  let isFirst = true;
  const comeAndGo = (): readonly MonitorEvent[] => {
    const now = netnsFolderTime();
    if (now === seen) return [];
    seen = now;
    const changes: MonitorEvent[] = [];
    const names = new Map(netnsNames().map((netns) => [netns, netnsIdentity(netns)]));
    for (const one of [...all.values()].filter(
      ({ netns, identity }) => netns !== 'host' && names.get(netns) !== identity,
    )) {
      closeNetnsMonitor(one);
      all.delete(one.netns);
      changes.push({ netns: one.netns, event: 'gone' });
    }
    for (const [netns, identity] of names) {
      if (all.has(netns) || identity === null || refused.get(netns) === identity) continue;
      const one = openNamedMonitor(netns, identity);
      if (one === null) {
        // Its name is there before it is: the folder does not change once more.
        seen = '';
      } else if (isWanted(netns, one.things.get('link lo lo')?.mark ?? null)) {
        all.set(netns, one);
        changes.push({ netns, event: 'watched' });
        // What came with it was there before anybody listened.
        if (!isFirst) for (const thing of one.things.values()) changes.push({ netns, event: 'added', thing });
      } else {
        closeNetnsMonitor(one);
        refused.set(netns, identity);
      }
    }
    isFirst = false;
    return changes;
  };
  return {
    poll: () => {
      const heard = pollReadable([...all.values()]).flatMap(readChanges);
      return [...heard, ...comeAndGo()];
    },
    reconsider: () => {
      refused.clear();
      seen = '';
    },
    close: () => {
      for (const one of all.values()) closeNetnsMonitor(one);
      all.clear();
    },
  };
}

function openNamedMonitor(netns: string, identity: string): NetnsMonitor | null {
  const fd = openNetns(netns);
  if (fd === null || fd === 'dead') return null;
  try {
    const stats = fstatSync(fd, { bigint: true });
    if (`${stats.dev}:${stats.ino}` !== identity) return null;
    // Not a network namespace.
    return catchErrno(['EINVAL'], () => openNetnsMonitor(netns, fd, identity));
  } finally {
    closeSync(fd);
  }
}

function openNetnsMonitor(netns: string, fd: number, identity: string): NetnsMonitor {
  // It listens before it looks, so that nothing is missed between.
  const [listener, socket] = inNetns(
    fd,
    () => [dupAboveSelectLimit(openNetlinkListener()), dupAboveSelectLimit(openNetlinkSocket())] as const,
  );
  const { things, links } = dumpMonitorObjects(socket);
  return { netns, identity, listener, socket, things, names: linkNames(links) };
}

function closeNetnsMonitor({ listener, socket }: NetnsMonitor): void {
  closeFd(listener);
  closeFd(socket);
}

function pollReadable(all: readonly NetnsMonitor[]): readonly NetnsMonitor[] {
  const readable = waitReadable(
    all.map(({ listener }) => listener),
    0,
  );
  return all.filter((_, i) => readable[i]);
}

/** The notified changes, then those that a new dump shows: the kernel sends none for IPv4 routes deleted with their link. */
function readChanges(one: NetnsMonitor): readonly MonitorEvent[] {
  const changes: MonitorEvent[] = [];
  const report = (change: MonitorEvent | null) => void (change && changes.push(change));
  const { lost } = readNotifications(one.listener, (reply) => report(notificationChange(one, reply)));
  if (lost) changes.push({ netns: one.netns, event: 'lost' });
  const { things, links } = dumpMonitorObjects(one.socket);
  one.names = linkNames(links);
  for (const [key, thing] of one.things) if (!things.has(key)) report(removalChange(one, thing));
  for (const thing of things.values()) report(presenceChange(one, thing));
  return changes;
}

function notificationChange(one: NetnsMonitor, { type, body }: NetlinkReply): MonitorEvent | null {
  const thing = decodeNotification(one, type, body);
  if (thing === null) return null;
  const isGone = type === RTM_DELLINK || type === RTM_DELADDR || type === RTM_DELROUTE;
  return isGone ? removalChange(one, thing) : presenceChange(one, thing);
}

function decodeNotification({ names }: NetnsMonitor, type: number, body: Buffer): MonitorObject | null {
  const nameOf = (index: number): string => names.get(index) ?? `#${index}`;
  switch (type) {
    case RTM_NEWLINK:
    case RTM_DELLINK: {
      if (!isAboutLink(body)) return null;
      const link = decodeLinkMessage(body);
      names.set(link.index, link.name);
      return linkMonitorObject(link, nameOf);
    }
    case RTM_NEWADDR:
    case RTM_DELADDR: {
      const address = decodeAddressMessage(body, nameOf);
      return address && addressMonitorObject(address);
    }
    case RTM_NEWROUTE:
    case RTM_DELROUTE: {
      const route = decodeRouteMessage(body, nameOf);
      return route && routeMonitorObject(route);
    }
    default:
      return null;
  }
}

const linkNames = (links: readonly RawLink[]): Map<number, string> =>
  new Map(links.map(({ index, name }) => [index, name]));

function presenceChange({ netns, things }: NetnsMonitor, thing: MonitorObject): MonitorEvent | null {
  const before = things.get(monitorObjectKey(thing));
  things.set(monitorObjectKey(thing), thing);
  if (before === undefined) return { netns, event: 'added', thing };
  return sameJson(before.facts, thing.facts) ? null : { netns, event: 'changed', thing, before: before.facts };
}

function removalChange({ netns, things }: NetnsMonitor, thing: MonitorObject): MonitorEvent | null {
  const before = things.get(monitorObjectKey(thing));
  things.delete(monitorObjectKey(thing));
  return before === undefined ? null : { netns, event: 'removed', thing: before };
}
