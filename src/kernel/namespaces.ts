import type { Instruction } from '../model/instruction.ts';
import type { Holder } from '../model/live.ts';
import { remember } from '../net/remember.ts';
import { sysError } from './errno.ts';
import { holdersOf } from './holders.ts';
import { markLoopback } from './netlink/link.ts';
import { dumpLinks } from './netlink/linkdump.ts';
import { nsidOf } from './netlink/nsid.ts';
import { ask, closeSocket, openSocket } from './netlink/socket.ts';
import { inScratch, prepareNetnsFolder, publishNetns, unpublishNetns } from './netns.ts';
import type { Session, Sessions } from './sessions.ts';
import { readSysctl, writeSysctl } from './sysctl.ts';
import type { Attempt } from './tools.ts';

const GONE_WITHIN_MS = 5000;
const POLL_MS = 10;

type AddNamespace = Extract<Instruction, { do: 'netns.add' }>;

/** Makes namespaces that are marked and have their sysctls before anybody can see them. EEXIST when a name is taken. */
export function addNamespaces(sessions: Sessions, all: readonly AddNamespace[], attempt: Attempt): void {
  // What a new namespace has is the kernel's own, or the machine's (devconf_inherit_init_net): the same in all of them.
  const fresh = remember(readSysctl);
  for (const one of all)
    attempt([one], () => {
      sessions.close([one.netns]);
      prepareNetnsFolder();
      inScratch(() => {
        markAndSet(one, fresh);
        publishNetns(one.netns);
      });
    });
}

/**
 * Takes their names from namespaces. What we have open there is closed first, for it would keep them alive. Where this
 * machine has a link whose other end is in one, it waits until the kernel has removed it, so that its name is free.
 */
export function deleteNamespaces(
  sessions: Sessions,
  doomed: ReadonlyMap<string, { readonly leftover: boolean }>,
  attempt: (netns: string, action: () => void) => void,
): void {
  const names = [...doomed.keys()];
  const leftovers = linksInto(sessions, names);
  const holders = holdersOf(openOf(sessions, [...leftovers.keys()]));
  sessions.close(names);
  for (const [netns, { leftover }] of doomed) attempt(netns, () => unpublishNetns(netns, leftover));
  const deadline = performance.now() + GONE_WITHIN_MS;
  for (const [netns, links] of leftovers) {
    const holder = holderText(holders.get(netns) ?? []);
    attempt(netns, () => waitUntilGone(sessions, { links, deadline, holder }));
  }
}

function markAndSet({ mark, sysctls }: AddNamespace, fresh: Fresh): void {
  const socket = openSocket();
  try {
    ask(socket, markLoopback(mark));
  } finally {
    closeSocket(socket);
  }
  const written = new Set<string>();
  for (const [key, value] of Object.entries(sysctls)) {
    const followers = HANDED_ON.get(key) ?? [];
    if (followers.length > 0 && followers.every((one) => !written.has(one) && fresh(one) === value)) continue;
    writeSysctl(key, value);
    for (const one of [key, ...followers]) written.add(one);
  }
}

type Fresh = (key: string) => string | null;

/**
 * The keys that a new namespace may have right already, each with those that its value is handed on to. Writing these takes
 * the lock of all the machine's networks (`addrconf_disable_ipv6`, `addrconf_fixup_forwarding` in net/ipv6/addrconf.c), for
 * nothing then, and tries again and again while another, such as the kernel removing namespaces, has it.
 */
const HANDED_ON: ReadonlyMap<string, readonly string[]> = new Map([
  ['net/ipv6/conf/default/disable_ipv6', ['net/ipv6/conf/default/disable_ipv6']],
  ...['disable_ipv6', 'forwarding'].map(
    (leaf) =>
      [`net/ipv6/conf/all/${leaf}`, ['all', 'default', 'lo'].map((dev) => `net/ipv6/conf/${dev}/${leaf}`)] as const,
  ),
]);

const openOf = (sessions: Sessions, names: readonly string[]): readonly Session[] =>
  names.flatMap((netns) => {
    const session = sessions.find(netns);
    return session === null || session === 'dead' ? [] : [session];
  });

/** A socket that was opened inside is not seen from outside. */
function holderText(holders: readonly Holder[]): string {
  const names = holders.map(({ pid, name }) => `${pid} (${name})`).join(', ');
  return names === '' ? 'an open socket' : `process ${names}`;
}

/** The indexes of this machine's veth ends whose peers are in these namespaces. */
function linksInto(sessions: Sessions, names: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const host = sessions.open('host');
  const ends = dumpLinks(host.socket).filter(({ kind, lowerNsid }) => kind === 'veth' && lowerNsid !== null);
  if (ends.length === 0) return new Map();
  return new Map(
    names.flatMap((netns) => {
      const session = sessions.find(netns);
      if (session === null || session === 'dead') return [];
      const nsid = nsidOf(host.socket, session.fd);
      if (nsid < 0) return [];
      const links = ends.filter(({ lowerNsid }) => lowerNsid === nsid).map(({ index }) => index);
      return links.length === 0 ? [] : [[netns, links] as const];
    }),
  );
}

type Wait = { readonly links: readonly number[]; readonly deadline: number; readonly holder: string };

function waitUntilGone(sessions: Sessions, { links, deadline, holder }: Wait): void {
  const { socket } = sessions.open('host');
  for (;;) {
    const left = dumpLinks(socket).find(({ index }) => links.includes(index));
    if (!left) return;
    if (performance.now() > deadline)
      throw sysError('EBUSY', `${holder} still holds the namespace: its link ${left.name} is still here`);
    sleep(POLL_MS);
  }
}

const sleep = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
