import { expect, test } from 'vitest';
import type { Instruction } from '../../src/model/instruction.ts';
import {
  addAddress,
  addBridge,
  addNetns,
  addVeth,
  addVxlan,
  answerTo,
  executeAll,
  executeFailure,
  ip,
  machine,
  read,
  readLink,
  readNamespaces,
  readNetns,
  setLink,
  sh,
} from './kernel-fixture.ts';

test('a bridge has its MAC, MTU, group and options from the first moment', () => {
  const bridge = { stp: true, ageing: 12.5, forwardDelay: 4, priority: 4096, multicastSnooping: true };
  const mac = '02:4e:46:aa:bb:cc';
  executeAll({
    do: 'link.add',
    netns: 'host',
    name: 'br0',
    kind: 'bridge',
    mac,
    mtu: 1400,
    group: 20038,
    master: null,
    peer: null,
    lower: null,
    options: bridge,
  });
  expect(ip('link show br0')).toMatchObject({
    address: mac,
    mtu: 1400,
    group: '20038',
    linkinfo: { info_data: { stp_state: 1, ageing_time: 1250, forward_delay: 400, priority: 4096, mcast_snooping: 1 } },
  });
  expect(sh('cat /sys/class/net/br0/addr_assign_type 2>/dev/null || echo 3')).toBe('3');
  expect(readLink('host', 'br0')).toMatchObject({
    kind: 'bridge',
    mac,
    mtu: 1400,
    group: 20038,
    up: false,
    options: bridge,
  });
});

test('bridge options are changed one by one', () => {
  executeAll(addBridge('host', 'br0'));
  executeAll(setLink('host/br0', { options: { kind: 'bridge', values: { ageing: 10 } } }));
  const before = { stp: false, ageing: 10, forwardDelay: 2, priority: 32768, multicastSnooping: false };
  expect(readLink('host', 'br0').options).toEqual(before);
  executeAll(
    setLink('host/br0', {
      up: true,
      options: { kind: 'bridge', values: { stp: true, multicastSnooping: true, priority: 0 } },
    }),
  );
  expect(readLink('host', 'br0')).toMatchObject({
    up: true,
    options: { ...before, stp: true, multicastSnooping: true, priority: 0 },
  });
});

test('a vxlan has its ends from the first moment, as a port too, and goes with its device', () => {
  executeAll(addNetns('red'));
  executeAll(addBridge('red', 'br0'), addVeth('red/a', 'red/b'));
  const four = { id: 42, remote: '10.0.0.2', local: '10.0.0.1', dev: 'a', port: 4789 };
  const six = { id: 16777215, remote: 'fd00::2', local: 'fd00::1', dev: null, port: 8472 };
  executeAll(addVxlan('red/vx4', four, 'br0'), addVxlan('red/vx6', six, null));
  expect(ip('-n red link show vx4')).toMatchObject({
    master: 'br0',
    linkinfo: { info_data: { id: 42, remote: '10.0.0.2', local: '10.0.0.1', link: 'a', port: 4789, learning: true } },
  });
  expect(ip('-n red link show vx6')).toMatchObject({ linkinfo: { info_data: { id: 16777215, remote6: 'fd00::2' } } });
  expect(readLink('red', 'vx4')).toMatchObject({ kind: 'vxlan', mtu: 1450, master: 'br0', options: four });
  expect(readLink('red', 'vx6')).toMatchObject({ options: six });
  expect(readLink('red', 'a').options).toEqual({});
  sh('ip -n red link set vx6 type vxlan nolearning');
  expect(readLink('red', 'vx6')).toMatchObject({ kind: 'vxlan', options: null });
  executeAll({ do: 'link.delete', netns: 'red', name: 'b' });
  expect([...readNetns('red').links.keys()]).not.toContain('vx4');
});

test('a pair is made with both ends in place, and each knows the other', () => {
  executeAll(addNetns('red'), addNetns('blue'));
  executeAll(addBridge('red', 'br0'));
  executeAll(addVeth('red/a', 'blue/b', 'br0'), addVeth('red/c', 'red/d'), addVeth('host/e', 'blue/f'));
  expect(ip('-n red link show a')).toMatchObject({ master: 'br0', num_tx_queues: 1, num_rx_queues: 1 });
  expect(ip('-n blue link show b')).toMatchObject({ num_tx_queues: 1, group: '20038' });
  const live = readNamespaces('host', 'red', 'blue');
  const peerOf = (netns: string, name: string) => live.get({ need: 'namespace', netns })?.links.get(name)?.peer;
  expect(peerOf('red', 'a')).toEqual({ netns: 'blue', name: 'b' });
  expect(peerOf('blue', 'b')).toEqual({ netns: 'red', name: 'a' });
  expect(peerOf('red', 'c')).toEqual({ netns: 'red', name: 'd' });
  expect(peerOf('red', 'd')).toEqual({ netns: 'red', name: 'c' });
  expect(peerOf('host', 'e')).toEqual({ netns: 'blue', name: 'f' });
  expect(live.get({ need: 'namespace', netns: 'red' })?.links.get('a')?.master).toBe('br0');
  expect(readLink('red', 'a').peer).toEqual({ netns: null, name: null });
});

test('ends with equal indexes in many namespaces are not mixed up', () => {
  const names = ['n1', 'n2', 'n3', 'n4', 'n5', 'n6'];
  executeAll(...names.map(addNetns));
  executeAll(addVeth('n1/x', 'n2/x'), addVeth('n3/x', 'n4/x'), addVeth('n5/x', 'n6/x'));
  const live = readNamespaces(...names);
  const peers = names.map((netns) => live.get({ need: 'namespace', netns })?.links.get('x')?.peer?.netns);
  expect(peers).toEqual(['n2', 'n1', 'n4', 'n3', 'n6', 'n5']);
});

test('alias, MTU, MAC, master and state are set together, live', () => {
  executeAll(addBridge('host', 'br0'), addVeth('host/a', 'host/b'));
  const set = {
    alias: 'netform:v1:lab:x a b',
    up: true,
    mtu: 1300,
    mac: '02:4e:46:00:ff:01',
    master: 'br0',
    hairpin: true,
  };
  executeAll(setLink('host/a', set), setLink('host/b', { up: true }));
  expect(ip('link show a')).toMatchObject({
    ifalias: set.alias,
    mtu: 1300,
    address: set.mac,
    master: 'br0',
    flags: expect.arrayContaining(['UP']),
  });
  expect(readLink('host', 'a')).toMatchObject({ ...set, carrier: true });
  executeAll(setLink('host/a', { mac: '02:4e:46:00:ff:02', hairpin: false }));
  expect(readLink('host', 'a')).toMatchObject({ mac: '02:4e:46:00:ff:02', hairpin: false, up: true });
  executeAll(setLink('host/a', { master: null, alias: '', up: false }));
  expect(readLink('host', 'a')).toMatchObject({ master: null, alias: null, up: false, hairpin: null });
});

test('setting one thing leaves the others', () => {
  executeAll(addVeth('host/a', 'host/b'));
  executeAll(setLink('host/a', { up: true, alias: 'one' }));
  executeAll(setLink('host/a', { mtu: 1280 }));
  expect(readLink('host', 'a')).toMatchObject({ up: true, alias: 'one', mtu: 1280 });
});

test('refusals come with a sentence', () => {
  executeAll(addVeth('host/a', 'host/b'));
  expect(executeFailure(addBridge('host', 'a'))).toEqual({ code: 'EEXIST', message: 'a link named a exists already' });
  expect(executeFailure(setLink('host/none', { up: true }))).toEqual({
    code: 'ENODEV',
    message: 'there is no link none',
  });
  expect(executeFailure(setLink('host/a', { master: 'none' })).message).toBe('there is no link none in this machine');
  expect(executeFailure(setLink('host/a', { mtu: 10 }))).toEqual({
    code: 'EINVAL',
    message: 'mtu less than device minimum',
  });
  expect(executeFailure(addBridge('absent', 'br0'))).toEqual({
    code: 'ENOENT',
    message: 'there is no namespace absent',
  });
  expect(executeFailure(addVeth('host/c', 'absent/d')).message).toBe('there is no namespace absent');
  expect(executeFailure(addAddress('host/none', '10.0.0.1/24')).code).toBe('ENODEV');
});

test('one failure in the middle of a batch stops nothing, and is told in order', () => {
  executeAll(addBridge('host', 'taken'));
  const batch = [
    addBridge('host', 'b1'),
    addBridge('host', 'taken'),
    addBridge('host', 'b2'),
    setLink('host/nope', { up: true }),
  ];
  expect(machineFailures(batch)).toEqual([1, 3]);
  expect([...readNetns('host').links.keys()].sort()).toEqual(['b1', 'b2', 'lo', 'taken']);
});

test('more instructions than one datagram holds', () => {
  const many = Array.from({ length: 300 }, (_, i) => addVeth(`host/x${i}`, `host/y${i}`));
  executeAll(...many);
  expect(machineFailures([...many.slice(0, 200), addVeth('host/z', 'host/zz')])).toHaveLength(200);
  executeAll(...many.map((_, i) => ({ do: 'link.delete', netns: 'host', name: `x${i}` }) as const));
  expect([...readNetns('host').links.keys()].sort()).toEqual(['lo', 'z', 'zz']);
});

test('many are deleted exactly, and what cannot be is told', () => {
  executeAll(addNetns('red'));
  executeAll(...[1, 2, 3, 4, 5].map((i) => addVeth(`host/v${i}`, `red/e${i}`)), addBridge('host', 'kept'));
  sh('ip link set dev v5 group 77');
  const names = ['v1', 'v2', 'v3', 'gone', 'lo'];
  const failures = machineFailures(names.map((name) => ({ do: 'link.delete', netns: 'host', name }) as const));
  expect(failures).toEqual([3, 4]);
  expect([...readNetns('host').links.keys()].sort()).toEqual(['kept', 'lo', 'v4', 'v5']);
  expect([...readNetns('red').links.keys()].sort()).toEqual(['e4', 'e5', 'lo']);
  expect(readLink('host', 'lo').group).toBe(0);
});

test('link kinds that this kernel lacks are found out', () => {
  const kinds = ['bridge', 'veth', 'nonsense'].map((key) => ({ need: 'link-kind', key }) as const);
  const live = read(...kinds);
  expect(kinds.map((kind) => live.get(kind))).toEqual([true, true, false]);
});

/** The places in the batch of those that failed. */
function machineFailures(batch: readonly Instruction[]): readonly number[] {
  return machine.execute(batch).map(({ instruction }) => batch.indexOf(instruction));
}

test('remotes are appended to a vxlan and taken away one by one, by a link or by the routes', () => {
  const vx = { id: 7, remote: '10.1.0.2', local: null, dev: null, port: 4789 };
  const entry = (to: string, via: string | null = null) =>
    ({ netns: 'red', dev: 'vx0', mac: '00:00:00:00:00:00', to, via }) as const;
  const append = (to: string, via: string | null = null) => ({ do: 'fdb.append', ...entry(to, via) }) as const;
  const remove = (to: string, via: string | null = null) => ({ do: 'fdb.delete', ...entry(to, via) }) as const;
  const table = () =>
    sh('bridge -n red fdb show dev vx0 | grep ^00:00 | sort')
      .split('\n')
      .map((line) => line.trim());
  executeAll(addNetns('red'), addVeth('red/a', 'red/b'), addVxlan('red/vx0', vx, null));
  executeAll(append('10.1.0.3'), append('10.1.0.4', 'a'));
  expect(table()).toEqual([
    '00:00:00:00:00:00 dst 10.1.0.2 self permanent',
    '00:00:00:00:00:00 dst 10.1.0.3 self permanent',
    '00:00:00:00:00:00 dst 10.1.0.4 via a self permanent',
  ]);
  const entries = answerTo({ need: 'forwarding-entries', netns: 'red' }) ?? [];
  expect(entries.map(({ to, via }) => [to, via])).toEqual([
    ['10.1.0.2', null],
    ['10.1.0.3', null],
    ['10.1.0.4', 'a'],
  ]);
  // One that is there is not doubled, and one by a link is not that by the routes.
  executeAll(append('10.1.0.3'), remove('10.1.0.4'));
  expect(table()).toHaveLength(3);
  executeAll(remove('10.1.0.3'), remove('10.1.0.4', 'a'));
  expect(table()).toEqual(['00:00:00:00:00:00 dst 10.1.0.2 self permanent']);
});

test('a link is moved into a namespace under another name, and back; a bridge stays, and a taken name is refused', () => {
  executeAll(addNetns('red'));
  sh('ip link add k1 up address 02:00:00:00:00:31 mtu 1400 type veth peer name k2 && ip link set k1 alias mine');
  const move = (netns: string, name: string, to: string, target = netns === 'host' ? 'red' : 'host'): Instruction => ({
    do: 'link.move',
    netns,
    name,
    to: { netns: target, name: to },
  });
  executeAll(move('host', 'k1', 'wan'));
  const moved = { mac: '02:00:00:00:00:31', mtu: 1400, alias: 'mine', up: false };
  expect(readLink('red', 'wan')).toMatchObject(moved);
  expect(readNetns('host').links.has('k1')).toBe(false);
  executeAll(move('red', 'wan', 'k1'));
  expect(readLink('host', 'k1')).toMatchObject(moved);
  executeAll(move('host', 'k1', 'k3', 'host'));
  expect(readLink('host', 'k3')).toMatchObject(moved);
  executeAll(addBridge('host', 'br0'));
  expect(executeFailure(move('host', 'br0', 'br0'))).toMatchObject({ code: 'EINVAL' });
  executeAll(addBridge('red', 'taken'));
  expect(executeFailure(move('host', 'k3', 'taken'))).toMatchObject({ code: 'EEXIST' });
});
