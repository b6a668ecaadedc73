import { expect, test } from 'vitest';
import { forwardRule } from '../../../src/features/port-forwards/index.ts';
import type { Spec } from '../../../src/model/json.ts';
import type { LabSysctl } from '../../../src/model/lab-parts/lab-sysctl.ts';
import { sysctlFacts } from '../../support/facts.ts';
import { contextWith, kindOf, labWith, liveWith, only, operationOf, portCable, recordedOf } from './fixture.ts';

const kind = kindOf('sysctl');
const sysctlOf = (key: string, more: Partial<LabSysctl> = {}): LabSysctl => ({
  ...{ netns: 'host', key, value: '1', dev: null, at: [], reason: null },
  ...more,
});
const forwarding = only('sysctl', labWith({ sysctls: [sysctlOf('net/ipv4/ip_forward', { reason: 'nat' })] }));

/** A host whose NIC forwards by itself, as a router's may. */
const host = (parts: { readonly [key: string]: string | null }) =>
  liveWith(
    {},
    sysctlFacts('host', {
      'net/ipv4/ip_forward': '0',
      'net/ipv4/conf/all/forwarding': '0',
      'net/ipv4/conf/all/accept_redirects': '1',
      'net/ipv4/conf/default/forwarding': '0',
      'net/ipv4/conf/nic/forwarding': '1',
      'net/ipv4/conf/lo/forwarding': '0',
      ...parts,
    }),
  );
const switched = {
  'net/ipv4/ip_forward': '1',
  'net/ipv4/conf/all/forwarding': '1',
  'net/ipv4/conf/all/accept_redirects': '0',
  'net/ipv4/conf/default/forwarding': '1',
  'net/ipv4/conf/lo/forwarding': '1',
};
const devices = { 'net/ipv4/conf/all/accept_redirects': '1', 'net/ipv4/conf/nic/forwarding': '1' };

test('off, on and off again: the device that forwarded by itself still does', () => {
  expect(kind.query(forwarding, contextWith())).toContainEqual({
    need: 'device-sysctls',
    netns: 'host',
    key: 'net/ipv4/conf/*/forwarding',
  });
  const before = kind.observe(host({}), forwarding, contextWith());
  expect(before).toMatchObject({ owner: 'shared', spec: { value: '0', devices } });

  const on = operationOf('update', forwarding, { before: before.spec ?? {}, after: forwarding.spec });
  expect(kind.instructions(on, 'make', contextWith())).toEqual([
    [{ do: 'sysctl.set', netns: 'host', key: 'net/ipv4/ip_forward', value: '1' }],
  ]);

  const recorded = recordedOf(forwarding, before.spec);
  const live = kind.observe(host(switched), forwarding, contextWith(recorded));
  expect(live.spec).toEqual(forwarding.spec);

  const released = kind.restoreTo(recorded, live.spec, liveWith({}));
  expect(released).toEqual(before.spec);
  const off = operationOf('update', forwarding, { before: live.spec ?? {}, after: released ?? {} });
  expect(kind.instructions(off, 'make', contextWith(recorded))).toEqual([
    [{ do: 'sysctl.set', netns: 'host', key: 'net/ipv4/ip_forward', value: '0' }],
    Object.entries(devices).map(([key, value]) => ({ do: 'sysctl.restore', netns: 'host', key, value })),
  ]);
  expect(kind.observe(host({}), forwarding, contextWith(recorded)).spec).toEqual(released);
});

test.each([
  ['still has its setting', {}, '1'],
  ['has gone', { 'net/ipv4/conf/nic/forwarding': null }, '1'],
  ['was overwritten', { 'net/ipv4/conf/nic/forwarding': '0' }, '0'],
])('after the release, a device that %s', (_title, parts, value) => {
  const recorded = recordedOf(forwarding, { ...forwarding.spec, value: '0', devices });
  const found = kind.observe(host(parts), forwarding, contextWith(recorded));
  expect(found.spec?.['devices']).toEqual({ ...devices, 'net/ipv4/conf/nic/forwarding': value });
});

test('what somebody else has set since stays', () => {
  const before: Spec = { ...forwarding.spec, value: '0' };
  const live: Spec = { ...forwarding.spec, value: '2' };
  expect(kind.restoreTo(recordedOf(forwarding, before), live, liveWith({}))).toEqual(live);
  expect(kind.restoreTo(recordedOf(forwarding, before), null, liveWith({}))).toBeNull();
});

test('a key of a link of ours goes with it; localhost is routed only behind its guard', () => {
  const key = 'net/ipv4/conf/red-eth0/route_localnet';
  const forward = {
    ...({
      netns: 'host',
      family: 4,
      address: null,
      ports: { first: 80, last: 80 },
      protocols: ['tcp'],
      lan: null,
    } as const),
    ...{ target: { label: 'red', address: '10.0.0.1', ports: { first: 80, last: 80 } }, dev: 'red-eth0', at: [] },
  } as const;
  const sysctls = [sysctlOf(key, { dev: 'red-eth0' })];
  const resource = only('sysctl', labWith({ cables: [portCable()], nft: [forwardRule(forward)], sysctls }));
  expect(resource).toMatchObject({
    id: 'sysctl:host/net.ipv4.conf.red-eth0.route_localnet',
    dependsOn: ['veth:red/eth0', 'nft:host/netform_demo'],
    within: ['veth:red/eth0'],
  });
});

test("a device's own forwarding is written after the switch that overwrites it", () => {
  const resource = only('sysctl', labWith({ sysctls: [sysctlOf('net/ipv6/conf/nic/forwarding', { value: '0' })] }));
  expect(resource.dependsOn).toEqual(['sysctl:host/net.ipv6.conf.all.forwarding']);
});
