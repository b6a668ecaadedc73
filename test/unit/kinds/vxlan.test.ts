import { expect, test } from 'vitest';
import type { LabLink } from '../../../src/model/lab.ts';
import {
  bridgeOf,
  cableOf,
  contextWith,
  created,
  endOf,
  kindOf,
  labWith,
  linkLive,
  linksOf,
  liveWith,
  MARK,
  only,
  operationOf,
  recordedOf,
  spoken,
} from './fixture.ts';

const kind = kindOf('vxlan');
const value = { id: 42, remote: '10.0.0.2', local: null, dev: 'eth0', port: 4789 };
const vxlanOf = (more: Partial<LabLink> = {}): LabLink => ({
  ...{ kind: 'vxlan', netns: 'red', name: 'vx0', label: 'vx0', at: [], mac: '02:4e:46:00:00:0c', mtu: 1450, up: true },
  ...{
    master: null,
    options: value,
    lower: { netns: 'red', name: 'eth0' },
    overhead: 50,
    tunnel: null,
    caption: 'vxlan 42',
  },
  ...more,
});
const cables = [cableOf(endOf('red', 'eth0'), endOf('blue', 'eth0'))];
const vxlan = only('vxlan', labWith({ cables, links: [vxlanOf()] }));
const there = linkLive({ name: 'vx0', kind: 'vxlan', mac: '02:4e:46:00:00:0c', mtu: 1450, options: value });
const seen = (parts: Parameters<typeof linkLive>[0] = there) =>
  kind.observe(liveWith({ red: { links: linksOf(linkLive({ ...there, ...parts })) } }), vxlan, contextWith());

test('it comes after the link that it sends through, and goes with it', () => {
  expect(vxlan).toMatchObject({
    id: 'vxlan:red/vx0',
    dependsOn: ['netns:red', 'veth:red/eth0'],
    within: ['veth:red/eth0'],
  });
  const options = { ...value, dev: null };
  const links = [vxlanOf({ options, lower: null, master: 'br0' })];
  const port = labWith({ bridges: [bridgeOf('red', 'br0')], links });
  expect(only('vxlan', port)).toMatchObject({ dependsOn: ['netns:red', 'bridge:red/br0'], within: ['netns:red'] });
});

test('its recorded form has the options beside the rest', () => {
  const common = { netns: 'red', name: 'vx0', label: 'vx0', mac: '02:4e:46:00:00:0c', mtu: 1450, up: true };
  expect(vxlan.spec).toEqual({ ...common, master: null, ...value });
});

test('it is made whole, then marked and set up', () => {
  const rounds = kind.instructions(created(vxlan), 'make', contextWith());
  expect(rounds).toMatchObject([
    [{ do: 'link.add', kind: 'vxlan', mtu: 1450, group: 20038, options: value, master: null }],
    [{ do: 'link.set', name: 'vx0', set: { alias: MARK, up: true } }],
  ]);
  expect(spoken(kind.describe(created(vxlan)))).toEqual(['+ red vxlan vx0 id 42 to 10.0.0.2, through eth0, mtu 1450']);
});

test('the live one is read back as the wanted one', () => {
  expect(seen()).toEqual({ spec: vxlan.spec, owner: 'ours', whose: null });
  expect(seen({ name: 'vx0', alias: null, group: 0 })).toMatchObject({ owner: 'foreign' });
  expect(seen({ name: 'vx0', kind: 'veth', options: null })).toMatchObject({ spec: null });
  expect(seen({ name: 'vx0', kind: 'veth', alias: null })).toMatchObject({ whose: 'veth, not a vxlan' });
});

test('one with settings that netform never makes is made anew, and never as it was', () => {
  const found = seen({ name: 'vx0', options: null }).spec;
  expect(found).toMatchObject({ id: 0 });
  expect(kind.isCreatable?.(found ?? {})).toBe(false);
  const back = operationOf('replace', vxlan, { before: found ?? {}, after: vxlan.spec });
  expect(spoken(kind.describe(back))).toEqual(['± red vxlan vx0 its settings were changed: replaced']);
});

test('what the kernel changes in place is changed in place; the rest says why not', () => {
  const before = { ...vxlan.spec, mtu: 1400, master: 'br0' };
  const update = operationOf('update', vxlan, { before, after: vxlan.spec });
  const context = contextWith(recordedOf(vxlan));
  expect(kind.instructions(update, 'make', context)).toEqual([
    [{ do: 'link.set', netns: 'red', name: 'vx0', set: { mtu: 1450, master: null } }],
  ]);
  const replace = operationOf('replace', vxlan, { before: { ...vxlan.spec, remote: '10.0.0.9' }, after: vxlan.spec });
  expect(kind.immutable).toContain('remote');
  expect(spoken(kind.describe(replace))).toEqual(['± red vxlan vx0 remote is immutable: replaced']);
});
