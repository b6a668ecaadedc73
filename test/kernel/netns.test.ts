import { readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hostNetnsFd, inNetns, inScratchNetns } from '../../src/kernel/netns/netns.ts';
import * as kernel from './kernel-fixture.ts';

const here = (): string => kernel.sh('readlink /proc/self/ns/net');

test('a new namespace is marked, up at lo, and has its sysctls', () => {
  const sysctls = { 'net/ipv4/ip_forward': '1', 'net/ipv6/conf/default/accept_dad': '0' };
  kernel.executeAll({ do: 'netns.add', netns: 'red', mark: kernel.MARK, sysctls });
  expect(kernel.ip('-n red link show lo')).toMatchObject({
    ifalias: kernel.MARK,
    flags: expect.arrayContaining(['UP']),
  });
  expect(
    kernel.sh('ip netns exec red cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/default/accept_dad'),
  ).toBe('1\n0');
  expect(kernel.readNetns('red').mark).toBe(kernel.MARK);
  const live = kernel.read(
    ...Object.keys(sysctls).map((key) => ({ need: 'sysctl-value', netns: 'red', key }) as const),
  );
  const values = live.all('sysctl-value').map(({ need: { key }, answer }) => [key, answer]);
  expect(Object.fromEntries(values)).toEqual(sysctls);
});

test('a namespace whose sysctls are refused is never published', () => {
  const failure = kernel.executeFailure({
    do: 'netns.add',
    netns: 'red',
    mark: kernel.MARK,
    sysctls: { 'net/ipv4/nonsense': '1' },
  });
  expect(failure.code).toBe('ENOENT');
  expect(kernel.sh('ip netns list')).toBe('');
});

test('a taken name is refused and left alone', () => {
  kernel.executeAll(kernel.addNetns('red'));
  const before = kernel.readNetns('red').cookie;
  expect(kernel.executeFailure(kernel.addNetns('red'))).toEqual({
    code: 'EEXIST',
    message: '/run/netns/red exists already',
  });
  expect(kernel.readNetns('red').cookie).toBe(before);
});

test('the identity of a namespace is another one after it was made again', () => {
  kernel.executeAll(kernel.addNetns('red'));
  const before = kernel.readNetns('red').cookie;
  kernel.sh('ip netns del red && ip netns add red');
  expect(kernel.readNetns('red').cookie).not.toBe(before);
  expect(kernel.readNetns('red').mark).toBe(null);
});

test('a namespace goes with everything that we had open in it', () => {
  kernel.executeAll(kernel.addNetns('red'));
  kernel.executeAll(kernel.addVeth('red/eth0', 'host/v-red'));
  kernel.read({ need: 'namespace', netns: 'red' }, { need: 'table', netns: 'red', key: 'netform_x', scripts: [] });
  kernel.executeAll({ do: 'netns.delete', netns: 'red' });
  // The other end vanishes when the kernel is done with the namespace: the name must be free by now.
  expect(kernel.sh('ls /proc/sys/net/ipv4/conf')).not.toContain('v-red');
  expect(kernel.answerTo({ need: 'namespace', netns: 'red' })).toBe(null);
});

test('a namespace that a process holds is named when its link stays', () => {
  kernel.executeAll(kernel.addNetns('red'));
  kernel.executeAll(kernel.addVeth('red/eth0', 'host/v-red'));
  kernel.sh("ip netns exec red sh -c 'sleep 6 >/dev/null 2>&1 &'");
  const failure = kernel.executeFailure({ do: 'netns.delete', netns: 'red' });
  expect(failure).toMatchObject({ code: 'EBUSY', message: expect.stringContaining('v-red') });
});

test('a dead file is told from a namespace, and not deleted as one', () => {
  kernel.sh('mkdir -p /run/netns');
  writeFileSync('/run/netns/dead', '', { mode: 0 });
  const names = ['dead', 'absent'];
  const live = kernel.read(...names.map((netns) => ({ need: 'dead-namespace', netns }) as const));
  expect(names.map((netns) => live.get({ need: 'dead-namespace', netns }))).toEqual(['file', null]);
  expect(kernel.readNamespaces(...names).all('namespace')).toEqual([]);
  expect(kernel.executeFailure({ do: 'netns.delete', netns: 'dead' }).code).toBe('EINVAL');
  expect(readFileSync('/run/netns/dead', 'utf8')).toBe('');
  expect(kernel.executeFailure({ do: 'netns.delete', netns: 'absent' }).code).toBe('ENOENT');
  expect(kernel.executeFailure({ do: 'netns.delete', netns: '../netns' }).code).toBe('EINVAL');
});

test('namespaces of `ip netns` and ours live side by side', () => {
  kernel.executeAll(kernel.addNetns('ours'));
  // A folder that was not prepared would now be mounted over itself, with ours a second time below.
  kernel.sh('ip netns add other');
  kernel.executeAll(kernel.addVeth('ours/eth0', 'host/v-ours'));
  kernel.executeAll({ do: 'netns.delete', netns: 'ours' });
  expect(kernel.sh('ip netns list')).toBe('other');
  expect(kernel.sh('ls /run/netns')).toBe('other');
  expect(statfsSync('/run/netns/other').type).toBe(0x6e736673);
});

test('a section comes home after an error, and refuses a promise', () => {
  const home = here();
  expect(() =>
    inScratchNetns(() => {
      expect(here()).not.toBe(home);
      throw new Error('inside');
    }),
  ).toThrow('inside');
  expect(here()).toBe(home);
  expect(() => inScratchNetns(() => Promise.resolve(1))).toThrow('asynchronous');
  expect(here()).toBe(home);
});

test('the pool of threads stays at home, also when the first asynchronous call is made abroad', async () => {
  const script = `
    const { inScratchNetns } = await import(${JSON.stringify(new URL('../../src/kernel/netns/netns.ts', import.meta.url).href)});
    const fs = await import('node:fs');
    let inside;
    inScratchNetns(() => { inside = new Promise((done) => fs.readFile('/proc/thread-self/net/dev', 'utf8', (_e, text) => done(text))); });
    process.stdout.write(String((await inside).includes('homelink')));`;
  kernel.sh('ip link add name homelink type bridge');
  const file = '/run/pool-test.mjs';
  writeFileSync(file, script);
  expect(kernel.sh(`${process.execPath} --import tsx ${file}`)).toBe('true');
});

test('sections nest no further than home', () => {
  kernel.executeAll(kernel.addNetns('red'));
  const home = here();
  inNetns(hostNetnsFd(), () => expect(here()).toBe(home));
  kernel.machine.close();
  expect(kernel.readNetns('red').mark).toBe(kernel.MARK);
});
