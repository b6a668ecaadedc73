import { beforeEach, expect, test } from 'vitest';
import type { Instruction } from '../../src/model/instruction.ts';
import * as kernel from './kernel-fixture.ts';

beforeEach(() => {
  kernel.executeAll(kernel.addNetns('red'));
  kernel.executeAll(kernel.addVeth('red/a', 'host/b'));
  kernel.executeAll(kernel.setLink('red/a', { up: true }), kernel.setLink('host/b', { up: true }));
});

const remove = (prefix: string) => ({ do: 'address.delete', netns: 'red', dev: 'a', prefix }) as const;
const ours = () =>
  kernel
    .readNetns('red')
    .addresses.filter(({ dev, scope }) => dev === 'a' && scope !== 'link')
    .map(({ prefix }) => prefix);

test('addresses of both families are usable at once, and gone when deleted', () => {
  kernel.executeAll(kernel.addAddress('red/a', '10.1.0.1/24'), kernel.addAddress('red/a', 'fd01::1/64'));
  expect(kernel.ip('-n red addr show a')['addr_info']).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ local: '10.1.0.1', prefixlen: 24, scope: '0' }),
      expect.objectContaining({ local: 'fd01::1', prefixlen: 64, nodad: true }),
    ]),
  );
  expect(ours()).toEqual(['10.1.0.1/24', 'fd01::1/64']);
  expect(
    kernel.readNetns('red').addresses.filter(({ tentative, prefix }) => tentative && prefix.startsWith('fd')),
  ).toEqual([]);
  kernel.executeAll(kernel.addAddress('host/b', '10.1.0.2/24'), kernel.addAddress('host/b', 'fd01::2/64'));
  kernel.sh('ping -c1 -W2 10.1.0.1 && ping -c1 -W2 fd01::1');
  kernel.executeAll(remove('10.1.0.1/24'), remove('fd01::1/64'));
  expect(ours()).toEqual([]);
});

test('the protocol of an address is written and read', () => {
  kernel.executeAll({ do: 'address.add', netns: 'red', dev: 'a', prefix: '10.1.0.1/24', protocol: 78 });
  kernel.executeAll(kernel.addAddress('red/a', '10.1.0.2/24'));
  const found = kernel.readNetns('red').addresses.filter(({ dev, scope }) => dev === 'a' && scope !== 'link');
  expect(found.map(({ prefix, protocol }) => [prefix, protocol])).toEqual([
    ['10.1.0.1/24', 78],
    ['10.1.0.2/24', null],
  ]);
});

test('an address with another prefix length is another', () => {
  kernel.executeAll(kernel.addAddress('red/a', '10.1.0.1/24'));
  expect(kernel.executeFailure(kernel.addAddress('red/a', '10.1.0.1/24')).code).toBe('EEXIST');
  expect(kernel.executeFailure(remove('10.1.0.1/25')).code).toBe('EADDRNOTAVAIL');
  kernel.executeAll(kernel.addAddress('red/a', '10.1.0.1/25'));
  expect(ours()).toEqual(['10.1.0.1/24', '10.1.0.1/25']);
});

test('scopes are named', () => {
  kernel.executeAll(kernel.addAddress('red/lo', '127.0.0.9/8'), kernel.addAddress('red/a', '169.254.7.7/16'));
  const scopes = new Map(kernel.readNetns('red').addresses.map(({ prefix, scope }) => [prefix, scope]));
  expect(scopes.get('127.0.0.9/8')).toBe('host');
  expect(scopes.get('169.254.7.7/16')).toBe('link');
  expect([...scopes.entries()].find(([prefix]) => prefix.startsWith('fe80:'))?.[1]).toBe('link');
});

test('an address that is being tried out says so', () => {
  kernel.sh('ip -n red addr add fd01::7/64 dev a');
  expect(kernel.readNetns('red').addresses.find(({ prefix }) => prefix === 'fd01::7/64')?.tentative).toBe(true);
});

test('permanent neighbours of ours: set, changed, deleted', () => {
  kernel.executeAll(kernel.addAddress('red/a', '10.1.0.1/24'), kernel.addAddress('red/a', 'fd01::1/64'));
  const set = (to: string, mac: string): Instruction => ({ do: 'neighbour.set', netns: 'red', dev: 'a', to, mac });
  kernel.executeAll(set('10.1.0.9', '02:00:00:00:00:01'), set('fd01::9', '02:00:00:00:00:02'));
  kernel.executeAll(set('10.1.0.9', '02:00:00:00:00:03'));
  expect(kernel.answerTo({ need: 'neighbours', netns: 'red' })).toEqual([
    { dev: 'a', to: '10.1.0.9', mac: '02:00:00:00:00:03', permanent: true, protocol: 78 },
    { dev: 'a', to: 'fd01::9', mac: '02:00:00:00:00:02', permanent: true, protocol: 78 },
  ]);
  expect(kernel.sh('ip -n red -N neigh show 10.1.0.9')).toMatch(
    /lladdr 02:00:00:00:00:03 (?:PERMANENT|proto 78 PERMANENT|.*78)/,
  );
  const gone = (to: string): Instruction => ({ do: 'neighbour.delete', netns: 'red', dev: 'a', to });
  kernel.executeAll(gone('10.1.0.9'), gone('fd01::9'));
  expect(kernel.answerTo({ need: 'neighbours', netns: 'red' })).toEqual([]);
  expect(kernel.executeFailure(gone('10.1.0.9'))).toEqual({ code: 'ENOENT', message: 'a has no neighbour 10.1.0.9' });
});

test('an address with a peer leads to it, and a route by it is accepted in the next batch', () => {
  const add = (prefix: string, peer: string): Instruction => ({
    ...{ do: 'address.add', netns: 'red', dev: 'a', prefix, peer, protocol: null },
  });
  for (let round = 0; round < 20; round++) {
    kernel.executeAll(add('10.9.0.1/32', '10.9.0.2'), add('fd09::1/128', 'fd09::2'));
    const routes = [kernel.route({ to: '10.8.0.0/16', hops: [kernel.hop('10.9.0.2', 'a')] })].concat(
      kernel.route({ to: 'fd08::/64', hops: [kernel.hop('fd09::2', 'a')] }),
    );
    kernel.executeAll(...routes.map((route): Instruction => ({ do: 'route.add', netns: 'red', route })));
    const found = kernel.readNetns('red').addresses.filter(({ peer }) => peer !== undefined);
    expect(found.map(({ prefix, peer }) => [prefix, peer])).toEqual([
      ['10.9.0.1/32', '10.9.0.2'],
      ['fd09::1/128', 'fd09::2'],
    ]);
    kernel.executeAll(...routes.map((route): Instruction => ({ do: 'route.delete', netns: 'red', route })));
    kernel.executeAll({ ...remove('10.9.0.1/32'), peer: '10.9.0.2' }, { ...remove('fd09::1/128'), peer: 'fd09::2' });
  }
  expect(ours()).toEqual([]);
});
