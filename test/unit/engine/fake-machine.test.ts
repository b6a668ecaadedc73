import { expect, test } from 'vitest';
import type { AddLink, Instruction, RouteValue } from '../../../src/model/instruction.ts';
import { netnsOf } from '../../support/fake/world.ts';
import { fakeMachine } from '../../support/fake-machine.ts';

const red = { netns: 'red' };
const addNetns: Instruction = { do: 'netns.add', ...red, mark: 'm', sysctls: {} };
const link = { mac: '02:00:00:00:00:01', mtu: null, group: 0, master: null, lower: null, options: {} } as const;
const bridge: AddLink = { do: 'link.add', ...red, name: 'br0', kind: 'bridge', peer: null, ...link };
const end = { mac: '02:00:00:00:00:02', mtu: null, group: 0 };
const veth: AddLink = {
  do: 'link.add',
  netns: 'host',
  name: 'v0',
  kind: 'veth',
  peer: { ...red, name: 'eth0', ...end },
  ...link,
};
const up = (name: string, netns = 'red'): Instruction => ({ do: 'link.set', netns, name, set: { up: true } });
const down: Instruction = { do: 'link.set', ...red, name: 'eth0', set: { up: false } };
const master: Instruction = { do: 'link.set', ...red, name: 'eth0', set: { master: 'br0' } };
const address: Instruction = { do: 'address.add', ...red, dev: 'eth0', prefix: '10.0.0.1/24', protocol: null };
const six: Instruction = { ...address, prefix: 'fd00::1/64' };
const value: RouteValue = {
  ...{ to: '0.0.0.0/0', type: 'unicast', src: null, metric: 0, table: 254, mtu: null },
  hops: [{ via: '10.0.0.254', dev: 'eth0', weight: 1, onlink: false }],
};
const route: Instruction = { do: 'route.add', ...red, route: value };
const removeNetns: Instruction = { do: 'netns.delete', ...red };
const ready = [addNetns, veth, up('eth0'), address];

/** One after the other; the refusal of each, or null. */
function codes(...instructions: readonly Instruction[]): readonly (string | null)[] {
  const machine = fakeMachine();
  return instructions.map((one) => machine.execute([one])[0]?.code ?? null);
}

test.each<[string, readonly Instruction[], string]>([
  ['a namespace that is there', [addNetns, addNetns], 'EEXIST'],
  ['a namespace that is not there', [removeNetns], 'ENOENT'],
  ['a link in no namespace', [bridge], 'ENOENT'],
  ['a link that is there', [addNetns, bridge, bridge], 'EEXIST'],
  ['a port of no bridge', [addNetns, veth, master], 'ENODEV'],
  ['an address twice', [...ready, address], 'EEXIST'],
  ['an address that is not there', [...ready.slice(0, 3), { ...address, do: 'address.delete' }], 'EADDRNOTAVAIL'],
  ['a route over a link that is down', [addNetns, veth, address, route], 'ENETDOWN'],
  ['a route without an address', [addNetns, veth, up('eth0'), route], 'ENETUNREACH'],
  ['a route twice', [...ready, route, route], 'EEXIST'],
  ['a route that went with its link', [...ready, route, down, up('eth0'), { ...route, do: 'route.delete' }], 'ESRCH'],
  [
    'a route that went with its address',
    [...ready, route, { ...address, do: 'address.delete' }, { ...route, do: 'route.delete' }],
    'ESRCH',
  ],
  [
    'a veth by its second end',
    [...ready, { do: 'link.delete', netns: 'host', name: 'v0' }, { do: 'link.delete', ...red, name: 'eth0' }],
    'ENODEV',
  ],
  ['a name whose namespace has just gone', [...ready, removeNetns, addNetns, veth], 'EEXIST'],
  [
    'a setting of no device',
    [addNetns, { do: 'sysctl.set', ...red, key: 'net/ipv4/conf/eth0/forwarding', value: '1' }],
    'ENOENT',
  ],
  [
    'a file that is there',
    [
      { do: 'file.write', path: '/etc/x', content: '', exclusive: true },
      { do: 'file.write', path: '/etc/x', content: '', exclusive: true },
    ],
    'EEXIST',
  ],
])('refuses %s', (_what, instructions, code) => {
  expect(codes(...instructions)).toEqual([...instructions.slice(1).map(() => null), code]);
});

test('a link that goes down loses its routes, and its IPv6 addresses too', () => {
  const machine = fakeMachine();
  for (const one of [...ready, six, route, down]) expect(machine.execute([one])).toEqual([]);
  const { addresses, routes } = netnsOf(machine.world, 'red');
  expect(addresses.filter(({ dev }) => dev === 'eth0').map(({ prefix }) => prefix)).toEqual(['10.0.0.1/24']);
  expect(routes).toEqual([]);
});

test('all of a batch are tried, and each refusal is told in its place', () => {
  const machine = fakeMachine();
  const failures = machine.execute([
    removeNetns,
    { ...bridge, netns: 'host' },
    veth,
    { ...bridge, netns: 'host', name: 'br1' },
  ]);
  expect(failures.map((failure) => failure.instruction)).toEqual([removeNetns, veth]);
  expect([...netnsOf(machine.world, 'host').links.keys()].sort()).toEqual(['br0', 'br1', 'lo']);
});
