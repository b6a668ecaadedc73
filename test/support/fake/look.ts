import type { NetnsLive, TableLive } from '../../../src/model/kernel/live-state.ts';
import {
  type AnyFact,
  type LiveState,
  type Need,
  type NeedOf,
  type Query,
  toLiveState,
} from '../../../src/model/kernel/need.ts';
import { sha256Latin1 } from '../../../src/model/values/hash.ts';
import { onlyAsked } from '../facts.ts';
import { egressTableIn, queuesIn } from './queues.ts';
import { connectedRoutes } from './routes.ts';
import { changedSysctls, setSysctl, sysctlOf, treeOf } from './sysctls.ts';
import { vlansOf } from './vlans.ts';
import { wireguardIn, wireguardLinksIn } from './wireguard.ts';
import { addNetns, type FakeLink, type FakeNetns, type World } from './world.ts';

/** What the query asks for, as the kernel would tell it; nothing else may be used of it. */
export const look = (world: World, query: Query): LiveState =>
  onlyAsked(
    toLiveState(
      query.flatMap((need) => answer(world, need)),
      0,
    ),
    query,
  );

function answer(world: World, need: Need): readonly AnyFact[] {
  const netns = 'netns' in need ? world.netns.get(need.netns) : undefined;
  switch (need.need) {
    case 'machine':
      return [{ need, answer: { bootId: world.bootId, hostname: 'vm', ipv6: true } }];
    case 'file':
      return [{ need, answer: world.files.get(need.key) ?? null }];
    case 'process': {
      const spec = world.processes.get(`${need.netns}/${need.key}`);
      return spec ? [{ need, answer: { place: 'running', spec, pid: 1, pids: [1], seconds: 0 } }] : [];
    }
    case 'stored-file': {
      const bytes = world.files.get(need.key);
      const sha = bytes === undefined ? '' : sha256Latin1(bytes);
      return bytes === undefined ? [] : [{ need, answer: { sha, bytes, mode: 0o600, uid: 0, gid: 0 } }];
    }
    case 'queue-kind':
      return [{ need, answer: need.key !== 'netem' || world.hasNetem }];
    case 'addresses':
      return [{ need, answer: addressesIn(netns) }];
    case 'default-sysctl':
      return [{ need, answer: defaultIn(world, need) }];
    default:
      return netns ? answerIn(netns, need) : [];
  }
}

function answerIn(netns: FakeNetns, need: Need): readonly AnyFact[] {
  switch (need.need) {
    case 'namespace':
      return [{ need, answer: lookInto(netns) }];
    case 'neighbours':
      return [{ need, answer: netns.neighbours.map((neighbour) => ({ ...neighbour, permanent: true })) }];
    case 'bridge-vlans':
      return [{ need, answer: vlansOf(netns) }];
    case 'forwarding-entries':
      return [{ need, answer: netns.fdb }];
    case 'multicast-entries':
      return [{ need, answer: netns.mdb }];
    case 'wireguard-links':
      return [{ need, answer: wireguardLinksIn(netns) }];
    case 'wireguard':
      return [{ need, answer: wireguardIn(netns, need.key) }];
    case 'queues':
      return [{ need, answer: queuesIn(netns) }];
    case 'egress-table':
      return [{ need, answer: egressTableIn(netns, need.key) }];
    case 'sysctl-value':
      return [{ need, answer: sysctlOf(netns, need.key) }];
    case 'device-sysctls': {
      const [dir = '', leaf = ''] = need.key.split('/*/');
      return [{ need, answer: new Map(treeOf(netns, dir, leaf)) }];
    }
    case 'table':
      return [{ need, answer: compared(netns.tables.get(need.key), need.scripts) }];
    case 'table-names':
      return [
        {
          need,
          answer: [
            ...[...netns.tables.keys()].map((one) => (one.includes(' ') ? one : `inet ${one}`)),
            ...[...netns.egressTables.keys()].map((one) => `netdev ${one}`),
          ],
        },
      ];
    default:
      return [];
  }
}

/** What a new namespace would have, once those values were written. */
function defaultIn(world: World, { sysctls, key }: NeedOf<'default-sysctl'>): string | null {
  const copy: World = { ...world, netns: new Map(world.netns) };
  const netns = addNetns(copy, ' fresh');
  for (const [other, value] of Object.entries(sysctls)) setSysctl(copy, { netns: ' fresh', key: other, value });
  return sysctlOf(netns, key);
}

/** Everything as text, without what no one can rely on (indexes, cookies, order). */
export function dumpOf(world: World): string {
  const netns = [...world.netns.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).map(dumpNetns);
  const files = [...world.files].sort().map(([path, content]) => `file ${path} ${JSON.stringify(content)}`);
  return [...netns, ...files, ...[...world.folders].sort().map((folder) => `folder ${folder}`)].join('\n');
}

const lookInto = (netns: FakeNetns): NetnsLive => ({
  cookie: netns.cookie,
  mark: netns.mark,
  links: new Map([...netns.links].map(([name, link]) => [name, lookAt(link)])),
  addresses: addressesIn(netns),
  routes: [...netns.routes, ...connectedRoutes(netns)],
  rules: [...netns.rules],
});

const addressesIn = (netns: FakeNetns | undefined): NetnsLive['addresses'] =>
  (netns?.addresses ?? []).map((one) => ({ ...one, scope: 'global', tentative: false, dadFailed: false }));

function lookAt({ peer, netns: _netns, lower: _lower, ...link }: FakeLink) {
  return {
    ...link,
    carrier: link.up && (!peer || peer.up),
    running: link.up && (!peer || peer.up),
    hairpin: link.master === null ? null : link.hairpin,
    ...(link.master === null ? {} : { port: { cost: link.kind === 'veth' ? 2 : 100, ...link.port } }),
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
    ...netns.fdb.map((entry) => `fdb ${canonical(entry)}`),
    ...netns.mdb.map((entry) => `mdb ${canonical(entry)}`),
    ...changedSysctls(netns).map((line) => `sysctl ${line}`),
    ...[...netns.tables, ...netns.egressTables].map(([table, script]) => `table ${table} ${JSON.stringify(script)}`),
  ].sort();
  return [`netns ${netns.name} ${netns.mark ?? ''}`, ...lines.map((line) => `  ${line}`)].join('\n');
}

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
