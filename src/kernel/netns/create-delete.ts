import type { Instruction } from '../../model/instruction.ts';
import type { Holder } from '../../model/kernel/live-state.ts';
import type { LinkKinds } from '../../model/link-kind.ts';
import { elapsedMs } from '../../model/values/elapsed.ts';
import { memoize } from '../../net/memoize.ts';
import { catchErrno, sysError } from '../errno.ts';
import type { AttemptFunction, KernelContext } from '../kernel-context.ts';
import { markLoopbackMessage } from '../netlink/link.ts';
import { dumpLinks } from '../netlink/link-dump.ts';
import type { RawLink } from '../netlink/links/raw-link.ts';
import { readNsid } from '../netlink/nsid.ts';
import { closeNetlinkSocket, openNetlinkSocket, sendMessage } from '../netlink/socket.ts';
import { findNetnsProcesses } from '../read/netns-processes.ts';
import { sleep } from '../sleep.ts';
import { readSysctl, writeSysctl } from '../sysctl/sysctl.ts';
import { deleteForeignUppers } from './detach-links.ts';
import { inScratchNetns, prepareNetnsFolder, publishNetns, unpublishNetns } from './netns.ts';
import type { NetnsSession, NetnsSessions } from './sessions.ts';

const REMOVAL_TIMEOUT_MS = 5000;
const REMOVAL_POLL_MS = 10;

type AddNetnsInstruction = Extract<Instruction, { do: 'netns.add' }>;

/** Makes namespaces that are marked and have their sysctls before anybody can see them. EEXIST when a name is taken. */
export function addNamespaces(
  sessions: NetnsSessions,
  all: readonly AddNetnsInstruction[],
  attempt: AttemptFunction,
): void {
  // What a new namespace has is the kernel's own, or the machine's (devconf_inherit_init_net): the same in all of them.
  const fresh = memoize(readSysctl);
  for (const one of all)
    attempt([one], () => {
      sessions.close([one.netns]);
      prepareNetnsFolder();
      inScratchNetns(() => {
        initialiseNetns(one, fresh);
        publishNetns(one.netns);
      });
    });
}

/**
 * Takes their names from namespaces. What we have open there is closed first, for it would keep them alive. Where this
 * machine has a link whose other end is in one, it waits until the kernel has removed it, so that its name is free.
 */
export function deleteNamespaces(
  { sessions, linkKinds }: Pick<KernelContext, 'sessions' | 'linkKinds'>,
  doomed: ReadonlyMap<string, { readonly leftover: boolean }>,
  attempt: (netns: string, action: () => void) => void,
): void {
  const names = [...doomed.keys()];
  const leftovers = findHostPairEnds(sessions, names, linkKinds);
  const holders = findNetnsProcesses(openSessions(sessions, [...leftovers.keys()]));
  for (const session of openSessions(sessions, names)) deleteForeignUppers(session, linkKinds);
  sessions.close(names);
  for (const [netns, { leftover }] of doomed) attempt(netns, () => unpublishNetns(netns, leftover));
  const deadline = elapsedMs() + REMOVAL_TIMEOUT_MS;
  for (const [netns, links] of leftovers) {
    const holder = describeHolders(holders.get(netns) ?? []);
    attempt(netns, () => waitForLinkRemoval(sessions, { links, deadline, holder }));
  }
}

function initialiseNetns({ mark, sysctls }: AddNetnsInstruction, fresh: NewNetnsSysctlLookup): void {
  const socket = openNetlinkSocket();
  try {
    sendMessage(socket, markLoopbackMessage(mark));
  } finally {
    closeNetlinkSocket(socket);
  }
  const written = new Set<string>();
  for (const [key, value] of Object.entries(sysctls)) {
    const followers = INHERITED_SYSCTLS.get(key) ?? [];
    if (followers.length > 0 && followers.every((one) => !written.has(one) && fresh(one) === value)) continue;
    writeSysctl(key, value);
    for (const one of [key, ...followers]) written.add(one);
  }
}

type NewNetnsSysctlLookup = (key: string) => string | null;

/**
 * The keys that a new namespace may have right already, each with those that its value is handed on to. Writing these takes
 * the lock of all the machine's networks (`addrconf_disable_ipv6`, `addrconf_fixup_forwarding` in net/ipv6/addrconf.c), for
 * nothing then, and tries again and again while another, such as the kernel removing namespaces, has it.
 */
const INHERITED_SYSCTLS: ReadonlyMap<string, readonly string[]> = new Map([
  ['net/ipv6/conf/default/disable_ipv6', ['net/ipv6/conf/default/disable_ipv6']],
  ...['disable_ipv6', 'forwarding'].map(
    (leaf) =>
      [`net/ipv6/conf/all/${leaf}`, ['all', 'default', 'lo'].map((dev) => `net/ipv6/conf/${dev}/${leaf}`)] as const,
  ),
]);

/** None for what cannot be a name: to delete that fails by itself. */
const openSessions = (sessions: NetnsSessions, names: readonly string[]): readonly NetnsSession[] =>
  names.flatMap((netns) => {
    const session = catchErrno(['EINVAL'], () => sessions.find(netns));
    return session === null || session === 'dead' ? [] : [session];
  });

/** A socket that was opened inside is not seen from outside. */
function describeHolders(holders: readonly Holder[]): string {
  const names = holders.map(({ pid, name }) => `${pid} (${name})`).join(', ');
  return names === '' ? 'an open socket' : `process ${names}`;
}

/** The indexes of this machine's ends of pairs whose other ends are in these namespaces. */
function findHostPairEnds(
  sessions: NetnsSessions,
  names: readonly string[],
  linkKinds: LinkKinds,
): ReadonlyMap<string, readonly number[]> {
  const host = sessions.open('host');
  const isPairEnd = ({ kind, lowerNsid }: RawLink): boolean =>
    lowerNsid !== null && kind !== null && linkKinds.get(kind)?.pair === true;
  const ends = dumpLinks(host.socket).filter(isPairEnd);
  if (ends.length === 0) return new Map();
  return new Map(
    names.flatMap((netns) => {
      const session = sessions.find(netns);
      if (session === null || session === 'dead') return [];
      const nsid = readNsid(host.socket, session.fd);
      if (nsid < 0) return [];
      const links = ends.filter(({ lowerNsid }) => lowerNsid === nsid).map(({ index }) => index);
      return links.length === 0 ? [] : [[netns, links] as const];
    }),
  );
}

type NetnsRemovalWait = { readonly links: readonly number[]; readonly deadline: number; readonly holder: string };

function waitForLinkRemoval(sessions: NetnsSessions, { links, deadline, holder }: NetnsRemovalWait): void {
  const { socket } = sessions.open('host');
  for (;;) {
    const left = dumpLinks(socket).find(({ index }) => links.includes(index));
    if (!left) return;
    if (elapsedMs() > deadline)
      throw sysError('EBUSY', `${holder} still holds the namespace: its link ${left.name} is still here`);
    sleep(REMOVAL_POLL_MS);
  }
}
