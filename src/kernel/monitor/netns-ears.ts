import { closeSync, fstatSync } from 'node:fs';
import { closeFd } from '../libc.ts';
import type { NetlinkReply } from '../netlink/message.ts';
import { openRulesetListener, openWatchListener, readNotifications } from '../netlink/socket.ts';
import { dupAboveSelectLimit } from '../netns/above-select-limit.ts';
import { hostNetnsFd, inNetns, openNetns } from '../netns/netns.ts';
import { netnsFolderTime, netnsIdentity } from './netns-identity.ts';
import { noteMessage, RULESET_NEEDS, type Touched, untouched } from './touched.ts';
import { waitReadable } from './wait-readable.ts';

/** The listeners of namespaces. They keep a namespace alive: they are closed as soon as its name is deleted. */
export type NetnsEars = {
  /** What was heard since the last call, by namespace. Of one that came, went or is another now: `all`. Does not wait. */
  readonly hear: () => ReadonlyMap<string, Touched>;
  /** Listens in these namespaces, too. One that is not there is listened in when it comes. */
  readonly add: (names: Iterable<string>) => void;
  /** What has to be readable for there to be something to hear. */
  readonly fds: () => readonly number[];
  readonly close: () => void;
};

type Ears = { readonly netns: string; readonly identity: string | null; readonly fds: readonly number[] };

/** A message of NETLINK_ROUTE, or (`isRuleset`) of nftables, in a namespace. */
export type HeardMessage = { readonly netns: string; readonly isRuleset: boolean; readonly message: NetlinkReply };

/** What is heard of links, addresses, routes and rules (nftables is always heard), and which of it counts. */
export type EarChoice = {
  readonly openListener: () => number;
  readonly counts: (heard: HeardMessage) => boolean;
};

const EVERYTHING: EarChoice = { openListener: openWatchListener, counts: () => true };

/** No namespace is listened in before it is added. */
export function openNetnsEars({ openListener, counts }: EarChoice = EVERYTHING): NetnsEars {
  const all = new Map<string, Ears>();
  let seen = '';
  let open: readonly Ear[] = [];
  const listen = (netns: string): void => void all.set(netns, openEars(netns, openListener));
  const collect = (): void => {
    open = [...all.values()].flatMap(({ netns, fds }) => fds.map((fd, i) => ({ netns, fd, isRuleset: i === 1 })));
  };
  const comeAndGo = (touch: (netns: string) => Touched): void => {
    const now = netnsFolderTime();
    if (now === seen) return;
    seen = now;
    for (const { netns, identity, fds } of [...all.values()]) {
      if (netns === 'host' || netnsIdentity(netns) === identity) continue;
      fds.forEach(closeFd);
      listen(netns);
      touch(netns).all = true;
      // Its name is there before it is, and then the folder does not change once more.
      if (all.get(netns)?.identity !== netnsIdentity(netns)) seen = '';
    }
    collect();
  };
  return {
    hear: () => {
      const heard = new Map<string, Touched>();
      const touch = (netns: string): Touched => {
        const known = heard.get(netns) ?? untouched();
        heard.set(netns, known);
        return known;
      };
      const readable = waitReadable(
        open.map(({ fd }) => fd),
        0,
      );
      for (const [i, one] of open.entries()) if (readable[i]) readInto(() => touch(one.netns), one, counts);
      comeAndGo(touch);
      return heard;
    },
    add: (names) => {
      const { size } = all;
      for (const netns of names) if (!all.has(netns)) listen(netns);
      if (all.size > size) collect();
    },
    fds: () => open.map(({ fd }) => fd),
    close: () => {
      for (const { fds } of all.values()) fds.forEach(closeFd);
      all.clear();
    },
  };
}

type Ear = { readonly netns: string; readonly fd: number; readonly isRuleset: boolean };

function readInto(touched: () => Touched, { netns, fd, isRuleset }: Ear, counts: EarChoice['counts']): void {
  let isNews = false;
  const { lost } = readNotifications(fd, (message) => {
    if (!counts({ netns, isRuleset, message })) return;
    isNews = true;
    if (!isRuleset) noteMessage(touched(), message);
  });
  if (isRuleset && (isNews || lost)) for (const need of RULESET_NEEDS) touched().needs.add(need);
  else if (lost) touched().all = true;
}

function openEars(netns: string, openListener: () => number): Ears {
  const fd = netns === 'host' ? hostNetnsFd() : openNetns(netns);
  if (fd === null || fd === 'dead') return { netns, identity: null, fds: [] };
  try {
    const { dev, ino } = fstatSync(fd, { bigint: true });
    const fds = inNetns(fd, () => [openListener(), openRulesetListener()].map(dupAboveSelectLimit));
    return { netns, identity: `${dev}:${ino}`, fds };
  } finally {
    if (netns !== 'host') closeSync(fd);
  }
}
