import { expect, test } from 'vitest';
import { readCommands } from '../../../src/import/commands/index.ts';
import { importLive } from '../../../src/import/live.ts';
import type { PortVlanLive } from '../../../src/model/kernel/live-state.ts';
import { linkKinds } from '../../../src/registry/kinds.ts';
import { addLink, addNetns, BRIDGE_DEFAULTS, netnsOf } from '../../support/fake/world.ts';
import { fakeMachine } from '../../support/fake-machine.ts';
import { labOfImport } from './imported.ts';

const read = (lines: readonly string[]) => {
  const { links, unknown } = readCommands(lines, { nameOf: (link) => link, files: null });
  return { port: links.get('eth1')?.port ?? null, unknown };
};

test.each([
  [['vlan add dev eth1 vid 10 pvid untagged', 'vlan del dev eth1 vid 1'], { access: 10 }],
  [['vlan del dev eth1 vid 1', 'vlan add vid 20-29 dev eth1', 'vlan add dev eth1 vid 10'], { trunk: [10, '20-29'] }],
  [['vlan add dev eth1 vid 20 master'], { trunk: [20], native: 1 }],
  [['vlan del dev eth1 vid 1', 'vlan add dev eth1 vid 2-9', 'vlan del dev eth1 vid 4-5'], { trunk: ['2-3', '6-9'] }],
  [['vlan add dev eth1 vid 20', 'vlan del dev eth1 vid 20'], {}],
  [['link set dev eth1 isolated on learning off'], { isolated: true, learning: false }],
])('bridge %j', (lines, port) => {
  expect(read(lines.map((line) => `bridge ${line}`))).toEqual({ port, unknown: [] });
});

test.each([
  'vlan add dev br0 vid 10 self',
  'vlan add dev eth1 vid 4095',
  'vlan add dev eth1',
  'link set dev eth1 backup_port x',
  'vlan show',
])('bridge %s is not understood', (line) => {
  expect(read([`bridge ${line}`])).toEqual({ port: null, unknown: [`bridge ${line}`] });
});

test('a port whose frames leave without a tag from two VLANs is reported', () => {
  expect(read(['bridge vlan add dev eth1 vid 10 pvid untagged']).unknown).toEqual([
    expect.stringContaining('bridge vlan of eth1'),
  ]);
});

const NEEDS = [
  ...['namespace', 'neighbours', 'forwarding-entries', 'multicast-entries', 'bridge-vlans', 'queues'],
  ...['wireguard-links', 'ruleset'],
] as const;

/** What is imported of a bridge in sw whose ports p-red and p-blue are in these VLANs. */
function imported(red: readonly PortVlanLive[], blue: readonly PortVlanLive[]) {
  const machine = fakeMachine();
  const { world } = machine;
  for (const name of ['sw', 'red', 'blue']) addNetns(world, name);
  const sw = netnsOf(world, 'sw');
  const lan = addLink(sw, 'lan', { kind: 'bridge', mac: '02:00:00:00:00:01', mtu: 1500, group: 0 });
  Object.assign(lan, { up: true, options: { ...BRIDGE_DEFAULTS, vlanFiltering: true } });
  for (const [name, vlans] of [['red', red] as const, ['blue', blue] as const]) {
    const port = addLink(sw, `p-${name}`, { kind: 'veth', mac: '02:00:00:00:00:02', mtu: 1500, group: 0 });
    const end = addLink(netnsOf(world, name), 'eth0', { kind: 'veth', mac: '02:00:00:00:00:03', mtu: 1500, group: 0 });
    Object.assign(port, { up: true, master: 'lan', peer: end });
    Object.assign(end, { up: true, peer: port });
    sw.vlans.set(`p-${name}`, vlans);
  }
  const names = ['host', 'sw', 'red', 'blue'];
  const sysctls = ['net/ipv4/ip_forward', 'net/ipv6/conf/all/forwarding'];
  const live = machine.read(
    names.flatMap((netns) => [
      ...NEEDS.map((need) => ({ need, netns }) as never),
      ...sysctls.map((key) => ({ need: 'sysctl-value', netns, key }) as const),
    ]),
  );
  const facts = {
    live,
    namespaces: names.slice(1),
    sysctls: new Map(),
    writtenMacs: new Map(),
    files: [],
    switches: [],
  };
  return importLive(facts, { name: 'imported', host: 'touched', ports: 'own', purpose: 'copy' }, linkKinds);
}

test('the VLANs of ports are read from the kernel, and the topology is accepted', () => {
  const own = { vlans: [10, 10], pvid: true, untagged: true } as const;
  const tagged = { vlans: [20, 29], pvid: false, untagged: false } as const;
  const result = imported([own], [tagged]);
  expect(result.document['namespaces']).toMatchObject({
    red: { interfaces: { eth0: { port: { access: 10 } } } },
    blue: { interfaces: { eth0: { port: { trunk: ['20-29'] } } } },
  });
  expect(result.leftOut).toEqual([]);
  expect(labOfImport(result).cables.flatMap(({ ends }) => ends.flatMap(({ vlans }) => vlans ?? []))).toEqual([
    { untagged: 10, tagged: [] },
    { untagged: null, tagged: [[20, 29]] },
  ]);
});

test('VLANs of a port that the words cannot say are left out, with what they are', () => {
  const odd = { vlans: [30, 30], pvid: false, untagged: true } as const;
  const { leftOut } = imported([odd], []);
  expect(leftOut).toEqual(['link p-red of sw: VLANs 30 untagged', 'link p-blue of sw: VLANs none']);
});
