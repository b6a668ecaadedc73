import { afterEach, expect, test } from 'vitest';
import { type KernelMonitor, openKernelMonitor } from '../../src/kernel/monitor/monitor.ts';
import type { MonitorEvent } from '../../src/model/kernel/monitor-event.ts';
import { labOfMark } from '../../src/model/kind.ts';
import { addNetns, addVeth, executeAll, machine, sh } from './kernel-fixture.ts';

let monitor: KernelMonitor | null = null;

afterEach(() => {
  monitor?.close();
  monitor = null;
});

const watch = (): KernelMonitor => {
  monitor = openKernelMonitor((_, mark) => labOfMark(mark) !== null);
  return monitor;
};

/** `red changed link eth0`. */
const said = (changes: readonly MonitorEvent[]): readonly string[] =>
  changes.map((change) =>
    [change.netns, change.event, ...('thing' in change ? [change.thing.what, change.thing.name] : [])].join(' '),
  );

test('it tells what changes in a namespace, once, and nothing of what the kernel does by itself', () => {
  executeAll(addNetns('red'));
  executeAll(addVeth('red/eth0', 'host/v-red'));
  sh('ip link set v-red up');
  const { poll } = watch();
  expect(said(poll())).toEqual(['red watched']);
  expect(poll()).toEqual([]);

  sh(
    'ip -n red addr add 10.0.0.1/24 dev eth0 && ip -n red link set eth0 up && ip -n red route add 10.9.0.0/16 via 10.0.0.2',
  );
  const made = poll();
  expect(said(made).filter((text) => !text.includes('v-red'))).toEqual([
    'red added address 10.0.0.1/24',
    'red changed link eth0',
    'red added route 10.9.0.0/16',
  ]);
  const up = made.find((change) => change.event === 'changed' && change.netns === 'red');
  expect(up).toMatchObject({ before: { up: false, carrier: false }, thing: { facts: { up: true, carrier: true } } });

  // Down and up between two looks: both are told, and the route that the kernel took without a word.
  sh('ip -n red link set eth0 down && ip -n red link set eth0 up');
  const flapped = poll().filter(({ netns }) => netns === 'red');
  expect(said(flapped)).toEqual(['red changed link eth0', 'red changed link eth0', 'red removed route 10.9.0.0/16']);

  sh('ip -n red link set eth0 down && ip -n red link set eth0 name wan && ip -n red link set wan mtu 1400');
  expect(said(poll())).toEqual(
    expect.arrayContaining(['red removed link eth0', 'red added link wan', 'red changed link wan']),
  );
});

test('a namespace that goes is let go of at once, and one that comes is looked through', () => {
  executeAll(addNetns('red'));
  executeAll(addVeth('red/eth0', 'host/v-red'));
  machine.close();
  sh('ip netns add other');
  const { poll } = watch();
  poll();
  sh('ip netns del red');
  expect(said(poll())).toEqual(['red gone']);
  // Nothing of ours holds it: the kernel removes it, and with it the other end of its cable.
  sh('for i in $(seq 100); do [ -e /proc/sys/net/ipv4/conf/v-red ] || exit 0; sleep 0.05; done; exit 1');
  expect(said(poll())).toContain('host removed link v-red');

  executeAll(addNetns('red'));
  sh('ip -n red addr add 10.0.0.1/24 dev lo');
  expect(said(poll())).toEqual(['red watched', 'red added link lo', 'red added address 10.0.0.1/24']);
  sh('ip netns del other && ip netns del red && ip netns add red');
  expect(said(poll()), 'another one of the same name, without a mark').toEqual(['red gone']);
});

test('when there is more than it has room for, it says so and looks again', () => {
  const { poll } = watch();
  poll();
  sh(
    'for i in $(seq 6000); do echo "addr add 10.0.0.1/32 dev lo"; echo "addr del 10.0.0.1/32 dev lo"; done | ip -batch -',
  );
  sh('ip addr add 10.0.0.2/32 dev lo');
  const changes = said(poll());
  expect(changes).toContain('host lost');
  expect(changes).toContain('host added address 10.0.0.2/32');
  expect(changes.filter((text) => text === 'host added address 10.0.0.1/32').length).toBe(
    changes.filter((text) => text === 'host removed address 10.0.0.1/32').length,
  );
  expect(poll()).toEqual([]);
});
