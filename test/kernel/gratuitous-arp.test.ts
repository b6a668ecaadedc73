import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { awaitCarriers } from '../../src/engine/apply/wait-for-carrier.ts';
import {
  addAddress,
  addBridge,
  addNetns,
  addVeth,
  executeAll,
  ip,
  ipAll,
  machine,
  readLink,
  readNamespaces,
  setLink,
  sh,
} from './kernel-fixture.ts';

/** Two namespaces on one bridge; the second knows the addresses of the first at a MAC that is nobody's. */
async function lan(): Promise<void> {
  executeAll(addNetns('red'), addNetns('blue'));
  executeAll(addBridge('host', 'br0'));
  executeAll(addVeth('host/r', 'red/eth0', 'br0'), addVeth('host/b', 'blue/eth0', 'br0'));
  const ends = ['host/br0', 'host/r', 'red/eth0', 'host/b', 'blue/eth0'];
  executeAll(...ends.map((end) => setLink(end, { up: true })));
  executeAll(addAddress('blue/eth0', '10.0.0.2/24'), addAddress('blue/eth0', 'fd00::2/64'));
  await awaitCarriers(machine, readNamespaces('host', 'red', 'blue'), setTimeout);
  for (const to of [...GIVEN, 'fd00::9']) sh(`ip -n blue neigh add ${to} lladdr ${NOBODY} dev eth0 nud stale`);
}

const NOBODY = '02:00:00:00:00:99';
const SETTINGS = 'ip netns exec red sysctl -ar "^net.ipv[46]"';
const GIVEN = ['10.0.0.1', '10.0.0.7', 'fd00::1'];

const known = (): object =>
  Object.fromEntries(
    ipAll('-n blue neigh show').map(({ dst, lladdr, router }) => [dst, router === null ? `${lladdr} router` : lladdr]),
  );

const saying = (addresses: readonly string[], dev = 'eth0') => ({
  ...{ netns: 'red', dev, mac: readLink('red', 'eth0').mac, addresses },
});

test('those who know an address otherwise learn where it is, the second of a subnet too, and nobody else does', async () => {
  await lan();
  const { mac } = readLink('red', 'eth0');
  const settings = sh(SETTINGS);
  await machine.announce([saying(GIVEN)]);
  expect(known()).toEqual({ ...Object.fromEntries(GIVEN.map((to) => [to, mac])), 'fd00::9': NOBODY });
  expect(ipAll('-n red neigh show')).toEqual([]);
  expect(sh(SETTINGS)).toBe(settings);
});

test('a router says that it is one', async () => {
  await lan();
  sh('ip netns exec red sysctl -qw net.ipv6.conf.all.forwarding=1');
  await machine.announce([saying(['fd00::1'])]);
  expect(known()).toMatchObject({ 'fd00::1': `${readLink('red', 'eth0').mac} router` });
});

test('what has gone or is down says nothing, and those beside it do', async () => {
  await lan();
  const other = { ...saying(['10.0.0.7']), netns: 'nowhere' };
  await machine.announce([other, saying(['10.0.0.7'], 'gone'), saying(['10.0.0.1'])]);
  expect(known()).toMatchObject({ '10.0.0.7': NOBODY, '10.0.0.1': readLink('red', 'eth0').mac });
  executeAll(setLink('red/eth0', { up: false }));
  await machine.announce([saying(['10.0.0.7'])]);
  expect(known()).toMatchObject({ '10.0.0.7': NOBODY });
});

test('many namespaces say so in turn, and hold nothing afterwards', async () => {
  await lan();
  const names = Array.from({ length: 70 }, (_, i) => `many${i}`);
  executeAll(...names.map(addNetns));
  const others = names.map((netns) => ({ ...saying(['10.0.0.1'], 'lo'), netns }));
  await machine.announce([...others, saying(['10.0.0.7'])]);
  expect(known()).toMatchObject({ '10.0.0.7': readLink('red', 'eth0').mac });
  executeAll(...names.map((netns) => ({ do: 'netns.delete' as const, netns })));
  expect(ip('link show br0')).toMatchObject({ ifname: 'br0' });
});
