import { expect, test } from 'vitest';
import type { AddressLive } from '../../../src/model/kernel/live-state.ts';
import * as given from './fixture.ts';

const kind = given.kindOf('address');
const at = ['namespaces', 'red', 'interfaces', 'eth0'];
const red = given.only(
  'address',
  given.labWith({
    cables: [given.portCable()],
    addresses: [{ netns: 'red', dev: 'eth0', prefixes: ['fd00::1/64', '10.0.0.1/24'], automatic: [], at }],
  }),
);
const nic = given.only(
  'address',
  given.labWith({
    existing: [{ name: 'eth1', at }],
    addresses: [{ netns: 'host', dev: 'eth1', prefixes: ['10.0.0.1/24'], automatic: [], at }],
  }),
);
const addressLive = (dev: string, prefix: string, more: Partial<AddressLive> = {}): AddressLive => ({
  ...{ dev, prefix, protocol: null, scope: 'global', tentative: false, dadFailed: false },
  ...more,
});
const on = (resource: typeof red, dev: string, addresses: readonly AddressLive[]) =>
  given.liveWith({ [resource.netns]: { links: given.linksOf(given.linkLive({ name: dev })), addresses } });

test('one resource a link, in the order of the file, within its link', () => {
  expect(red).toMatchObject({
    id: 'address:red/eth0',
    dependsOn: ['netns:red', 'veth:red/eth0'],
    within: ['veth:red/eth0'],
  });
  expect(red.spec).toEqual({ dev: 'eth0', prefixes: ['fd00::1/64', '10.0.0.1/24'], existing: false });
  expect(nic).toMatchObject({ dependsOn: [], within: [], spec: { existing: true } });
});

test('IPv6 on a NIC of the machine waits for IPv6 forwarding, also for that of a former lab', () => {
  const own = given.only(
    'address',
    given.labWith({
      existing: [{ name: 'eth1', at }],
      addresses: [{ netns: 'host', dev: 'eth1', prefixes: ['10.0.0.1/24', 'fd00::1/64'], automatic: [], at }],
    }),
  );
  expect(own.dependsOn).toEqual(['all', 'eth1'].map((dev) => `sysctl:host/net.ipv6.conf.${dev}.forwarding`));
});

test('the addresses of lo go with its namespace', () => {
  const lo = given.only(
    'address',
    given.labWith({ addresses: [{ netns: 'r', dev: 'lo', prefixes: ['10.9.9.9/32'], automatic: [], at }] }),
  );
  expect(lo).toMatchObject({ dependsOn: ['netns:r'], within: ['netns:r'] });
});

test.each([
  ['no link', given.liveWith({ red: {} }), null],
  ['none of them', on(red, 'eth0', [addressLive('eth0', '10.0.0.7/24')]), null],
  [
    'one, and one by hand',
    on(red, 'eth0', [addressLive('eth0', '10.0.0.1/24'), addressLive('eth0', '10.0.0.7/24')]),
    ['10.0.0.1/24'],
  ],
  ['one that is a duplicate', on(red, 'eth0', [addressLive('eth0', 'fd00::1/64', { dadFailed: true })]), null],
  ['one of another link', on(red, 'eth0', [addressLive('eth1', '10.0.0.1/24')]), null],
])('observes addresses: %s', (_title, live, prefixes) => {
  expect(kind.observe(live, red, given.contextWith()).spec?.['prefixes'] ?? null).toEqual(prefixes);
});

test.each([
  ['by protocol', [addressLive('eth1', '10.0.0.1/24', { protocol: 78 })], 'ours'],
  ['nobody says', [addressLive('eth1', '10.0.0.1/24'), addressLive('lo', '::1/128', { protocol: 1 })], 'foreign'],
  ['of another', [addressLive('eth1', '10.0.0.1/24', { protocol: 3 })], 'foreign'],
])('on a NIC of the machine, %s', (_title, addresses, owner) => {
  expect(kind.observe(on(nic, 'eth1', addresses), nic, given.contextWith()).owner).toBe(owner);
});

test('where the kernel keeps no protocol the state decides', () => {
  const live = on(nic, 'eth1', [addressLive('eth1', '10.0.0.1/24')]);
  expect(kind.observe(live, nic, given.contextWith(given.recordedOf(nic))).owner).toBe('ours');
  expect(kind.observe(live, nic, given.contextWith()).owner).toBe('foreign');
});

test('new ones come before old ones go, but the same IPv6 address with another length cannot', () => {
  const before = { ...red.spec, prefixes: ['10.0.0.9/24', 'fd00::1/80'] };
  const steps = kind.instructions(
    given.operationOf('update', red, { before, after: red.spec }),
    'make',
    given.contextWith(),
  );
  expect(steps.map((round) => round.map((step) => ('prefix' in step ? `${step.do} ${step.prefix}` : '')))).toEqual([
    ['address.delete fd00::1/80'],
    ['address.add 10.0.0.1/24', 'address.add fd00::1/64'],
    ['address.delete 10.0.0.9/24'],
  ]);
});

test('one with a peer goes by the peer that it had', () => {
  const before = { ...red.spec, prefixes: ['10.9.0.1/32'], peers: { '10.9.0.1/32': '10.9.0.2/32' } };
  const change = given.operationOf('update', red, { before, after: red.spec });
  expect(kind.instructions(change, 'make', given.contextWith()).flat()).toContainEqual({
    ...{ do: 'address.delete', netns: 'red', dev: 'eth0', prefix: '10.9.0.1/32', peer: '10.9.0.2/32' },
  });
});

test('protocol 78 only on links that are not ours', () => {
  expect(kind.instructions(given.created(nic), 'make', given.contextWith())).toMatchObject([[{ protocol: 78 }]]);
  expect(kind.instructions(given.created(red), 'make', given.contextWith())).toMatchObject([
    [{ protocol: null }, { protocol: null }],
  ]);
});

test('the first one is added first, of IPv6 last; their order alone is no change', () => {
  const prefixes = ['fd00::2/64', '10.0.0.2/24', 'fd00::1/64', '10.0.0.1/24', '10.0.0.3/24'];
  const several = { ...red, spec: { ...red.spec, prefixes } };
  expect(
    kind
      .instructions(given.created(several), 'make', given.contextWith())
      .map((round) => round.map((one) => 'prefix' in one && one.prefix)),
  ).toEqual([['10.0.0.2/24', 'fd00::1/64'], ['10.0.0.1/24', 'fd00::2/64'], ['10.0.0.3/24']]);
  const found = (present: readonly string[]) =>
    kind.observe(
      on(
        red,
        'eth0',
        present.map((prefix) => addressLive('eth0', prefix)),
      ),
      several,
      given.contextWith(given.recordedOf({ ...red, spec: { ...red.spec, prefixes: prefixes.toSorted() } })),
    ).spec?.['prefixes'];
  expect(found(prefixes.toReversed())).toEqual(prefixes);
  expect(found(['fd00::2/64', '10.0.0.3/24', '10.0.0.1/24'])).toEqual(['10.0.0.1/24', '10.0.0.3/24', 'fd00::2/64']);
});

test("a link of the machine's own keeps the addresses that are behind the one that goes", () => {
  expect(kind.instructions(given.deleted(nic), 'delete', given.contextWith())).toMatchObject([
    [{ do: 'address.delete', existing: true }],
  ]);
  expect(kind.instructions(given.deleted(red), 'delete', given.contextWith()).flat()).not.toMatchObject([
    { existing: true },
    {},
  ]);
});
