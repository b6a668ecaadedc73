import { expect } from 'vitest';
import type { Machine } from '../support/machine.ts';
import { pings, silent } from '../support/traffic.ts';
import { address, type Family, type Net } from './address.ts';

const tenants: Net = { 4: '10.76.0', 6: 'fd00:76' };
const beyond: Net = { 4: '203.0.113', 6: '2001:db8' };
const TABLE = 'bridge netform_anti-spoofing';

/** Each namespace is heard with its own MAC and addresses only; a router also with addresses of elsewhere. */
export async function proveAntiSpoofing(m: Machine, family: Family): Promise<void> {
  const [alice = '', bob = '', mallory = '', free = ''] = [11, 12, 13, 99].map((host) =>
    address(tenants, family, host),
  );
  const outside = address(beyond, family, 9);
  const [length, more] = family === 4 ? [24, ''] : [64, ' nodad'];
  const inMallory = (command: string) => m.must(`ip netns exec mallory ${command}`);
  for (const to of [alice, bob, outside]) await passes(m, 'mallory', to);
  await passes(m, 'outside', alice);
  await passes(m, 'bob', mallory);

  // An address that it was not given.
  await inMallory(`ip address add ${free}/${length} dev eth0${more}`);
  await fails(m, 'mallory', `-I ${free} ${bob}`);
  await fails(m, 'bob', free);
  const listing = await m.must(`nft list table ${TABLE}`);
  await m.must(`nft delete table ${TABLE}; ip -all netns exec ip neigh flush dev eth0`);
  await passes(m, 'mallory', `-I ${free} ${bob}`);
  await m.must(`nft -f - <<'END'\n${listing}\nEND\nip -all netns exec ip neigh flush dev eth0`);
  await fails(m, 'bob', free);
  await inMallory(`ip address del ${free}/${length} dev eth0`);

  // The address of a neighbour: it announces it, and answers for it, and is not believed.
  await inMallory(`ip address add ${alice}/${length} dev eth0${more}`);
  await m.must('ip -all netns exec ip neigh flush dev eth0');
  if (family === 4) await m.sh(`ip netns exec mallory arping -c1 -w1 -U -I eth0 ${alice}`);
  await passes(m, 'bob', alice);
  const known = await m.must(`ip -n bob neigh show ${alice} dev eth0`);
  expect(known, 'bob knows the right MAC').toContain(
    (await m.must('ip netns exec alice cat /sys/class/net/eth0/address')).trim(),
  );
  await inMallory(`ip address del ${alice}/${length} dev eth0`);

  // A MAC of its own choice.
  const mac = (await inMallory('cat /sys/class/net/eth0/address')).trim();
  await inMallory('ip link set dev eth0 address 02:00:00:00:00:66');
  await m.must('ip -all netns exec ip neigh flush dev eth0');
  await fails(m, 'mallory', bob);
  await inMallory(`ip link set dev eth0 address ${mac}`);
  await m.must('ip -all netns exec ip neigh flush dev eth0');
  await passes(m, 'mallory', bob);
}

const passes = async (m: Machine, from: string, to: string): Promise<void> =>
  expect(await pings(m, from, to), `${from} pings ${to}`).toBe(true);

const fails = async (m: Machine, from: string, to: string): Promise<void> =>
  expect(await silent(m, from, to), `${from} must not reach ${to}`).toBe(true);
