import { hostname } from 'node:os';
import { EXIT, netformError } from '../model/error.ts';
import type { LinkLive, Live, NetnsLive, Query } from '../model/live.ts';
import { bootId } from './boot.ts';
import { codeOf, sentenceIn } from './errno.ts';
import { readBytes } from './files.ts';
import { groupBy } from './group.ts';
import { holdersOf } from './holders.ts';
import { netnsCookie } from './libc.ts';
import { readListeners } from './listeners.ts';
import { dumpAddresses } from './netlink/address.ts';
import { dumpLinks, linkName, namer, type RawLink } from './netlink/linkdump.ts';
import { dumpNeighbours } from './netlink/neighbour.ts';
import { dumpRoutes } from './netlink/routedump.ts';
import { dumpRules } from './netlink/rule.ts';
import { tableNames } from './netlink/tables.ts';
import { inNetns } from './netns.ts';
import { findPeers } from './peers.ts';
import { lookUpPlugin } from './plugins.ts';
import { mayConfigure } from './privilege.ts';
import { missingLinkKinds } from './probe.ts';
import { generalSentence } from './sentences.ts';
import type { Session } from './sessions.ts';
import { hasIpv6, keysOfTree, readFresh, readSysctl } from './sysctl.ts';
import type { Tools } from './tools.ts';

const AGREEMENT_ATTEMPTS = 5;

/** Looks at what the query names. Throws a NetformError when this process may not, or the machine refuses. */
export function read(tools: Tools, query: Query): Live {
  const lacking = mayConfigure();
  if (lacking !== null) throw netformError('E_PERMISSION', EXIT.usage, lacking, { hint: 'run it with sudo' });
  try {
    return readNow(tools, query);
  } catch (error) {
    const code = codeOf(error);
    if (code === null || code.startsWith('E_')) throw error;
    const sentence = sentenceIn(error) ?? generalSentence(code);
    throw netformError('E_READ', EXIT.internal, `the machine cannot be looked at: ${sentence}`, {
      details: [String(error)],
    });
  }
}

function readNow({ sessions, nft }: Tools, query: Query): Live {
  const started = performance.now();
  sessions.refresh();
  const parts = [...query.sysctls, ...query.sysctlTrees, ...query.tables];
  const names = unique([...query.netns, ...parts.map(({ netns }) => netns)]);
  const looked = [
    ...[...query.addresses, ...query.listeners, ...query.tableNames, ...query.firewalls],
    ...[...query.rulesets, ...query.holders],
  ];
  const found = new Map(unique([...names, ...looked]).map((name) => [name, sessions.find(name)] as const));
  const opened = names.flatMap((name) => opensOf(found.get(name)));
  return {
    bootId: bootId(),
    hostname: hostname().split('.')[0] ?? '',
    ipv6: hasIpv6(),
    netns: readAll(opened, query, nft),
    deadNetns: new Set([...found].flatMap(([name, session]) => (session === 'dead' ? [name] : []))),
    files: new Map(query.files.map((path) => [path, readBytes(path)])),
    listeners: query.listeners.flatMap((name) =>
      opensOf(found.get(name)).flatMap(({ fd }) => inNetns(fd, () => readListeners(name))),
    ),
    missingLinkKinds: missingLinkKinds(query.linkKinds),
    plugins: new Map(query.plugins.map((type) => [type, lookUpPlugin(type)])),
    fresh: new Map(query.fresh.map((one) => [one.netns, readFresh(one)])),
    addresses: new Map(
      query.addresses.flatMap((name) => opensOf(found.get(name)).map((one) => [name, addressesIn(one)] as const)),
    ),
    tableNames: new Map(
      query.tableNames.flatMap((name) => opensOf(found.get(name)).map((one) => [name, tableNames(one.fd)] as const)),
    ),
    firewalls: new Map(
      query.firewalls.flatMap((name) => opensOf(found.get(name)).map((one) => [name, nft.chains(one)] as const)),
    ),
    rulesets: new Map(
      query.rulesets.flatMap((name) => opensOf(found.get(name)).map((one) => [name, nft.ruleset(one)] as const)),
    ),
    holders: holdersOf(query.holders.flatMap((name) => opensOf(found.get(name)))),
    nftMissing: query.tables.length > 0 ? nft.missing() : null,
    ms: performance.now() - started,
  };
}

function readAll(sessions: readonly Session[], query: Query, nft: Tools['nft']): ReadonlyMap<string, NetnsLive> {
  const all = sessions.map((session) => ({ session, links: dumpLinks(session.socket) }));
  const peerOf = findPeers(all);
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
        links: liveLinks(links, (index) => peerOf(netns, index)),
        ...readNetns(session, links),
        neighbours: neighbours.has(netns) ? dumpNeighbours(session.socket, namer(links)) : [],
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
function addressesIn({ socket }: Session): NetnsLive['addresses'] {
  const chosen = dumpAddresses(socket, String).filter(({ prefix }) => !prefix.startsWith('fe80:'));
  const names = new Map(unique(chosen.map(({ dev }) => dev)).map((index) => [index, linkName(socket, Number(index))]));
  return chosen.flatMap((one) => {
    const dev = names.get(one.dev) ?? null;
    return dev === null ? [] : [{ ...one, dev }];
  });
}

type Dumped = Pick<NetnsLive, 'addresses' | 'routes' | 'rules'>;

function readNetns({ netns, socket }: Session, links: readonly RawLink[]): Dumped {
  const nameOf = namer(links);
  const routing = () => ({ routes: dumpRoutes(socket, nameOf), rules: dumpRules(socket) });
  return {
    addresses: dumpAddresses(socket, nameOf),
    ...(netns === 'host' ? untilTwoAgree(routing) : routing()),
  };
}

/** Others change the host's routes meanwhile, and a dump of IPv6 routes or of rules then misses entries without saying so. */
function untilTwoAgree<T>(look: () => T): T {
  let before = look();
  for (let attempt = 1; attempt < AGREEMENT_ATTEMPTS; attempt++) {
    const now = look();
    if (JSON.stringify(now) === JSON.stringify(before)) return now;
    before = now;
  }
  return before;
}

function liveLinks(
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

type Wanted = { readonly keys: Query['sysctls']; readonly trees: Query['sysctlTrees'] };

function readSysctls({ fd }: Session, { keys, trees }: Wanted): NetnsLive['sysctls'] {
  if (keys.length + trees.length === 0) return new Map();
  return inNetns(fd, () => {
    const all = [...trees.flatMap(({ dir, leaf }) => keysOfTree(dir, leaf)), ...keys.map(({ key }) => key)];
    return new Map(all.map((key) => [key, readSysctl(key)]));
  });
}

const opensOf = (session: Session | 'dead' | null | undefined): readonly Session[] =>
  session && session !== 'dead' ? [session] : [];

const unique = (names: readonly string[]): readonly string[] => [...new Set(names)];
