import { expect, test } from 'vitest';
import type { LabRoute } from '../../../src/model/lab.ts';
import * as given from './fixture.ts';

const kind = given.kindOf('route');
const at = ['namespaces', 'red', 'routes', 0];
const hop = (via: string | null, more = {}) => ({ via, dev: 'eth0', weight: 1, onlink: false, ...more });
const routeOf = (more: Partial<LabRoute> = {}): LabRoute => ({
  ...{ netns: 'red', to: '0.0.0.0/0', type: 'unicast', hops: [hop('192.168.15.5')], src: null, metric: 0, table: 254 },
  ...{ mtu: null, at, implied: false },
  ...more,
});
const addresses = [
  { netns: 'red', dev: 'eth0', prefixes: ['192.168.15.1/24'], automatic: [], at },
  { netns: 'red', dev: 'lo', prefixes: ['10.9.9.9/32'], automatic: [], at },
];
const compiled = (...routes: readonly LabRoute[]) =>
  kind.compile(given.labWith({ cables: [given.portCable()], addresses, routes }));
const base = compiled(routeOf())[0] ?? given.only('route', given.labWith({}));

test.each([
  [{}, 'route:red/main/default'],
  [{ to: '::/0', metric: 1024 }, 'route:red/main/::/0'],
  [{ to: '10.9.0.0/16', metric: 50, table: 100 }, 'route:red/100/10.9.0.0/16@50'],
])('%j has the id %s', (parts, id) => {
  expect(compiled(routeOf(parts))[0]?.id).toBe(id);
});

test('a route comes after its links, their addresses, its source and the way to its next hop', () => {
  const direct = routeOf({ to: '10.1.0.1/32', hops: [hop(null)] });
  const through = routeOf({ to: '10.2.0.0/16', hops: [hop('10.1.0.1')], src: '10.9.9.9' });
  expect(compiled(through, direct)[0]).toMatchObject({
    dependsOn: ['netns:red', 'veth:red/eth0', 'address:red/eth0', 'route:red/main/10.1.0.1/32', 'address:red/lo'],
    within: ['veth:red/eth0'],
  });
});

test('what a route goes with', () => {
  expect(compiled(routeOf({ type: 'blackhole', hops: [] }))[0]?.within).toEqual(['netns:red']);
  expect(compiled(routeOf({ netns: 'host', hops: [hop('10.0.0.1', { dev: 'nic' })] }))[0]?.within).toEqual([]);
});

test('hops have one order, wanted and read', () => {
  const hops = [hop('fe80::2', { dev: 'eth1' }), hop('fe80::1', { weight: 3 })];
  const route = compiled(routeOf({ to: '::/0', metric: 1024, hops }))[0];
  if (!route) throw new Error('no route');
  const live = { ...given.routeLive, to: '::/0', metric: 1024, hops: [...hops].reverse() };
  expect(kind.observe(given.liveWith({ red: { routes: [live] } }), route, given.contextWith())).toEqual({
    ...{ spec: route.spec, owner: 'ours', whose: null },
  });
});

test.each([
  [4, 'protocol static'],
  [2, 'made by the kernel'],
  [77, 'protocol 77'],
])('one of protocol %i is foreign: %s', (protocol, whose) => {
  const live = { ...given.routeLive, to: '0.0.0.0/0', hops: [hop('192.168.15.5')], protocol };
  expect(kind.observe(given.liveWith({ red: { routes: [live] } }), base, given.contextWith())).toMatchObject({
    owner: 'foreign',
    whose,
  });
});

test('another metric or table is another route', () => {
  const live = { ...given.routeLive, to: '0.0.0.0/0', hops: [hop('192.168.15.5')] };
  const routes = [
    { ...live, metric: 100 },
    { ...live, table: 100 },
  ];
  expect(kind.observe(given.liveWith({ red: { routes } }), base, given.contextWith()).spec).toBeNull();
});

test('added, replaced and deleted by the full key', () => {
  const after = { ...base.spec, hops: [hop('192.168.15.9')] };
  const update = given.operationOf('update', base, { before: base.spec, after });
  expect(kind.instructions(given.created(base), 'make', given.contextWith())).toMatchObject([
    [{ do: 'route.add', route: base.spec }],
  ]);
  expect(kind.instructions(update, 'make', given.contextWith())).toMatchObject([
    [{ do: 'route.replace', route: after }],
  ]);
  expect(kind.instructions(given.deleted(base), 'delete', given.contextWith())).toMatchObject([
    [{ do: 'route.delete', route: base.spec }],
  ]);
});

test('the implied default route says whose it is', () => {
  const lans = [
    {
      ...{ label: 'v-net-0', bridge: null, subnets: [], gateways: [], at },
      members: [{ netns: 'red', dev: 'eth0', prefixes: [], at }],
    },
  ];
  const lab = given.labWith({ cables: [given.portCable()], lans, routes: [routeOf({ implied: true })] });
  expect(given.only('route', lab).note).toBe('default route of v-net-0');
});
