import { describe, expect, test } from 'vitest';
import type { MonitorEvent, MonitorObject } from '../../../src/model/kernel/monitor-event.ts';
import { eventText } from '../../../src/report/text/event.ts';

const time = new Date(2026, 10, 28, 14, 6, 34).toISOString();
const owner = { lab: 'a', id: 'veth:bob/eth0' };
const facts = { up: true, carrier: true, mac: '02:00:00:00:00:01', mtu: 1500, master: null };
const link: MonitorObject = { what: 'link', name: 'eth0', dev: 'eth0', facts, route: null, mark: null };
const route = (to: string, name: string, ways: readonly string[]): MonitorObject => ({
  ...{ what: 'route', name, dev: null, route: { to, table: 254, metric: 0 }, mark: null },
  facts: { type: 'unicast', ways, src: null, mtu: null, table: 'main' },
});
const text = (change: MonitorEvent, more: object = {}) => eventText({ change, owner, byNetform: false, time, ...more });

const changed = (thing: Partial<MonitorObject['facts']>): MonitorEvent => ({
  ...{ netns: 'bob', event: 'changed', before: facts },
  thing: { ...link, facts: { ...facts, ...thing } },
});
const gone = (thing: MonitorObject): MonitorEvent => ({ netns: 'bob', event: 'removed', thing });

describe('M20: an event is a line for a person', () => {
  test('with the time, the namespace, and whether netform did it', () => {
    expect(text(changed({ up: false, carrier: false }))).toBe('14:06:34  bob       eth0 down, by hand\n');
    expect(text(changed({ up: false, carrier: false }), { byNetform: true })).toBe('14:06:34  bob       eth0 down\n');
    expect(text(gone(link), { owner: null })).toBe('14:06:34  bob       eth0 removed, unmanaged\n');
  });

  test.each([
    [changed({ carrier: false }), 'eth0 has no signal'],
    [changed({ mtu: 1400, master: 'lan' }), 'eth0 mtu 1500 → 1400, joins lan, by hand'],
    [
      gone({ ...link, what: 'address', name: '10.0.0.1/24', facts: { duplicate: false } }),
      'eth0 10.0.0.1/24 removed, by hand',
    ],
    [
      gone(route('0.0.0.0/0', 'default', ['via 10.0.0.1 dev eth0'])),
      'route default via 10.0.0.1 dev eth0 removed, by hand',
    ],
    [
      gone(route('::/0', '::/0', ['via fd00::1 dev eth0'])),
      'route default (IPv6) via fd00::1 dev eth0 removed, by hand',
    ],
    [{ netns: 'bob', event: 'watched' }, 'namespace watched'],
    [{ netns: 'bob', event: 'gone' }, 'namespace deleted, by hand'],
  ] satisfies readonly (readonly [MonitorEvent, string])[])('%#: %s', (change, expected) => {
    expect(text(change)).toBe(`14:06:34  bob       ${expected}\n`);
  });
});
