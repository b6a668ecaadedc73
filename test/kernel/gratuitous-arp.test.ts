import { expect, test } from 'vitest';
import { awaitCarriers } from '../../src/kernel/execute/wait-for-carrier.ts';
import { makeNetnsSessions } from '../../src/kernel/netns/sessions.ts';
import { type Announcement, sendGratuitousArp } from '../../src/kernel/packets/gratuitous-arp.ts';
import * as kernel from './kernel-fixture.ts';

/** Two namespaces on one bridge; the second knows the addresses of the first at a MAC that is nobody's. */
async function lan(): Promise<void> {
  kernel.executeAll(kernel.addNetns('red'), kernel.addNetns('blue'));
  kernel.executeAll(kernel.addBridge('host', 'br0'));
  kernel.executeAll(kernel.addVeth('host/r', 'red/eth0', 'br0'), kernel.addVeth('host/b', 'blue/eth0', 'br0'));
  const ends = ['host/br0', 'host/r', 'red/eth0', 'host/b', 'blue/eth0'];
  kernel.executeAll(...ends.map((end) => kernel.setLink(end, { up: true })));
  kernel.executeAll(kernel.addAddress('blue/eth0', '10.0.0.2/24'), kernel.addAddress('blue/eth0', 'fd00::2/64'));
  const sessions = makeNetnsSessions();
  await awaitCarriers(sessions, kernel.readNamespaces('host', 'red', 'blue'));
  sessions.closeAll();
  for (const to of [...GIVEN, 'fd00::9']) kernel.sh(`ip -n blue neigh add ${to} lladdr ${NOBODY} dev eth0 nud stale`);
}

const NOBODY = '02:00:00:00:00:99';
const SETTINGS = 'ip netns exec red sysctl -ar "^net.ipv[46]"';
const GIVEN = ['10.0.0.1', '10.0.0.7', 'fd00::1'];

const known = (): object =>
  Object.fromEntries(
    kernel
      .ipAll('-n blue neigh show')
      .map(({ dst, lladdr, router }) => [dst, router === null ? `${lladdr} router` : lladdr]),
  );

async function announce(all: readonly Announcement[]): Promise<void> {
  const sessions = makeNetnsSessions();
  await sendGratuitousArp(sessions, all);
  sessions.closeAll();
}

const saying = (addresses: readonly string[], dev = 'eth0') => ({
  ...{ netns: 'red', dev, mac: kernel.readLink('red', 'eth0').mac, addresses },
});

test('those who know an address otherwise learn where it is, the second of a subnet too, and nobody else does', async () => {
  await lan();
  const { mac } = kernel.readLink('red', 'eth0');
  const settings = kernel.sh(SETTINGS);
  await announce([saying(GIVEN)]);
  expect(known()).toEqual({ ...Object.fromEntries(GIVEN.map((to) => [to, mac])), 'fd00::9': NOBODY });
  expect(kernel.ipAll('-n red neigh show')).toEqual([]);
  expect(kernel.sh(SETTINGS)).toBe(settings);
});

test('a router says that it is one', async () => {
  await lan();
  kernel.sh('ip netns exec red sysctl -qw net.ipv6.conf.all.forwarding=1');
  await announce([saying(['fd00::1'])]);
  expect(known()).toMatchObject({ 'fd00::1': `${kernel.readLink('red', 'eth0').mac} router` });
});

test('what has gone or is down says nothing, and those beside it do', async () => {
  await lan();
  const other = { ...saying(['10.0.0.7']), netns: 'nowhere' };
  await announce([other, saying(['10.0.0.7'], 'gone'), saying(['10.0.0.1'])]);
  expect(known()).toMatchObject({ '10.0.0.7': NOBODY, '10.0.0.1': kernel.readLink('red', 'eth0').mac });
  kernel.executeAll(kernel.setLink('red/eth0', { up: false }));
  await announce([saying(['10.0.0.7'])]);
  expect(known()).toMatchObject({ '10.0.0.7': NOBODY });
});

test('many namespaces say so in turn, and hold nothing afterwards', async () => {
  await lan();
  const names = Array.from({ length: 70 }, (_, i) => `many${i}`);
  kernel.executeAll(...names.map(kernel.addNetns));
  const others = names.map((netns) => ({ ...saying(['10.0.0.1'], 'lo'), netns }));
  await announce([...others, saying(['10.0.0.7'])]);
  expect(known()).toMatchObject({ '10.0.0.7': kernel.readLink('red', 'eth0').mac });
  kernel.executeAll(...names.map((netns) => ({ do: 'netns.delete' as const, netns })));
  expect(kernel.ip('link show br0')).toMatchObject({ ifname: 'br0' });
});
