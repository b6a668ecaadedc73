import { hostname } from 'node:os';
import { EXIT, netformError } from '../../model/error.ts';
import type { LinkLive, LiveState, NetnsLive, Query } from '../../model/kernel/live-state.ts';
import { groupBy } from '../../model/values/group-by.ts';
import { bootId } from '../boot.ts';
import { errorCode, errorSentence } from '../errno.ts';
import { errnoMessage } from '../execute/error-messages.ts';
import { readLatin1File } from '../files/system-files.ts';
import type { KernelContext } from '../kernel-context.ts';
import { netnsCookie } from '../libc.ts';
import { dumpAddresses } from '../netlink/address.ts';
import { dumpLinks, linkNamer, type RawLink, readLinkName } from '../netlink/link-dump.ts';
import { dumpNeighbours } from '../netlink/neighbour.ts';
import { readTableNames } from '../netlink/nf-tables.ts';
import { dumpRoutes } from '../netlink/route-dump.ts';
import { dumpRules } from '../netlink/rule.ts';
import { inNetns } from '../netns/netns.ts';
import type { NetnsSession } from '../netns/sessions.ts';
import { missingCapabilities } from '../process/capabilities.ts';
import { hasIpv6, readNewNetnsSysctls, readSysctl, sysctlTreeKeys } from '../sysctl/sysctl.ts';
import { findCniPlugin } from './cni-plugins.ts';
import { findMissingLinkKinds } from './kernel-features.ts';
import { readListeningSockets } from './listening-sockets.ts';
import { findNetnsProcesses } from './netns-processes.ts';
import { findVethPeers } from './veth-peers.ts';

const AGREEMENT_ATTEMPTS = 5;

/** Looks at what the query names. Throws a NetformError when this process may not, or the machine refuses. */
export function readKernelState(tools: KernelContext, query: Query): LiveState {
  const lacking = missingCapabilities();
  if (lacking !== null) throw netformError('E_PERMISSION', EXIT.usage, lacking, { hint: 'run it with sudo' });
  try {
    return readQuery(tools, query);
  } catch (error) {
    const code = errorCode(error);
    if (code === null || code.startsWith('E_')) throw error;
    const sentence = errorSentence(error) ?? errnoMessage(code);
    throw netformError('E_READ', EXIT.internal, `the machine cannot be looked at: ${sentence}`, {
      details: [String(error)],
    });
  }
}

function readQuery({ sessions, nft }: KernelContext, query: Query): LiveState {
  const started = performance.now();
  sessions.refresh();
  const parts = [...query.sysctls, ...query.sysctlTrees, ...query.tables];
  const names = uniqueNames([...query.netns, ...parts.map(({ netns }) => netns)]);
  const looked = [
    ...[...query.addresses, ...query.listeners, ...query.tableNames, ...query.firewalls],
    ...[...query.rulesets, ...query.holders],
  ];
  const found = new Map(uniqueNames([...names, ...looked]).map((name) => [name, sessions.find(name)] as const));
  const opened = names.flatMap((name) => existingSessions(found.get(name)));
  return {
    bootId: bootId(),
    hostname: hostname().split('.')[0] ?? '',
    ipv6: hasIpv6(),
    netns: readAllNetns(opened, query, nft),
    deadNetns: new Set([...found].flatMap(([name, session]) => (session === 'dead' ? [name] : []))),
    files: new Map(query.files.map((path) => [path, readLatin1File(path)])),
    listeners: query.listeners.flatMap((name) =>
      existingSessions(found.get(name)).flatMap(({ fd }) => inNetns(fd, () => readListeningSockets(name))),
    ),
    missingLinkKinds: findMissingLinkKinds(query.linkKinds),
    plugins: new Map(query.plugins.map((type) => [type, findCniPlugin(type)])),
    fresh: new Map(query.fresh.map((one) => [one.netns, readNewNetnsSysctls(one)])),
    addresses: new Map(
      query.addresses.flatMap((name) =>
        existingSessions(found.get(name)).map((one) => [name, readNamedAddresses(one)] as const),
      ),
    ),
    tableNames: new Map(
      query.tableNames.flatMap((name) =>
        existingSessions(found.get(name)).map((one) => [name, readTableNames(one.fd)] as const),
      ),
    ),
    firewalls: new Map(
      query.firewalls.flatMap((name) =>
        existingSessions(found.get(name)).map((one) => [name, nft.chains(one)] as const),
      ),
    ),
    rulesets: new Map(
      query.rulesets.flatMap((name) =>
        existingSessions(found.get(name)).map((one) => [name, nft.ruleset(one)] as const),
      ),
    ),
    holders: findNetnsProcesses(query.holders.flatMap((name) => existingSessions(found.get(name)))),
    nftMissing: query.tables.length > 0 ? nft.missingPackage() : null,
    ms: performance.now() - started,
  };
}

function readAllNetns(
  sessions: readonly NetnsSession[],
  query: Query,
  nft: KernelContext['nft'],
): ReadonlyMap<string, NetnsLive> {
  const all = sessions.map((session) => ({ session, links: dumpLinks(session.socket) }));
  const peerOf = findVethPeers(all);
  const keys = groupBy(query.sysctls, ({ netns }) => netns);
  const trees = groupBy(query.sysctlTrees, ({ netns }) => netns);
  const tables = groupBy(query.tables, ({ netns }) => netns);
  const neighbours = new Set(query.neighbours);
  return new Map(
    all.map(({ session, links }) => {
      const { netns } = session;
      const lo = links.find(({ index }) => index === 1);
      const live: NetnsLive = {
        cookie: netnsCookie(session.socket),
        mark: lo?.alias ?? null,
        links: toLiveLinks(links, (index) => peerOf(netns, index)),
        ...readRouting(session, links),
        neighbours: neighbours.has(netns) ? dumpNeighbours(session.socket, linkNamer(links)) : [],
        sysctls: readSysctls(session, { keys: keys.get(netns) ?? [], trees: trees.get(netns) ?? [] }),
        tables: new Map(
          (tables.get(netns) ?? []).map(({ table, scripts }) => [table, nft.compare(session, table, scripts)]),
        ),
      };
      return [netns, live];
    }),
  );
}

/** Few links have an address of their own choice: they are asked for their names one by one. */
function readNamedAddresses({ socket }: NetnsSession): NetnsLive['addresses'] {
  const chosen = dumpAddresses(socket, String).filter(({ prefix }) => !prefix.startsWith('fe80:'));
  const names = new Map(
    uniqueNames(chosen.map(({ dev }) => dev)).map((index) => [index, readLinkName(socket, Number(index))]),
  );
  return chosen.flatMap((one) => {
    const dev = names.get(one.dev) ?? null;
    return dev === null ? [] : [{ ...one, dev }];
  });
}

type NetnsRouting = Pick<NetnsLive, 'addresses' | 'routes' | 'rules'>;

function readRouting({ netns, socket }: NetnsSession, links: readonly RawLink[]): NetnsRouting {
  const nameOf = linkNamer(links);
  const routing = () => ({ routes: dumpRoutes(socket, nameOf), rules: dumpRules(socket) });
  return {
    addresses: dumpAddresses(socket, nameOf),
    ...(netns === 'host' ? readUntilStable(routing) : routing()),
  };
}

/** Others change the host's routes meanwhile, and a dump of IPv6 routes or of rules then misses entries without saying so. */
function readUntilStable<T>(look: () => T): T {
  let before = look();
  for (let attempt = 1; attempt < AGREEMENT_ATTEMPTS; attempt++) {
    const now = look();
    if (JSON.stringify(now) === JSON.stringify(before)) return now;
    before = now;
  }
  return before;
}

function toLiveLinks(
  links: readonly RawLink[],
  peerOf: (index: number) => LinkLive['peer'],
): ReadonlyMap<string, LinkLive> {
  const names = new Map(links.map(({ index, name }) => [index, name]));
  return new Map(
    links.map(({ lower: _lower, lowerNsid: _nsid, master, vxlan, ...link }) => [
      link.name,
      {
        ...link,
        master: master === null ? null : (names.get(master) ?? null),
        vxlan: vxlan && { ...vxlan, dev: vxlan.dev === null ? null : (names.get(vxlan.dev) ?? null) },
        peer: peerOf(link.index),
      },
    ]),
  );
}

type NetnsSysctlQuery = { readonly keys: Query['sysctls']; readonly trees: Query['sysctlTrees'] };

function readSysctls({ fd }: NetnsSession, { keys, trees }: NetnsSysctlQuery): NetnsLive['sysctls'] {
  if (keys.length + trees.length === 0) return new Map();
  return inNetns(fd, () => {
    const all = [...trees.flatMap(({ dir, leaf }) => sysctlTreeKeys(dir, leaf)), ...keys.map(({ key }) => key)];
    return new Map(all.map((key) => [key, readSysctl(key)]));
  });
}

const existingSessions = (session: NetnsSession | 'dead' | null | undefined): readonly NetnsSession[] =>
  session && session !== 'dead' ? [session] : [];

const uniqueNames = (names: readonly string[]): readonly string[] => [...new Set(names)];
