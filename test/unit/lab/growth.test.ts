import { expect, test } from 'vitest';
import { nameFilesOf } from '../../../src/features/names/name-files.ts';
import type { Topology, TopologyInterface, TopologyNetns } from '../../../src/model/topology.ts';
import { elaborateTopology, loadTopology } from '../../../src/registry/language.ts';
import { countCalls, growthOfCalls } from '../../support/count-calls.ts';

const PER_BRIDGE = 250;

function topologyOf(yaml: string): Topology {
  const { topology, diagnostics } = loadTopology(`version: 1\nname: large\n${yaml}`, {
    file: 'large.yaml',
    vars: {},
    varFile: null,
  });
  if (!topology || diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics));
  return topology;
}

/** As many namespaces as wanted, each as `change` makes it of the topology's last one. */
function grown(
  topology: Topology,
  count: number,
  change: (seed: TopologyNetns, index: number) => TopologyNetns,
): Topology {
  const seed = topology.namespaces.at(-1);
  if (!seed) throw new Error('the seed has no namespace');
  const many = Array.from({ length: count }, (_, i) => ({
    ...change(seed, i),
    name: `n${i}`,
    at: ['namespaces', `n${i}`],
  }));
  return { ...topology, namespaces: [...topology.namespaces.slice(0, -1), ...many] };
}

/** Bridges of the host with 250 namespaces each, all published. */
function onBridges(count: number): Topology {
  const bridges = Array.from({ length: count / PER_BRIDGE }, (_, i) => i);
  const lans = bridges.map((i) => `  sw${i}: { subnet: [10.${i}.0.0/16, "fd${10 + i}::/64"], address: 10.${i}.0.1 }`);
  const one = 'namespaces: { seed: { interfaces: { eth0: { bridge: sw0 } }, publish: ["80:80"] } }';
  const topology = topologyOf(`bridges:\n${lans.join('\n')}\n${one}\n`);
  return grown(topology, count, (seed, i) => {
    const wired = (entry: TopologyInterface): TopologyInterface => {
      const at = ['namespaces', `n${i}`, 'interfaces', entry.name];
      return {
        ...entry,
        at,
        bridge: { value: { name: `sw${i % bridges.length}`, part: null }, at: [...at, 'bridge'] },
      };
    };
    return { ...seed, interfaces: seed.interfaces.map(wired) };
  });
}

/** One router with a cable to every namespace, which sends everything to it by name. */
function star(count: number): Topology {
  const yaml = `namespaces:
  router: { forwarding: true }
  seed: { interfaces: { eth0: 10.0.0.1/31 }, routes: [{ to: default, via: router }] }
`;
  const topology = grown(topologyOf(yaml), count, (seed, i) => ({
    ...seed,
    interfaces: seed.interfaces.map(addressed(i * 2)),
  }));
  const router = topology.namespaces[0];
  const entry = topology.namespaces[1]?.interfaces[0];
  if (!router || !entry) throw new Error('the star has no centre');
  const legs = Array.from({ length: count }, (_, i) => addressed(i * 2 + 1)({ ...entry, name: `e${i}` }));
  const cables = legs.map(({ name }, i) => ({
    at: ['links', i],
    mtu: null,
    ends: [
      { value: { name: 'router', part: name }, at: ['links', i] },
      { value: { name: `n${i}`, part: 'eth0' }, at: ['links', i] },
    ] as const,
  }));
  return { ...topology, cables, namespaces: [{ ...router, interfaces: legs }, ...topology.namespaces.slice(1)] };
}

const addressed =
  (host: number) =>
  (entry: TopologyInterface): TopologyInterface => ({
    ...entry,
    address: [{ address: `10.${host >> 16}.${(host >> 8) & 255}.${host & 255}`, length: 31, at: entry.at }],
  });

/** Resolves a topology, which has to be without errors. */
const resolving = (topology: Topology) => (): void => {
  const { problems } = elaborateTopology(topology, {});
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
};

test('resolves eight times as many namespaces on bridges with eight times as many calls', async () => {
  expect(await growthOfCalls((count) => resolving(onBridges(count)), { few: 250, many: 2000 })).toBeLessThan(1.3);
});

test('resolves a router with a thousand cables with few calls for each cable and namespace', async () => {
  // Which of its addresses a namespace knows the router by is looked for among all of them.
  expect(await countCalls(resolving(star(1000)))).toBeLessThan(4 * 1000 * 1000);
});

test('namespaces that see the same names share one list', () => {
  const lab = elaborateTopology(onBridges(1000), {});
  expect(new Set(nameFilesOf(lab).map(({ hosts }) => hosts)).size).toBe(1000 / PER_BRIDGE);
});
