import { expect, test } from 'vitest';
import { awaitedLinks } from '../../src/kernel/execute/connect-links.ts';
import { makeNetnsSessions } from '../../src/kernel/netns/sessions.ts';
import type { Instruction } from '../../src/model/instruction.ts';
import * as kernel from './kernel-fixture.ts';

const MEMBERS = Array.from({ length: 150 }, (_, i) => `n${i}`);

/** Members of one bridge: the ends inside are up, the ports are not. */
function star(members: readonly string[]): readonly Instruction[] {
  kernel.executeAll(...members.map(kernel.addNetns), kernel.addBridge('host', 'br0'));
  kernel.executeAll(...members.map((one) => kernel.addVeth(`host/${one}`, `${one}/eth0`, 'br0')));
  kernel.executeAll(
    kernel.setLink('host/br0', { up: true }),
    ...members.map((one) => kernel.setLink(`${one}/eth0`, { up: true })),
  );
  return members.map((one) => kernel.setLink(`host/${one}`, { up: true }));
}

test('when ports are connected, both ends of each have their carrier, more than one datagram of them', async () => {
  const ports = star(MEMBERS);
  const live = kernel.readNamespaces('host', ...MEMBERS);
  expect(await kernel.machine.connect(ports, live)).toEqual([]);
  const now = kernel.readNamespaces('host', ...MEMBERS);
  const links = now.all('namespace').flatMap(({ answer }) => [...answer.links.values()]);
  const ends = links.filter(({ kind }) => kind === 'veth');
  expect(ends).toHaveLength(2 * MEMBERS.length);
  expect(ends.filter(({ carrier, running }) => !carrier || !running)).toEqual([]);
  // The first packet passes, in both families. The addresses are of this test alone: the machine answers for any of its own.
  kernel.executeAll(
    ...['n0/eth0', 'n149/eth0'].flatMap((end, i) => [
      kernel.addAddress(end, `10.149.0.${i + 1}/24`),
      kernel.addAddress(end, `fd00:149::${i + 1}/64`),
    ]),
  );
  kernel.sh('ip netns exec n0 ping -c 1 -W 5 10.149.0.2');
  kernel.sh('ip netns exec n0 ping -c 1 -W 5 fd00:149::2');
});

test('what gets no carrier is not waited for, and a refusal is told', async () => {
  const ports = star(['red', 'blue', 'gone']);
  kernel.executeAll(kernel.setLink('red/eth0', { up: false }));
  const live = kernel.readNamespaces('host', 'red', 'blue', 'gone');
  const sessions = makeNetnsSessions();
  const awaited = awaitedLinks(ports, live, sessions).map(({ session }) => session.netns);
  expect(awaited).toEqual(['host', 'blue', 'host', 'gone']);
  sessions.closeAll();
  kernel.sh('ip link del gone');
  const failures = await kernel.machine.connect(ports, live);
  expect(failures).toMatchObject([{ instruction: { name: 'gone' }, code: 'ENODEV' }]);
  expect(kernel.readLink('host', 'red')).toMatchObject({ up: true, carrier: false });
  expect(kernel.readLink('host', 'blue')).toMatchObject({ up: true, running: true });
});

test('read again, namespaces are as they are now, with the other ends of their links; one that is gone is gone', () => {
  star(['red', 'blue']);
  const live = kernel.readNamespaces('host', 'red', 'blue');
  kernel.sh('ip link set red mtu 1400; ip netns del blue');
  const now = kernel.machine.readAgain(
    live,
    ['host/red', 'blue/eth0'].map((end) => kernel.setLink(end, { up: true })),
  );
  const host = now.get({ need: 'namespace', netns: 'host' });
  expect(host?.links.get('red')).toMatchObject({ mtu: 1400, peer: { netns: 'red', name: 'eth0' } });
  expect(now.get({ need: 'namespace', netns: 'red' })).toBe(live.get({ need: 'namespace', netns: 'red' }));
  expect(now.get({ need: 'namespace', netns: 'blue' })).toBeNull();
  expect(now.all('namespace').map(({ need }) => need.netns)).toEqual(['host', 'red']);
});
