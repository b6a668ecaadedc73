import { expect, test } from 'vitest';
import { readCommands } from '../../../src/import/commands/index.ts';

const read = (lines: readonly string[]) => readCommands(lines, { nameOf: (link) => link, files: null });

test('settings of the port of a link, and of a bridge that is there', () => {
  const { links, bridges, unknown } = read([
    'ip link add lan type bridge vlan_filtering 1',
    'ip link set lan type bridge stp_state 1 forward_delay 400',
    'ip link set eth1 master lan up',
    'ip link set dev eth1 type bridge_slave isolated on learning off',
    'ip link set eth1 type bridge_slave cost 50',
  ]);
  expect(unknown).toEqual([]);
  expect(bridges.get('lan')).toEqual({ vlanFiltering: true, stp: true, forwardDelay: 4 });
  expect(links.get('eth1')).toMatchObject({ master: 'lan', port: { isolated: true, learning: false, cost: 50 } });
});

test.each([
  'ip link set eth1 type bridge_slave backup_port eth2',
  'ip link set eth1 type bridge_slave cost',
  'ip link set other type bridge stp_state 1',
  'ip link set eth1 type vlan',
])('%s is not understood', (line) => {
  const { links, unknown } = read([line]);
  expect([unknown, links.size]).toEqual([[line], 0]);
});
