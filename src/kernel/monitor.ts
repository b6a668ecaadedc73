import { closeSync, fstatSync, statSync } from 'node:fs';
import type { Change, Thing } from '../model/change.ts';
import { sameJson } from '../model/json.ts';
import { unless } from './errno.ts';
import { closeFd, moveUp, systemCall } from './libc.ts';
import { decodeAddress } from './netlink/address.ts';
import { decodeLink, type RawLink } from './netlink/linkdump.ts';
import type { Reply } from './netlink/message.ts';
import { decodeRoute } from './netlink/routedump.ts';
import { hear, openListener, openSocket } from './netlink/socket.ts';
import { homeFd, inNetns, NETNS_FOLDER, netnsNames, netnsPath, openNetns } from './netns.ts';
import { addressThing, dumpThings, keyOf, linkThing, routeThing, type Things } from './things.ts';

// linux/rtnetlink.h
const RTM_NEWLINK = 16;
const RTM_DELLINK = 17;
const RTM_NEWADDR = 20;
const RTM_DELADDR = 21;
const RTM_NEWROUTE = 24;
const RTM_DELROUTE = 25;
const AF_UNSPEC = 0;
// poll.h: struct pollfd is i32 fd, i16 events, i16 revents
const POLLIN = 1;
const POLLFD_LENGTH = 8;

const native = { poll: systemCall('poll', 'int poll(void*, unsigned long, int)') };

/** Hears of what changes in the host and in namespaces that come and go. */
export type Monitor = {
  /** What has happened since the last call, in the order of each namespace. Does not wait. */
  readonly poll: () => readonly Change[];
  /** Says that `isWanted` may answer otherwise now. */
  readonly reconsider: () => void;
  readonly close: () => void;
};

/** One namespace; its sockets keep it alive, so they are closed as soon as its name has gone. */
type Watched = {
  readonly netns: string;
  readonly identity: string;
  readonly listener: number;
  readonly socket: number;
  things: Things;
  /** Names of links by their indexes. */
  names: Map<number, string>;
};

/** `isWanted`: whether a namespace is to be watched, by its name and the alias of its `lo`. The host always is. */
export function openMonitor(isWanted: (netns: string, mark: string | null) => boolean): Monitor {
  const all = new Map<string, Watched>([['host', watch('host', homeFd(), 'host')]]);
  const refused = new Map<string, string>();
  let seen = '';
  let isFirst = true;
  const comeAndGo = (): readonly Change[] => {
    const now = folderTime();
    if (now === seen) return [];
    seen = now;
    const changes: Change[] = [];
    const names = new Map(netnsNames().map((netns) => [netns, identityOf(netns)]));
    for (const one of [...all.values()].filter(
      ({ netns, identity }) => netns !== 'host' && names.get(netns) !== identity,
    )) {
      close(one);
      all.delete(one.netns);
      changes.push({ netns: one.netns, event: 'gone' });
    }
    for (const [netns, identity] of names) {
      if (all.has(netns) || identity === null || refused.get(netns) === identity) continue;
      const one = watchNamed(netns, identity);
      if (one === null) {
        // Its name is there before it is: the folder does not change once more.
        seen = '';
      } else if (isWanted(netns, one.things.get('link lo lo')?.mark ?? null)) {
        all.set(netns, one);
        changes.push({ netns, event: 'watched' });
        // What came with it was there before anybody listened.
        if (!isFirst) for (const thing of one.things.values()) changes.push({ netns, event: 'added', thing });
      } else {
        close(one);
        refused.set(netns, identity);
      }
    }
    isFirst = false;
    return changes;
  };
  return {
    poll: () => {
      const heard = readable([...all.values()]).flatMap(changesOf);
      return [...heard, ...comeAndGo()];
    },
    reconsider: () => {
      refused.clear();
      seen = '';
    },
    close: () => {
      for (const one of all.values()) close(one);
      all.clear();
    },
  };
}

function watchNamed(netns: string, identity: string): Watched | null {
  const fd = openNetns(netns);
  if (fd === null || fd === 'dead') return null;
  try {
    const stats = fstatSync(fd, { bigint: true });
    if (`${stats.dev}:${stats.ino}` !== identity) return null;
    // Not a network namespace.
    return unless(['EINVAL'], () => watch(netns, fd, identity));
  } finally {
    closeSync(fd);
  }
}

function watch(netns: string, fd: number, identity: string): Watched {
  // It listens before it looks, so that nothing is missed between.
  const [listener, socket] = inNetns(fd, () => [moveUp(openListener()), moveUp(openSocket())] as const);
  const { things, links } = dumpThings(socket);
  return { netns, identity, listener, socket, things, names: namesOf(links) };
}

function close({ listener, socket }: Watched): void {
  closeFd(listener);
  closeFd(socket);
}

function readable(all: readonly Watched[]): readonly Watched[] {
  const wanted = Buffer.alloc(all.length * POLLFD_LENGTH);
  for (const [i, { listener }] of all.entries()) {
    wanted.writeInt32LE(listener, i * POLLFD_LENGTH);
    wanted.writeInt16LE(POLLIN, i * POLLFD_LENGTH + 4);
  }
  if (native.poll(wanted, all.length, 0) === 0) return [];
  return all.filter((_, i) => wanted.readInt16LE(i * POLLFD_LENGTH + 6) !== 0);
}

/** What was told, and then what looking again shows: the kernel does not tell of IPv4 routes that a link takes with it. */
function changesOf(one: Watched): readonly Change[] {
  const changes: Change[] = [];
  const report = (change: Change | null) => void (change && changes.push(change));
  const { lost } = hear(one.listener, (reply) => report(told(one, reply)));
  if (lost) changes.push({ netns: one.netns, event: 'lost' });
  const { things, links } = dumpThings(one.socket);
  one.names = namesOf(links);
  for (const [key, thing] of one.things) if (!things.has(key)) report(removed(one, thing));
  for (const thing of things.values()) report(present(one, thing));
  return changes;
}

function told(one: Watched, { type, body }: Reply): Change | null {
  const thing = thingOf(one, type, body);
  if (thing === null) return null;
  const isGone = type === RTM_DELLINK || type === RTM_DELADDR || type === RTM_DELROUTE;
  return isGone ? removed(one, thing) : present(one, thing);
}

function thingOf({ names }: Watched, type: number, body: Buffer): Thing | null {
  const nameOf = (index: number): string => names.get(index) ?? `#${index}`;
  switch (type) {
    case RTM_NEWLINK:
    case RTM_DELLINK: {
      // Of AF_BRIDGE it is about a port, not about the link.
      if (body.readUInt8(0) !== AF_UNSPEC) return null;
      const link = decodeLink(body);
      names.set(link.index, link.name);
      return linkThing(link, nameOf);
    }
    case RTM_NEWADDR:
    case RTM_DELADDR: {
      const address = decodeAddress(body, nameOf);
      return address && addressThing(address);
    }
    case RTM_NEWROUTE:
    case RTM_DELROUTE: {
      const route = decodeRoute(body, nameOf);
      return route && routeThing(route);
    }
    default:
      return null;
  }
}

const namesOf = (links: readonly RawLink[]): Map<number, string> =>
  new Map(links.map(({ index, name }) => [index, name]));

function present({ netns, things }: Watched, thing: Thing): Change | null {
  const before = things.get(keyOf(thing));
  things.set(keyOf(thing), thing);
  if (before === undefined) return { netns, event: 'added', thing };
  return sameJson(before.facts, thing.facts) ? null : { netns, event: 'changed', thing, before: before.facts };
}

function removed({ netns, things }: Watched, thing: Thing): Change | null {
  const before = things.get(keyOf(thing));
  things.delete(keyOf(thing));
  return before === undefined ? null : { netns, event: 'removed', thing: before };
}

/** Changes whenever a name comes or goes. */
const folderTime = (): string =>
  unless(['ENOENT'], () => String(statSync(NETNS_FOLDER, { bigint: true }).mtimeNs)) ?? 'none';

function identityOf(netns: string): string | null {
  const stats = unless(['ENOENT'], () => statSync(netnsPath(netns), { bigint: true }));
  return stats && `${stats.dev}:${stats.ino}`;
}
