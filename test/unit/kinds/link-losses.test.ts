import { expect, test } from 'vitest';
import type { AnyFact } from '../../../src/model/kernel/need.ts';
import {
  bridgeOf,
  cableOf,
  contextWith,
  endOf,
  kindOf,
  labWith,
  linkLive,
  linksOf,
  liveWith,
  only,
  routeLive,
} from './fixture.ts';

const kind = kindOf('veth');
const cable = only(
  'veth',
  labWith({
    bridges: [bridgeOf('red', 'lan')],
    cables: [cableOf(endOf('red', 'eth0'), endOf('red', 'p1', { master: 'lan', mac: '02:4e:46:00:00:02' }))],
  }),
);
const near = linkLive({ name: 'eth0', alias: null, group: 0, peer: { netns: 'red', name: 'p1' } });
const far = { name: 'p1', alias: null, group: 0, mac: '02:4e:46:00:00:02', peer: { netns: 'red', name: 'eth0' } };
const neighbour = { dev: 'eth0', to: '10.1.0.9', mac: '02:00:00:00:00:09', permanent: true, protocol: null };
const FACTS: readonly AnyFact[] = [
  {
    need: { need: 'neighbours', netns: 'red' },
    answer: [neighbour, { ...neighbour, mac: '', proxy: true, unknown: [{ name: 'proxy', value: '' }] }],
  },
  {
    need: { need: 'forwarding-entries', netns: 'red' },
    answer: [{ dev: 'p1', mac: '02:00:00:00:00:55', to: null, via: null, unknown: [{ name: 'static', value: '' }] }],
  },
];
const address = { dev: 'eth0', protocol: null, scope: 'global', tentative: false, dadFailed: false };
const ADDRESSES = [
  { ...address, prefix: '10.1.0.2/24' },
  { ...address, prefix: 'fd01::2/64' },
  { ...address, prefix: 'fe80::2/64', scope: 'link' },
];
const port = { master: 'lan', unknownOfPort: [{ name: 'isolated', value: '1' }] };
const observed = (eth0: Partial<typeof near>, p1: object) =>
  kind.observe(
    liveWith(
      { red: { links: linksOf({ ...near, ...eth0 }, linkLive({ ...far, ...p1 })), addresses: ADDRESSES } },
      FACTS,
    ),
    cable,
    {
      ...contextWith(),
      adopting: true,
    },
  );

test('a pair is adopted with what it has when nothing of that is touched', () => {
  expect(observed({}, port)).not.toHaveProperty('remedy');
});

test.each([
  ['another MAC takes its permanent neighbours', { mac: '02:00:00:00:00:77' }, port, 'lose neighbour 10.1.0.9', 'mac'],
  [
    'another state takes its proxy entries and IPv6 addresses, too',
    { up: false },
    port,
    'lose neighbour 10.1.0.9, proxy neighbour 10.1.0.9, address fd01::2/64',
    'state',
  ],
  [
    'another master takes the settings and the entries of a port',
    {},
    { ...port, master: 'other' },
    'lose isolated 1, fdb 02:00:00:00:00:55',
    'master',
  ],
])('%s: such a pair is not adopted', (_, eth0, p1, lost, field) => {
  const found = observed(eth0, p1);
  expect(found.whose).toMatch(new RegExp(`adopted, it would ${lost}$`));
  expect(found.remedy).toContain(`leave its ${field} as it is`);
});

const down = only('veth', labWith({ cables: [cableOf(endOf('red', 'eth0', { up: false }), endOf('red', 'p1'))] }));
const throughEth0 = (protocol: number) => ({
  ...routeLive,
  ...{ to: '10.9.0.0/24', protocol, hops: [{ via: '10.1.0.9', dev: 'eth0', weight: 1, onlink: false }] },
});

test.each([
  ['one of a user', 4, true],
  ['one of the kernel', 2, false],
  ['one of a routing daemon, which brings it again', 12, false],
])('a link that is set down loses routes: %s', (_, protocol, isLost) => {
  const links = linksOf(linkLive({ ...near, up: true }), linkLive({ ...far, mac: near.mac }));
  const live = liveWith({ red: { links, routes: [throughEth0(protocol)] } });
  const found = kind.observe(live, down, { ...contextWith(), adopting: true });
  expect(/would lose.*route 10\.9\.0\.0\/24/.test(found.whose ?? '')).toBe(isLost);
});

test('nothing is read, and nothing refused, where nothing is adopted', () => {
  const live = liveWith({ red: { links: linksOf({ ...near, up: false }, linkLive({ ...far, ...port })) } });
  expect(kind.observe(live, cable, contextWith())).not.toHaveProperty('remedy');
  expect(kind.query(cable, contextWith()).map(({ need }) => need)).toEqual(['namespace', 'namespace']);
});
