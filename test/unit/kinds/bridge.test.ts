import { expect, test } from 'vitest';
import { NETFORM_GROUP } from '../../../src/model/instruction.ts';
import {
  bridgeOf,
  contextWith,
  created,
  kindOf,
  labWith,
  linkLive,
  linksOf,
  liveWith,
  MARK,
  only,
  operationOf,
  recordedOf,
} from './fixture.ts';

const kind = kindOf('bridge');
const bridge = only('bridge', labWith({ bridges: [bridgeOf('host', 'v-net-0')] }));
const options = { stp: false, ageing: 300, forwardDelay: 15, priority: 32768, multicastSnooping: true };
const there = linkLive({ name: 'v-net-0', kind: 'bridge', mac: '02:4e:46:00:00:0b', options });

test('a bridge of the host is quietened before it comes up', () => {
  expect(bridge).toMatchObject({ id: 'bridge:host/v-net-0', dependsOn: [], within: [] });
  const rounds = kind.instructions(created(bridge), 'make', contextWith());
  expect(rounds.map((round) => round.map((instruction) => instruction.do))).toEqual([
    ['link.add'],
    ['sysctl.restore', 'sysctl.restore', 'sysctl.set'],
    ['link.set'],
  ]);
  expect(rounds[0]?.[0]).toMatchObject({ kind: 'bridge', mtu: 1500, group: 20038, mac: '02:4e:46:00:00:0b' });
  expect(rounds[1]?.[0]).toMatchObject({ key: 'net/ipv6/conf/v-net-0/accept_ra', value: '0' });
  expect(rounds[2]?.[0]).toMatchObject({ set: { alias: MARK, up: true } });
});

test('the recorded form of a bridge has its options in one field', () => {
  const common = { netns: 'host', name: 'v-net-0', label: 'v-net-0', mac: '02:4e:46:00:00:0b', mtu: 1500, up: true };
  expect(bridge.spec).toEqual({ ...common, options });
});

test('a bridge of a namespace goes with it and needs no quietening', () => {
  const inside = only('bridge', labWith({ bridges: [bridgeOf('router', 'cni0')] }));
  expect(inside).toMatchObject({ dependsOn: ['netns:router'], within: ['netns:router'] });
  expect(kind.instructions(created(inside), 'make', contextWith())).toHaveLength(2);
});

test('the live bridge is read back as the wanted one', () => {
  const live = liveWith({ host: { links: linksOf(there) } });
  expect(kind.observe(live, bridge, contextWith())).toEqual({ spec: bridge.spec, owner: 'ours', whose: null });
});

test.each([
  ['without a mark', { alias: null, group: 0 }, "no mark of netform's"],
  ["another lab's", { alias: 'netform:v1:other:01234567' }, 'lab other'],
  ['that only begins like ours', { alias: `${MARK}9` }, 'lab demo'],
  ['that is a veth', { alias: null, group: 0, kind: 'veth', options: null }, 'veth, not a bridge'],
])('one %s is foreign', (_title, parts, whose) => {
  const live = liveWith({ host: { links: linksOf({ ...there, ...parts }) } });
  expect(kind.observe(live, bridge, contextWith())).toMatchObject({ owner: 'foreign', whose });
});

test('one that a killed run left without its alias is ours, and gets it', () => {
  const live = liveWith({ host: { links: linksOf({ ...there, alias: null }) } });
  expect(kind.observe(live, bridge, contextWith()).owner).toBe('foreign');
  const found = kind.observe(live, bridge, { ...contextWith(), interrupted: true });
  expect(found.owner).toBe('ours');
  const update = operationOf('update', bridge, { before: found.spec ?? {}, after: bridge.spec });
  expect(kind.instructions(update, 'make', contextWith(recordedOf(bridge)))).toEqual([
    [{ do: 'link.set', netns: 'host', name: 'v-net-0', set: { alias: MARK, group: NETFORM_GROUP } }],
  ]);
});

test('only what changed is set', () => {
  const before = { ...bridge.spec, mtu: 1400, options: { ...options, stp: true } };
  const update = operationOf('update', bridge, { before, after: bridge.spec });
  expect(kind.instructions(update, 'make', contextWith(recordedOf(bridge)))).toEqual([
    [
      {
        do: 'link.set',
        netns: 'host',
        name: 'v-net-0',
        set: { mtu: 1500, options: { kind: 'bridge', values: { stp: false } } },
      },
    ],
  ]);
});

test('what the kernel does to the ageing while the spanning tree changes is no difference', () => {
  const stp = only('bridge', labWith({ bridges: [bridgeOf('host', 'v-net-0', { stp: true, forwardDelay: 2 })] }));
  const ageingOf = (ageing: number, more: { readonly changing?: true }) => {
    const link = { ...there, options: { ...options, stp: true, forwardDelay: 2, ageing }, ...more };
    const live = liveWith({ host: { links: linksOf(link) } });
    return kind.observe(live, stp, contextWith(recordedOf(stp))).spec?.['options'];
  };
  expect(ageingOf(4, { changing: true })).toEqual(stp.spec['options']);
  expect(ageingOf(5, { changing: true })).toMatchObject({ ageing: 5 });
  expect(ageingOf(4, {})).toMatchObject({ ageing: 4 });
});
