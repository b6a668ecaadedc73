import { expect, test } from 'vitest';
import { type Spread, spreadRule } from '../../../src/kinds/nft/spread.ts';

const spread = (more: Partial<Spread>): Spread => ({ family: 4, protocol: 'tcp', targets: [], seed: null, ...more });
const target = (address: string, weight = 1) => ({ label: address, address, port: 80, weight });

test.each<[string, Spread, string]>([
  ['one target', spread({ targets: [target('10.0.0.1', 3)] }), 'meta l4proto tcp dnat ip to 10.0.0.1:80'],
  [
    'shares without their common divisor',
    spread({ targets: [target('10.0.0.1', 2), target('10.0.0.2', 4)] }),
    'meta l4proto tcp dnat ip to numgen random mod 3 map { 0 : 10.0.0.1 . 80, 1 : 10.0.0.2 . 80, 2 : 10.0.0.2 . 80 }',
  ],
  [
    'by the client, in IPv6',
    spread({ family: 6, protocol: 'udp', seed: 7, targets: [target('fd00::1'), target('fd00::2')] }),
    'meta l4proto udp dnat ip6 to jhash ip6 saddr mod 2 seed 7 map { 0 : fd00::1 . 80, 1 : fd00::2 . 80 }',
  ],
])('writes %s', (_title, one, rule) => {
  expect(spreadRule(one)).toBe(rule);
});

test('no target is a mistake of netform', () => {
  expect(() => spreadRule(spread({}))).toThrow('no target');
});
