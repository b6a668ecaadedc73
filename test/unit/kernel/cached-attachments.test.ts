import { expect, test } from 'vitest';
import { parseCache } from '../../../src/kernel/cni/cached-attachments.ts';

const result = {
  cniVersion: '1.0.0',
  interfaces: [
    { name: 'eth0', mac: '02:00:00:00:00:01' },
    { name: 'eth0', mac: 'AA:00:00:00:00:02', sandbox: '/run/netns/pod1' },
  ],
  ips: [{ address: '10.22.0.2/24' }, { address: 'fd00::2/64' }],
};
const cache = {
  kind: 'cniCacheV1',
  containerId: 'c1',
  ifName: 'eth0',
  networkName: 'mynet',
  netns: '/run/netns/pod1',
  result,
};
const parse = (more: object) => parseCache(JSON.stringify({ ...cache, ...more }));

test('a file of the cache of libcni says what plugins made in a namespace with a name', () => {
  const read = {
    netns: 'pod1',
    dev: 'eth0',
    network: 'mynet',
    containerId: 'c1',
    addresses: ['10.22.0.2', 'fd00::2'],
    mac: 'aa:00:00:00:00:02',
  };
  expect(parse({})).toEqual(read);
  expect(parse({ netns: '/var/run/netns/pod1' })).toEqual(read);
  expect(parse({ result: { ip4: { ip: '10.0.0.2/8' } } })).toEqual({ ...read, addresses: ['10.0.0.2'], mac: null });
});

test.each([
  ['another kind of file', { kind: 'cniCacheV2' }],
  ['a namespace of a process', { netns: '/proc/7/ns/net' }],
  ['a path below a namespace', { netns: '/run/netns/pod1/x' }],
  ['no result', { result: null }],
  ['no interface', { ifName: 1 }],
])('%s is passed over', (_, more) => {
  expect(parse(more)).toBe(null);
});

test('what is not JSON is passed over', () => {
  for (const text of ['', '{', '[]', 'null']) expect(parseCache(text)).toBe(null);
});
