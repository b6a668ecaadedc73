import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bare, load, red, said, topologyOf } from './load-topology.ts';

test('the example of the language, whole', () => {
  const loaded = load(readFileSync(join(import.meta.dirname, 'fixtures', 'language.yaml'), 'utf8'));
  expect(said(loaded)).toEqual([]);
  const { topology } = loaded;
  expect(topology?.namespaces.map(({ name }) => name)).toEqual(['red', 'blue', 'a', 'router', 'podA', 'lonely']);
  expect(bare(topology?.cables)).toEqual([
    {
      ends: [
        { name: 'a', part: 'eth0' },
        { name: 'router', part: 'eth0' },
      ],
      mtu: null,
    },
    {
      ends: [
        { name: 'red', part: 'eth1' },
        { name: 'host', part: 'to-red' },
      ],
      mtu: 9000,
    },
  ]);
  expect(topology?.files[0]?.content).toMatchObject({ cniVersion: '1.0.0', name: 'mynet', plugins: [{}, {}] });
});

describe('interfaces', () => {
  test.each([
    ['e: 10.1.1.10/24', { address: [{ address: '10.1.1.10', length: 24 }] }],
    [
      'e: [10.1.1.10, "FD00:0::1/64"]',
      {
        address: [
          { address: '10.1.1.10', length: null },
          { address: 'fd00::1', length: 64 },
        ],
      },
    ],
    ['e: { bridge: b }', { address: 'auto', bridge: { name: 'b', part: null } }],
    ['e: { bridge: "r:b", address: none }', { address: 'none', bridge: { name: 'r', part: 'b' } }],
    ['e: none', { address: 'none' }],
    ['e:', { address: 'auto', bridge: null, state: 'up', existing: false, gateway: null, mac: null, mtu: null }],
    [
      'e: { mac: "02:AB:00:00:00:01", state: down, gateway: false, mtu: 900 }',
      { mac: '02:ab:00:00:00:01', state: 'down', gateway: false, mtu: 900 },
    ],
    ['a-name-of-more-than-fifteen: {}', { name: 'a-name-of-more-than-fifteen' }],
  ])('parses %s', (body, expected) => {
    expect(red(`interfaces: { ${body} }`)['interfaces']).toMatchObject([expected]);
  });

  test('a place points at the value that was written', () => {
    const [one] = topologyOf('namespaces: { red: { interfaces: { e: [10.0.0.1/8, 10.0.0.2/8] } } }').namespaces;
    expect(one?.interfaces[0]?.address).toMatchObject([
      { at: ['namespaces', 'red', 'interfaces', 'e', 0] },
      { at: ['namespaces', 'red', 'interfaces', 'e', 1] },
    ]);
  });
});

test('bridges and subnets, short and long', () => {
  const { host, subnets } = topologyOf(`
bridges:
  a: 10.1.0.0/24
  b: [10.2.0.0/24, "fd00:2::/64", pods]
  c: { subnet: pods, address: [10.3.0.1], gateway: [router, "fd00::1"], stp: true, ageing: 10m, forwardDelay: 4, priority: 8, multicastSnooping: false, state: down }
  d: { gateway: none }
subnets:
  pods: 10.3.0.0/16
  both: { cidr: [10.4.0.0/16, "fd00:4::/64"], gateway: 10.4.0.1 }
`);
  expect(bare(host.bridges)).toMatchObject([
    {
      name: 'a',
      subnets: [{ prefix: '10.1.0.0/24' }],
      addresses: [],
      gateway: [],
      own: { kind: 'bridge', values: { stp: null, ageing: null, multicastSnooping: null } },
    },
    { name: 'b', subnets: [{ prefix: '10.2.0.0/24' }, { prefix: 'fd00:2::/64' }, { name: 'pods' }] },
    {
      subnets: [{ name: 'pods' }],
      addresses: [{ address: '10.3.0.1', length: null }],
      gateway: [{ ref: { name: 'router', part: null } }, { address: 'fd00::1' }],
      own: { values: { stp: true, ageing: 600, forwardDelay: 4, priority: 8, multicastSnooping: false } },
      state: 'down',
    },
    { subnets: [], gateway: [{ none: true }] },
  ]);
  expect(bare(subnets)).toMatchObject([
    { cidrs: ['10.3.0.0/16'], gateway: [] },
    { cidrs: ['10.4.0.0/16', 'fd00:4::/64'], gateway: [{ address: '10.4.0.1' }] },
  ]);
});

describe('routes', () => {
  const hop = (to: object | null, more = {}) => ({ to, weight: 1, dev: null, ...more });
  test.each([
    [
      '{ to: default, via: 10.1.0.1 }',
      { to: 'default', via: [hop({ address: '10.1.0.1' })], table: 254, type: 'unicast' },
    ],
    [
      '{ to: 10.9.0.0/16, via: [r1, { to: "r2:e", weight: 2, dev: x }] }',
      {
        to: { prefix: '10.9.0.0/16' },
        via: [
          hop({ ref: { name: 'r1', part: null } }),
          hop({ ref: { name: 'r2', part: 'e' } }, { weight: 2, dev: 'x' }),
        ],
      },
    ],
    [
      '{ to: 10.9.0.1, via: { to: "FE80::1", dev: x } }',
      { to: { prefix: '10.9.0.1/32' }, via: [hop({ address: 'fe80::1' }, { dev: 'x' })] },
    ],
    [
      '{ to: blue, dev: e, src: 10.0.0.1, metric: 5, table: 100, onlink: true, mtu: 900 }',
      {
        to: { ref: { name: 'blue', part: null } },
        via: [],
        dev: 'e',
        src: '10.0.0.1',
        metric: 5,
        table: 100,
        onlink: true,
        mtu: 900,
      },
    ],
    [
      '{ to: 10.9.0.0/16, via: [{ dev: x, weight: 3 }, { to: "FE80::1", dev: x }], tos: "0x10", scope: site }',
      {
        via: [hop(null, { weight: 3, dev: 'x' }), hop({ address: 'fe80::1' }, { dev: 'x' })],
        options: { tos: 16, scope: 'site' },
      },
    ],
    [
      '{ to: 10.9.0.0/16, dev: x, mtu: 1400, advmss: 1, initcwnd: 2, initrwnd: 3, window: 4, rtt: 1s, rtoMin: 20ms, quickack: true, lock: [mtu], pref: low }',
      {
        mtu: 1400,
        options: {
          ...{ advmss: 1, initcwnd: 2, initrwnd: 3, window: 4, rtt: 1000, rtoMin: 20, quickack: true, pref: 'low' },
          lock: ['mtu', 'rto_min'],
        },
      },
    ],
    ['{ to: 10.9.0.0/16, dev: x, quickack: false, pref: medium }', { options: {} }],
    ['{ to: 10.9.0.0/16, type: local, dev: lo }', { type: 'local', dev: 'lo', table: 255 }],
    ['{ to: 10.9.0.0/16, type: throw, table: 7 }', { type: 'throw', via: [], table: 7 }],
    [
      '{ to: "::/0", type: blackhole, table: local }',
      { to: { prefix: '::/0' }, type: 'blackhole', via: [], table: 255 },
    ],
  ])('parses %s', (body, expected) => {
    expect(red(`routes: [${body}]`)['routes']).toMatchObject([expected]);
  });
});

test('rules and neighbours', () => {
  const written = red(
    `rules:
  - { from: 10.1.1.0/24, table: 100, priority: 1000 }
  - { to: "fd00::1", iif: e, oif: f, mark: 0x10/0xff, type: prohibit }
  - { from: all, mark: 16, table: main }
 , neighbours: [{ to: 10.1.0.9, mac: "02:00:00:00:00:0A", dev: wan }]`
      .replace(/\n {2}- (.*)/g, (_, item) => ` ${item},`)
      .replace('rules:', 'rules: [')
      .replace(/,\s*, neigh/, '], neigh'),
  );
  expect(written['rules']).toMatchObject([
    { from: { prefix: '10.1.1.0/24' }, to: null, table: 100, priority: 1000, mark: null, action: 'lookup' },
    { to: { prefix: 'fd00::1/128' }, iif: 'e', oif: 'f', mark: { value: 16, mask: 255 }, table: 0, action: 'prohibit' },
    { from: null, mark: { value: 16, mask: 0xffffffff }, table: 254 },
  ]);
  expect(written['neighbours']).toMatchObject([{ to: { address: '10.1.0.9' }, mac: '02:00:00:00:00:0a', dev: 'wan' }]);
});

test('sysctls: keys with dots or slashes, values of any kind', () => {
  const { sysctls } = red(
    'sysctls: { net.ipv4.ip_forward: true, net.ipv4.conf.eth0/100.rp_filter: 0, net/ipv4/conf/eth0.100/proxy_arp: false, net.ipv4.tcp_rmem: "4096  87380\\t6291456" }',
  );
  expect(sysctls).toEqual([
    { key: 'net/ipv4/ip_forward', value: '1' },
    { key: 'net/ipv4/conf/eth0.100/rp_filter', value: '0' },
    { key: 'net/ipv4/conf/eth0.100/proxy_arp', value: '0' },
    { key: 'net/ipv4/tcp_rmem', value: '4096 87380 6291456' },
  ]);
});
