import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { type KernelWatcher, openKernelWatcher } from '../../src/kernel/monitor/watcher.ts';
import type { LiveState, Need, Query } from '../../src/model/kernel/need.ts';
import { linkKinds } from '../../src/registry/kinds.ts';
import { machine, sh } from './kernel-fixture.ts';

let watcher: KernelWatcher | null = null;

afterEach(() => {
  watcher?.close();
  watcher = null;
});

const NAMES = ['red', 'blue', 'green'];
const NEEDS = ['namespace', 'addresses', 'neighbours', 'forwarding-entries', 'queues', 'table-names'] as const;
const SYSCTL = 'net/ipv4/ip_forward';
const QUERY: Query = ['host', ...NAMES].flatMap((netns) => [
  ...NEEDS.map((need): Need => ({ need, netns })),
  { need: 'sysctl-value', netns, key: SYSCTL },
]);

/** What a watcher or a full reading answers, as plain values. */
const answers = (live: LiveState): unknown =>
  QUERY.map((need) => {
    if (need.need !== 'namespace') return { ...need, answer: live.get(need) };
    const answer = live.get(need);
    return { ...need, answer: answer && { ...answer, links: [...answer.links.values()] } };
  });

/**
 * The watcher's answers become those of a full reading: the kernel acts on carriers, addresses and deleted namespaces a moment
 * later. What a watcher did not hear of stays wrong.
 */
function expectCurrent(one: KernelWatcher): void {
  for (let attempt = 0; ; attempt++) {
    const watched = answers(one.read(QUERY));
    const found = answers(machine.read(QUERY));
    machine.close();
    if (attempt === ATTEMPTS) expect(watched).toEqual(found);
    if (isDeepStrictEqual(watched, found)) return;
    sh('sleep 0.1');
  }
}

const ATTEMPTS = 30;
const UNHEARD_MS = 1000;

/** Whatever a command answers: many do not apply to what is there. */
const tryShell = (command: string): void => void sh(`${command} 2>/dev/null || true`);

const start = (): KernelWatcher => {
  for (const name of NAMES) sh(`ip netns add ${name}`);
  for (const name of ['red', 'blue']) {
    sh(`ip link add v-${name} type veth peer name eth0 netns ${name}`);
    sh(
      `ip link set v-${name} up; ip -n ${name} link set eth0 up; ip -n ${name} addr add 10.0.0.${name.length}/24 dev eth0`,
    );
  }
  sh(
    'ip link add sw0 type bridge && ip link set sw0 up && ip link set v-red master sw0 && ip link set v-blue master sw0',
  );
  watcher = openKernelWatcher(linkKinds, UNHEARD_MS);
  return watcher;
};

const netns = fc.constantFrom(...NAMES);
const link = fc.constantFrom('eth0', 'eth1', 'lo', 'sw0', 'd0');
const n = fc.integer({ min: 2, max: 5 });
const change = fc.oneof(
  fc
    .tuple(
      netns,
      link,
      fc.constantFrom('up', 'down', 'mtu 1300', 'alias x', 'name eth1', 'address 02:00:00:00:00:07', 'group 7'),
    )
    .map(([ns, dev, what]) => `ip -n ${ns} link set ${dev} ${what}`),
  fc
    .tuple(netns, fc.constantFrom('add', 'del'), n, link)
    .map(([ns, verb, i, dev]) => `ip -n ${ns} addr ${verb} 10.0.${i}.1/24 dev ${dev}`),
  fc
    .tuple(netns, fc.constantFrom('add', 'del'), n, n)
    .map(([ns, verb, i, j]) => `ip -n ${ns} route ${verb} 10.9.${i}.0/24 via 10.0.0.${j}`),
  fc
    .tuple(netns, fc.constantFrom('add', 'del'), n)
    .map(([ns, verb, i]) => `ip -n ${ns} rule ${verb} from 10.0.${i}.0/24 table 10${i}`),
  fc
    .tuple(netns, fc.constantFrom('replace', 'del'), n)
    .map(([ns, verb, i]) => `ip -n ${ns} neigh ${verb} 10.0.0.${i} lladdr 02:00:00:00:00:0${i} dev eth0`),
  fc.tuple(netns, netns).map(([a, b]) => `ip -n ${a} link add eth1 type veth peer name d0 netns ${b}`),
  fc.tuple(netns, netns).map(([a, b]) => `ip -n ${a} link set eth0 netns ${b}`),
  fc.tuple(netns, link).map(([ns, dev]) => `ip -n ${ns} link del ${dev}`),
  fc.tuple(netns, fc.constantFrom(0, 1)).map(([ns, on]) => `ip netns exec ${ns} sysctl -qw net.ipv4.ip_forward=${on}`),
  netns.map((ns) => `ip netns del ${ns}`),
  netns.map((ns) => `ip netns add ${ns}`),
  netns.map((ns) => `ip netns del ${ns}; ip netns add ${ns}; ip link add v-${ns} type veth peer name eth0 netns ${ns}`),
  fc
    .tuple(netns, fc.constantFrom('add table', 'delete table'))
    .map(([ns, verb]) => `ip netns exec ${ns} nft ${verb} inet t`),
  fc.constantFrom(
    'ip link set v-red name v-other',
    'ip link set v-other name v-red',
    'ip link set v-red nomaster',
    'ip link set v-red master sw0',
    'ip link set v-blue down',
    'ip link set v-blue up',
    'ip link add dm0 type dummy',
    'ip link del dm0',
    'ip -n green link add m0 link dm0 type macvlan',
    'ip link set sw0 type bridge stp_state 1',
    'bridge link set dev v-red hairpin on',
    'bridge fdb add 02:00:00:00:00:99 dev v-blue master static',
    'tc qdisc add dev v-red root netem delay 10ms',
    'tc qdisc del dev v-red root',
  ),
);

test('after random changes a watcher knows what a full reading finds', () => {
  fc.assert(
    fc
      .property(fc.array(change, { minLength: 1, maxLength: 12 }), (commands) => {
        const one = start();
        expectCurrent(one);
        for (const command of commands) {
          tryShell(command);
          expectCurrent(one);
        }
      })
      .afterEach(() => {
        watcher?.close();
        for (const name of [...NAMES]) tryShell(`ip netns del ${name}`);
        for (const dev of ['sw0', 'v-red', 'v-blue', 'v-green', 'v-other', 'dm0']) tryShell(`ip link del ${dev}`);
      }),
    { numRuns: Number(process.env['NETFORM_WATCHER_RUNS'] ?? 6) },
  );
});

test('nothing is read that was not touched', () => {
  const one = start();
  expectCurrent(one);
  // Neither end of a pair, nor an address, is on its way any more.
  sh('sleep 2');
  one.read(QUERY);
  expect(one.isTouched()).toBe(false);
  const before = one.read(QUERY).get({ need: 'namespace', netns: 'blue' });
  sh('ip -n red addr add 10.0.7.1/24 dev eth0');
  expect(one.isTouched()).toBe(true);
  const after = one.read(QUERY);
  expect(after.get({ need: 'namespace', netns: 'red' })?.addresses.map(({ prefix }) => prefix)).toContain(
    '10.0.7.1/24',
  );
  expect(after.get({ need: 'namespace', netns: 'blue' })).toBe(before);
});

test('a full queue has everything in its namespace read again', () => {
  const one = start();
  one.read(QUERY);
  sh('for i in $(seq 2000); do echo "link set eth0 mtu $((1300 + i % 2))"; done | ip -n red -batch -');
  sh(
    'for i in $(seq 9000); do echo "route add 10.$((i / 250 + 20)).$((i % 250)).0/24 dev eth0"; done | ip -n red -batch -',
  );
  expectCurrent(one);
});

test('a namespace that is watched can go', () => {
  const one = start();
  one.read(QUERY);
  sh('ip netns del red');
  expect(one.isTouched()).toBe(true);
  // Its end of the pair is deleted when nothing holds the namespace any more.
  sh('for i in $(seq 100); do ip link show v-red >/dev/null 2>&1 || exit 0; sleep 0.05; done; exit 1');
  expectCurrent(one);
});
