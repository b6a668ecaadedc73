import { expect, test } from 'vitest';
import type { RawLink } from '../../../src/kernel/netlink/links/raw-link.ts';
import { findVethPeers, type NetnsLinks } from '../../../src/kernel/read/veth-peers.ts';
import { linkKinds } from '../../../src/registry/kinds.ts';

const session = (netns: string): NetnsLinks['session'] => ({
  ...{ netns, fd: 3, socket: 4 },
  linkIndex: () => 0,
  dumpedLinks: () => [],
  forgetIndexes: () => {},
  forgetLinks: () => {},
  onClose: () => {},
  close: () => {},
});

const end = (name: string, index: number, [lower, lowerNsid]: readonly [number, number | null]): RawLink => ({
  port: null,
  ...{ index, name, kind: 'veth', mac: '', mtu: 1500, up: true, carrier: true, running: true, group: 0 },
  ...{ alias: null, master: null, lower, lowerNsid, info: null, masterKind: null, hairpin: null },
  ...{ flags: 0, qdisc: null, settings: [], portSettings: [] },
});

const NUMBERS = new Map([
  ['host red', 0],
  ['red host', 7],
]);
const numberOf = (from: { netns: string }, to: { netns: string }): number =>
  NUMBERS.get(`${from.netns} ${to.netns}`) ?? -1;

const peersIn = (host: RawLink, red: RawLink) =>
  findVethPeers(
    [
      { session: session('host'), links: [host] },
      { session: session('red'), links: [red] },
    ],
    linkKinds,
    numberOf,
  );

test('two ends that name each other are a pair', () => {
  const peerOf = peersIn(end('port', 5, [2, 0]), end('eth0', 2, [5, 7]));
  expect(peerOf('host', 5)).toEqual({ netns: 'red', name: 'eth0' });
  expect(peerOf('red', 2)).toEqual({ netns: 'host', name: 'port' });
});

test.each([
  ['the other end of ours is in a namespace that is going, and a foreign link has the index', [2, 3], [5, -1]],
  ['only one of the two namespaces is meant', [2, 0], [5, 3]],
  ['neither namespace has a number', [2, -1], [5, -1]],
] as const)('indexes that fit by chance make no pair: %s', (_, host, red) => {
  const peerOf = peersIn(end('foreign', 5, host), end('eth0', 2, red));
  expect(peerOf('host', 5)).toEqual({ netns: null, name: null });
  expect(peerOf('red', 2)).toEqual({ netns: null, name: null });
});
