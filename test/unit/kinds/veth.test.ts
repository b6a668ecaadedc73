import { expect, test } from 'vitest';
import type { LinkLive } from '../../../src/model/kernel/live-state.ts';
import {
  bridgeOf,
  cableOf,
  contextWith,
  created,
  deleted,
  endOf,
  kindOf,
  labWith,
  linkLive,
  linksOf,
  liveWith,
  MARK,
  only,
  operationOf,
  portCable,
  recordedOf,
} from './fixture.ts';

const kind = kindOf('veth');
const port = only('veth', labWith({ bridges: [bridgeOf('host', 'v-net-0')], cables: [portCable()] }));
const near = linkLive({ name: 'eth0', peer: { netns: 'host', name: 'red-eth0' } });
const far = linkLive({
  ...{ name: 'red-eth0', mac: '02:4e:46:00:00:02', master: 'v-net-0', hairpin: false },
  peer: { netns: 'red', name: 'eth0' },
});
const observed = (red: readonly LinkLive[], host: readonly LinkLive[]) =>
  kind.observe(liveWith({ red: { links: linksOf(...red) }, host: { links: linksOf(...host) } }), port, contextWith());

test('what a cable needs, and what it goes with', () => {
  expect(port).toMatchObject({ id: 'veth:red/eth0', netns: 'red', within: [] });
  expect(port.dependsOn).toEqual(['netns:red', 'bridge:host/v-net-0']);
  const inner = only('veth', labWith({ cables: [cableOf(endOf('red', 'eth1'), endOf('blue', 'eth1'))] }));
  expect(inner.within).toEqual(['netns:red', 'netns:blue']);
});

test('it is made from the end that has a master, which comes up after everything else', () => {
  const rounds = kind.instructions(created(port), 'make', contextWith());
  expect(rounds[0]).toMatchObject([{ do: 'link.add', netns: 'host', name: 'red-eth0', master: 'v-net-0' }]);
  expect(rounds[0]).toMatchObject([{ peer: { netns: 'red', name: 'eth0', mtu: 1500, group: 20038 } }]);
  expect(rounds[1]?.map((step) => step.do)).toEqual(['sysctl.restore', 'sysctl.restore', 'sysctl.set']);
  expect(rounds[2]).toEqual([
    { do: 'link.set', netns: 'host', name: 'red-eth0', set: { alias: MARK } },
    { do: 'link.set', netns: 'red', name: 'eth0', set: { alias: MARK, up: true } },
  ]);
  expect(kind.lastInstructions?.(created(port), contextWith())).toEqual([
    { do: 'link.set', netns: 'host', name: 'red-eth0', set: { up: true } },
  ]);
});

test('two bridges, a shortened name, hairpin', () => {
  const long = endOf('red', 'a-very-l-123456', { label: 'a-very-long-name', master: 'br1', hairpin: true });
  const cable = only('veth', labWith({ cables: [cableOf(long, endOf('blue', 'p', { master: 'br2' }))] }));
  const rounds = kind.instructions(created(cable), 'make', contextWith());
  expect(rounds).toHaveLength(3);
  expect(rounds[1]).toMatchObject([
    { name: 'a-very-l-123456', set: { alias: `${MARK} a-very-long-name` } },
    { name: 'p', set: { alias: MARK, master: 'br2' } },
  ]);
  expect(rounds[2]).toEqual([{ do: 'link.set', netns: 'red', name: 'a-very-l-123456', set: { hairpin: true } }]);
});

test('the live pair is read back as the wanted one', () => {
  expect(observed([near], [far])).toEqual({ spec: port.spec, owner: 'ours', whose: null });
  expect(observed([], []).spec).toBeNull();
});

test.each([
  ['the far end was renamed', [{ ...near, peer: { netns: 'host', name: 'x' } }], [], ['eth0', 'x'], 'eth0'],
  [
    'the near end was moved out of sight',
    [],
    [{ ...far, peer: { netns: null, name: null } }],
    ['', 'red-eth0'],
    'red-eth0',
  ],
  ['the near end has another peer', [{ ...near, peer: { netns: 'red', name: 'y' } }], [far], ['eth0', 'y'], 'eth0'],
])('when %s the pair is made anew', (_title, red, host, names, removed) => {
  const found = observed(red, host);
  expect(found.owner).toBe('ours');
  expect(found.spec).toMatchObject({ ends: names.map((name) => ({ name })) });
  expect(found.spec?.['ends']).not.toEqual(port.spec['ends']);
  const replace = operationOf('replace', port, { before: found.spec ?? {}, after: port.spec });
  expect(kind.instructions(replace, 'delete', contextWith())).toMatchObject([[{ do: 'link.delete', name: removed }]]);
});

test('a link of the same name that is not ours is foreign', () => {
  expect(observed([near], [{ ...far, alias: 'docker', group: 0 }])).toMatchObject({ owner: 'foreign' });
});

test('deleted by the end in the host', () => {
  expect(kind.instructions(deleted(port), 'delete', contextWith())).toEqual([
    [{ do: 'link.delete', netns: 'host', name: 'red-eth0' }],
  ]);
});

test('MTU, MAC, state, master and hairpin change in place', () => {
  const settings = { label: 'red-eth0', mac: '02:4e:46:00:00:02', up: true, master: 'v-net-0' };
  const before = { ...port.spec, far: { ...settings, mtu: 1400, master: null, hairpin: false } };
  const after = { ...port.spec, far: { ...settings, mtu: 1500, hairpin: true } };
  const update = operationOf('update', port, { before, after });
  expect(kind.instructions(update, 'make', contextWith(recordedOf(port)))).toEqual([
    [{ do: 'link.set', netns: 'host', name: 'red-eth0', set: { mtu: 1500, master: 'v-net-0' } }],
    [{ do: 'link.set', netns: 'host', name: 'red-eth0', set: { hairpin: true } }],
  ]);
});
