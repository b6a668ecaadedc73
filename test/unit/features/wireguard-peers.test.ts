import { expect, test } from 'vitest';
import { converge } from '../../../src/engine/converge.ts';
import type { Goal } from '../../../src/engine/goal.ts';
import { adoptUnspecified } from '../../../src/engine/plan/adopt-unspecified.ts';
import { planGoal } from '../../../src/engine/plan/plan.ts';
import { NO_PLACES } from '../../../src/model/files/file-places.ts';
import type { WireguardDevice } from '../../../src/model/kernel/wireguard.ts';
import { sha256Latin1 } from '../../../src/model/values/hash.ts';
import { shellLines } from '../../../src/registry/instructions.ts';
import { compileLab, kinds } from '../../../src/registry/kinds.ts';
import { elaborateTopology, elaborationQuery, loadTopology } from '../../../src/registry/language.ts';
import { addLink, linkOf, netnsOf } from '../../support/fake/world.ts';
import { type FakeMachine, fakeMachine } from '../../support/fake-machine.ts';
import { recordedMap } from '../../support/test-kinds.ts';

const KEY = 'aEJYRUSEWylmTxPGkmbhxAp3w0n8qhXI5/WLoLQLUU4=';
const PEER = 'hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=';
const OTHER = '0gsO+thXAC5eWIrNJ8zVKkvwvGJaSUXOWlFQEM85sSU=';

type LinkWords = { readonly state?: 'up' | 'down'; readonly mtu?: number; readonly address?: readonly string[] };

/** A lab with one link of the machine's, on a kernel that has WireGuard. */
function goalOf(
  machine: FakeMachine,
  peers: unknown,
  more: Partial<Goal> & { readonly listenPort?: number; readonly link?: LinkWords } = {},
): Goal {
  const { listenPort, link = {}, ...goal } = more;
  const wireguard = { peers, ...(listenPort === undefined ? {} : { listenPort }) };
  const text = JSON.stringify({
    ...{ version: 1, name: 'lab' },
    host: { interfaces: { wg0: { wireguard, address: '10.9.0.1/24', ...link } } },
  });
  const { topology } = loadTopology(text, { file: 'x', vars: {}, varFile: null });
  if (!topology) throw new Error('not a topology');
  const live = machine.read(elaborationQuery(topology, NO_PLACES));
  const secretOf = (_netns: string, path: string) => machine.world.files.get(path) ?? null;
  const desired = compileLab(elaborateTopology(topology, {}, { live, secretOf }));
  const contents = [...desired.flatMap(({ blobs = [] }) => blobs), `${KEY}\n`];
  const bytesOf = (sha: string) => contents.find((content) => sha256Latin1(content) === sha) ?? null;
  const rest = {
    bytesOf,
    foreign: 'refuse',
    recorded: new Map(),
    heldByOthers: new Set<string>(),
    extraQuery: [],
  } as const;
  const whole: Goal = { kinds, lab: 'lab', uid: '0a1b2c3d', desired, ...rest, ...goal };
  return adoptUnspecified(whole, planGoal(machine, whole).found);
}

const OPTIONS = { wait: async () => {} };
const peerOf = (publicKey: string, allowedIPs: string | readonly string[]) => ({
  publicKey,
  allowedIPs,
  endpoint: '203.0.113.9:51820',
});

test('only the peers that change are said, and a device that goes takes its peers along', async () => {
  const machine = fakeMachine();
  const first = await converge(
    machine,
    goalOf(machine, [peerOf(PEER, '10.9.0.2/32'), peerOf(OTHER, '10.8.0.0/16')]),
    OPTIONS,
  );
  expect(first).toMatchObject({ status: 'reached', failures: [] });
  const recorded = recordedMap(first.recorded);
  const device = linkOf(netnsOf(machine.world, 'host'), 'wg0').wireguard;
  expect(device?.peers.map(({ publicKey }) => publicKey)).toEqual([PEER, OTHER]);
  const given = machine.given.length;
  const goal = goalOf(machine, [peerOf(PEER, '10.9.0.2/32')], { recorded, listenPort: 51820 });
  const second = await converge(machine, goal, OPTIONS);
  expect(second).toMatchObject({ status: 'reached', failures: [] });
  const lines = machine.given.slice(given).flatMap(shellLines);
  expect(lines.filter((line) => line.startsWith('wg'))).toEqual([
    `wg set wg0 listen-port 51820 fwmark 0 private-key /run/netform/labs/lab/host/wg0.key peer ${OTHER} remove`,
  ]);
  expect(lines).toContainEqual(expect.stringMatching(/^ip route del(ete)? .*10\.8\.0\.0\/16/));
  const gone = await converge(machine, { ...goal, recorded: recordedMap(second.recorded), desired: [] }, OPTIONS);
  expect(gone).toMatchObject({ status: 'reached', failures: [], remaining: [] });
  expect(machine.dump()).toBe(fakeMachine().dump());
});

test('what is behind a peer has a route only while the link is up', async () => {
  const machine = fakeMachine();
  const peers = [peerOf(PEER, '10.9.0.2/32'), peerOf(OTHER, ['10.8.0.0/16', 'fd00:8::/64'])];
  const routes = (): readonly string[] => netnsOf(machine.world, 'host').routes.map(({ to }) => to);
  let recorded: Goal['recorded'] = new Map();
  for (const state of ['down', 'up', 'down'] as const) {
    const goal = goalOf(machine, peers, { recorded, link: { state } });
    const outcome = await converge(machine, goal, OPTIONS);
    expect(outcome).toMatchObject({ status: 'reached', failures: [], diagnostics: [] });
    recorded = recordedMap(outcome.recorded);
    expect(routes()).toEqual(state === 'up' ? ['10.8.0.0/16', 'fd00:8::/64'] : []);
    expect(planGoal(machine, goalOf(machine, peers, { recorded, link: { state } })).plan.stages).toEqual([]);
  }
});

test('a link whose MTU allows IPv6 again has no link-local address, as a new one', async () => {
  const machine = fakeMachine();
  const peers = [peerOf(PEER, '10.9.0.2/32')];
  const first = await converge(machine, goalOf(machine, peers, { link: { mtu: 1200 } }), OPTIONS);
  expect(first).toMatchObject({ status: 'reached', failures: [] });
  const given = machine.given.length;
  const recorded = recordedMap(first.recorded);
  const second = await converge(machine, goalOf(machine, peers, { recorded, link: { mtu: 1300 } }), OPTIONS);
  expect(second).toMatchObject({ status: 'reached', failures: [] });
  const key = 'net/ipv6/conf/wg0/addr_gen_mode';
  expect(machine.given.slice(given)).toContainEqual({ do: 'sysctl.restore', netns: 'host', key, value: '1' });
});

test('IPv6 addresses that go with the MTU need no deleting', async () => {
  const machine = fakeMachine();
  const peers = [peerOf(PEER, '10.9.0.2/32')];
  const link = { address: ['10.9.0.1/24', 'fd00:9::1/64'] };
  const first = await converge(machine, goalOf(machine, peers, { link }), OPTIONS);
  expect(first).toMatchObject({ status: 'reached', failures: [] });
  const recorded = recordedMap(first.recorded);
  const second = await converge(machine, goalOf(machine, peers, { recorded, link: { mtu: 1220 } }), OPTIONS);
  expect(second).toMatchObject({ status: 'reached', remaining: [] });
  expect(second.failures.map(({ code }) => code)).toEqual(['ENXIO']);
});

test('a device of others is taken over with its key, and given back as it was', async () => {
  const machine = fakeMachine();
  const host = netnsOf(machine.world, 'host');
  addLink(host, 'wg0', { kind: 'wireguard', mac: '', mtu: 1420, group: 0 });
  const known = { presharedKey: KEY, endpoint: { address: '198.51.100.7', port: 999 }, keepalive: 25 };
  const former: WireguardDevice = {
    ...{ privateKey: KEY, listenPort: 51999, fwmark: 7 },
    peers: [{ publicKey: OTHER, ...known, allowedIps: ['10.1.0.0/16', 'fd00:1::/64'] }],
  };
  Object.assign(linkOf(host, 'wg0'), { options: { program: null }, wireguard: former });
  const before = machine.dump();
  const peers = [peerOf(PEER, '10.9.0.2/32')];
  const refused = await converge(machine, goalOf(machine, peers), OPTIONS);
  expect(refused.diagnostics.map(({ message }) => message)).toContainEqual(expect.stringContaining('wg0'));
  const taken = await converge(machine, goalOf(machine, peers, { foreign: 'adopt' }), OPTIONS);
  expect(taken).toMatchObject({ status: 'reached', failures: [], diagnostics: [] });
  const now = linkOf(host, 'wg0').wireguard;
  expect(now).toMatchObject({ privateKey: KEY, listenPort: 51999, peers: [{ publicKey: PEER }] });
  const recorded = recordedMap(taken.recorded);
  expect(planGoal(machine, goalOf(machine, peers, { recorded })).plan.stages).toEqual([]);
  const gone = await converge(machine, { ...goalOf(machine, peers, { recorded }), desired: [] }, OPTIONS);
  expect(gone).toMatchObject({ status: 'reached', failures: [], remaining: [], diagnostics: [] });
  expect(linkOf(host, 'wg0').wireguard).toEqual(former);
  expect(machine.dump()).toBe(before);
});
