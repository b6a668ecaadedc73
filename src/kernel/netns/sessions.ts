import { closeSync, fstatSync, openSync } from 'node:fs';
import { errorCode, sysError } from '../errno.ts';
import { dumpLinks } from '../netlink/link-dump.ts';
import type { RawLink } from '../netlink/links/raw-link.ts';
import { closeNetlinkSocket, openNetlinkSocket } from '../netlink/socket.ts';
import { dupAboveSelectLimit } from './above-select-limit.ts';
import { readLinkIndex } from './link-index.ts';
import { hostNetnsFd, inNetns, isCurrentNetns, openNetns } from './netns.ts';

/** One namespace while we work in it. Each of its descriptors keeps the namespace alive. */
export type NetnsSession = {
  readonly netns: string;
  readonly fd: number;
  readonly socket: number;
  /** The index of a link. Throws ENODEV when there is none of that name. */
  readonly linkIndex: (link: string) => number;
  /** All links, dumped once; those that were deleted since are among them until `forgetLinks`. */
  readonly dumpedLinks: () => readonly RawLink[];
  /** Says that links were deleted. */
  readonly forgetIndexes: () => void;
  /** Says that links have come or gone. */
  readonly forgetLinks: () => void;
  /** Has `free` called before the session closes. */
  readonly onClose: (free: () => void) => void;
  readonly close: () => void;
};

/** The namespaces that are open, by name. */
export type NetnsSessions = {
  /** The session of `host` or a published namespace: null when there is none, `dead` when the name is not a namespace. */
  readonly find: (netns: string) => NetnsSession | 'dead' | null;
  /** The session of a namespace, as `find`; throws ENOENT when there is no such namespace. */
  readonly open: (netns: string) => NetnsSession;
  /** Makes an open namespace, which is then closed here, the one of a name; null: the name has none until it is bound again. */
  readonly bind: (netns: string, fd: number | null) => NetnsSession | null;
  /** Makes the name mean what is published under it again. */
  readonly unbind: (netns: string) => void;
  /** Says that links were deleted, and with them their other ends in any of them. */
  readonly forgetIndexes: () => void;
  /** Says that links have come or gone in any of them. */
  readonly forgetLinks: () => void;
  /** Forgets links, and closes sessions whose namespace was deleted or whose name is another namespace now. */
  readonly refresh: () => void;
  readonly close: (netns: readonly string[]) => void;
  readonly closeAll: () => void;
};

/** Sessions are kept until they are closed, so that a run opens each namespace once. */
export function makeNetnsSessions(): NetnsSessions {
  const sessions = new Map<string, NetnsSession>();
  const bound = new Set<string>();
  const close = (names: readonly string[]): void => {
    for (const name of names) {
      sessions.get(name)?.close();
      sessions.delete(name);
    }
  };
  const forgetLinks = (): void => {
    for (const session of sessions.values()) session.forgetLinks();
  };
  const find = (netns: string): NetnsSession | 'dead' | null => {
    const known = sessions.get(netns);
    if (known) return known;
    if (bound.has(netns)) return null;
    const fd = netns === 'host' ? openSync(`/proc/self/fd/${hostNetnsFd()}`, 'r') : openNetns(netns);
    if (fd === null || fd === 'dead') return fd;
    const session = openSession(netns, dupAboveSelectLimit(fd));
    if (session !== 'dead') sessions.set(netns, session);
    return session;
  };
  const bind: NetnsSessions['bind'] = (netns, fd) => {
    const known = bound.has(netns) ? sessions.get(netns) : undefined;
    if (known && fd !== null && isSameFile(known.fd, fd)) {
      closeSync(fd);
      return known;
    }
    close([netns]);
    bound.add(netns);
    const session = fd === null ? null : openSession(netns, dupAboveSelectLimit(fd));
    if (session === null || session === 'dead') return null;
    sessions.set(netns, session);
    return session;
  };
  return {
    find,
    bind,
    unbind: (netns) => {
      if (bound.delete(netns)) close([netns]);
    },
    open: (netns) => {
      const session = find(netns);
      if (session === null || session === 'dead') throw sysError('ENOENT', `there is no namespace ${netns}`);
      return session;
    },
    forgetIndexes: () => {
      for (const session of sessions.values()) session.forgetIndexes();
    },
    forgetLinks,
    refresh: () => {
      const named = [...sessions.values()].filter(({ netns }) => !bound.has(netns));
      close(named.filter(isStale).map(({ netns }) => netns));
      forgetLinks();
    },
    close,
    closeAll: () => close([...sessions.keys()]),
  };
}

const isStale = ({ netns, fd }: NetnsSession): boolean => netns !== 'host' && !isCurrentNetns(netns, fd);

function openSession(netns: string, fd: number): NetnsSession | 'dead' {
  const socket = openSocketIn(fd);
  if (socket === 'dead') return 'dead';
  const indexes = new Map<string, number>();
  const onClose: (() => void)[] = [];
  let dumped: readonly RawLink[] | null = null;
  return {
    netns,
    fd,
    socket,
    linkIndex: (link) => {
      const index = indexes.get(link) ?? readLinkIndex(socket, link);
      if (index === null) throw sysError('ENODEV', `there is no link ${link} in ${describeNetns(netns)}`);
      indexes.set(link, index);
      return index;
    },
    dumpedLinks: () => {
      dumped ??= dumpLinks(socket);
      return dumped;
    },
    forgetIndexes: () => indexes.clear(),
    forgetLinks: () => {
      indexes.clear();
      dumped = null;
    },
    onClose: (free) => void onClose.push(free),
    close: () => {
      for (const free of onClose) free();
      closeNetlinkSocket(socket);
      closeSync(fd);
    },
  };
}

/** A namespace of another kind (not a network one) has a file like ours, and cannot be entered. */
function openSocketIn(fd: number): number | 'dead' {
  try {
    return dupAboveSelectLimit(inNetns(fd, openNetlinkSocket));
  } catch (error) {
    closeSync(fd);
    if (errorCode(error) === 'EINVAL') return 'dead';
    throw error;
  }
}

const describeNetns = (netns: string): string => (netns === 'host' ? 'this machine' : `namespace ${netns}`);

/** Two open files: numbers of namespaces are used again only when one is closed. */
export function isSameFile(one: number, other: number): boolean {
  const [first, second] = [one, other].map((fd) => fstatSync(fd, { bigint: true }));
  return first?.ino === second?.ino && first?.dev === second?.dev;
}
