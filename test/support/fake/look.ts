import type { LiveState, NetnsLive, Query, TableLive } from '../../../src/model/kernel/live-state.ts';
import { connectedRoutes } from './routes.ts';
import { changedSysctls, setSysctl, sysctlOf, treeOf } from './sysctls.ts';
import { addNetns, type FakeLink, type FakeNetns, type World } from './world.ts';

/** What the query asks for, as the kernel would tell it. */
export function look(world: World, query: Query): LiveState {
  const wanted = new Set([...query.netns, ...query.sysctls.map((one) => one.netns)]);
  for (const one of [...query.tables, ...query.sysctlTrees]) wanted.add(one.netns);
  const asked = new Map([...wanted].map((name): [string, Asked] => [name, { sysctls: [], trees: [], tables: [] }]));
  for (const one of query.sysctls) asked.get(one.netns)?.sysctls.push(one.key);
  for (const one of query.sysctlTrees) asked.get(one.netns)?.trees.push(one);
  for (const one of query.tables) asked.get(one.netns)?.tables.push(one);
  const netns = [...asked].flatMap(([name, what]): [string, NetnsLive][] => {
    const there = world.netns.get(name);
    if (!there) return [];
    const seen = lookInto(there, what);
    return [[name, query.neighbours.includes(name) ? seen : { ...seen, neighbours: [] }]];
  });
  return {
    bootId: world.bootId,
    hostname: 'vm',
    ipv6: true,
    netns: new Map(netns),
    deadNetns: new Set(),
    files: new Map(query.files.map((path) => [path, world.files.get(path) ?? null])),
    listeners: [],
    missingLinkKinds: [],
    plugins: new Map(query.plugins.map((plugin) => [plugin, null])),
    fresh: new Map(query.fresh.map((one) => [one.netns, freshIn(world, one)])),
    addresses: new Map(query.addresses.map((name) => [name, addressesIn(world.netns.get(name))])),
    tableNames: new Map(
      query.tableNames.map((name) => [
        name,
        [...(world.netns.get(name)?.tables.keys() ?? [])].map((one) => `inet ${one}`),
      ]),
    ),
    firewalls: new Map(),
    rulesets: new Map(),
    holders: new Map(),
    nftMissing: null,
    ms: 0,
  };
}

/** What a new namespace would have, once those values were written. */
function freshIn(world: World, { sysctls, keys }: Query['fresh'][number]): ReadonlyMap<string, string | null> {
  const copy: World = { ...world, netns: new Map(world.netns) };
  const netns = addNetns(copy, ' fresh');
  for (const [key, value] of Object.entries(sysctls)) setSysctl(copy, { netns: ' fresh', key, value });
  return new Map(keys.map((key) => [key, sysctlOf(netns, key)]));
}

/** Everything as text, without what no one can rely on (indexes, cookies, order). */
export function dumpOf(world: World): string {
  const netns = [...world.netns.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).map(dumpNetns);
  const files = [...world.files].sort().map(([path, content]) => `file ${path} ${JSON.stringify(content)}`);
  return [...netns, ...files, ...[...world.folders].sort().map((folder) => `folder ${folder}`)].join('\n');
}

type Asked = {
  readonly sysctls: string[];
  readonly trees: Query['sysctlTrees'][number][];
  readonly tables: Query['tables'][number][];
};

function lookInto(netns: FakeNetns, asked: Asked): NetnsLive {
  const trees = asked.trees.flatMap(({ dir, leaf }) => treeOf(netns, dir, leaf));
  return {
    cookie: netns.cookie,
    mark: netns.mark,
    links: new Map([...netns.links].map(([name, link]) => [name, lookAt(link)])),
    addresses: addressesIn(netns),
    routes: [...netns.routes, ...connectedRoutes(netns)],
    rules: [...netns.rules],
    neighbours: netns.neighbours.map((neighbour) => ({ ...neighbour, permanent: true })),
    sysctls: new Map([...trees, ...asked.sysctls.map((key) => [key, sysctlOf(netns, key)] as const)]),
    tables: new Map(asked.tables.map(({ table, scripts }) => [table, compared(netns.tables.get(table), scripts)])),
  };
}

const addressesIn = (netns: FakeNetns | undefined): NetnsLive['addresses'] =>
  (netns?.addresses ?? []).map((one) => ({ ...one, scope: 'global', tentative: false, dadFailed: false }));

function lookAt({ peer, netns: _netns, ...link }: FakeLink) {
  return {
    ...link,
    carrier: link.up && (!peer || peer.up),
    running: link.up && (!peer || peer.up),
    hairpin: link.master === null ? null : link.hairpin,
    peer: peer && { netns: peer.netns, name: peer.name },
  };
}

const compared = (script: string | undefined, scripts: readonly string[]): TableLive => ({
  listing: script ?? null,
  same: scripts.filter((other) => other === script),
  refused: new Map(),
  wanted: new Map(scripts.map((other) => [other, other])),
});

function dumpNetns(netns: FakeNetns): string {
  const lines = [
    ...[...netns.links.values()].map(({ peer, index: _index, ...link }) => {
      return `link ${canonical({ ...link, peer: peer && `${peer.netns}/${peer.name}` })}`;
    }),
    ...netns.addresses.map((address) => `address ${canonical(address)}`),
    ...netns.routes.map((route) => `route ${canonical(route)}`),
    ...netns.rules.map((rule) => `rule ${canonical(rule)}`),
    ...netns.neighbours.map((neighbour) => `neighbour ${canonical(neighbour)}`),
    ...changedSysctls(netns).map((line) => `sysctl ${line}`),
    ...[...netns.tables].map(([table, script]) => `table ${table} ${JSON.stringify(script)}`),
  ].sort();
  return [`netns ${netns.name} ${netns.mark ?? ''}`, ...lines.map((line) => `  ${line}`)].join('\n');
}

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
