import { expect, test } from 'vitest';
import { type Spread, spreadStatements } from '../../../src/kinds/nft/spread.ts';

const spread = (more: Partial<Spread>): Spread => ({
  ...{ chain: 'web', address: '10.0.0.9', protocol: 'tcp', port: 80, targets: [], seed: null, mark: null },
  ...more,
});
const target = (address: string, weight = 1) => ({ label: address, address, port: 80, weight });
const rulesOf = (family: 4 | 6, one: Spread) =>
  spreadStatements({ name: 'all', family, by: 'address' }, [one]).chains.flatMap(({ rules }) => rules);

test.each<[string, 4 | 6, Spread, readonly string[]]>([
  ['one target', 4, spread({ targets: [target('10.0.0.1', 3)] }), ['meta l4proto tcp dnat ip to 10.0.0.1:80']],
  [
    'shares without their common divisor, and a mark',
    4,
    spread({ targets: [target('10.0.0.1', 2), target('10.0.0.2', 4)], mark: '0x02000000' }),
    [
      'meta mark set meta mark or 0x02000000',
      'meta l4proto tcp dnat ip to numgen random mod 3 map { 0 : 10.0.0.1 . 80, 1 : 10.0.0.2 . 80, 2 : 10.0.0.2 . 80 }',
    ],
  ],
  [
    'by the client, in IPv6',
    6,
    spread({ address: 'fd00::9', protocol: 'udp', seed: 7, targets: [target('fd00::1'), target('fd00::2')] }),
    ['meta l4proto udp dnat ip6 to jhash ip6 saddr mod 2 seed 7 map { 0 : fd00::1 . 80, 1 : fd00::2 . 80 }'],
  ],
])('writes %s', (_title, family, one, rules) => {
  expect(rulesOf(family, one)).toEqual(rules);
});

test('a map leads to the chain of each; other targets are another chain', () => {
  const [one, other] = ['10.0.0.1', '10.0.0.2'].map((address) =>
    spreadStatements({ name: 'node4', family: 4, by: 'port' }, [spread({ address: null, targets: [target(address)] })]),
  );
  const [name, otherName] = [one, other].map((parts) => parts?.chains[0]?.name);
  expect(name).toMatch(/^web\/[0-9a-f]{12}$/);
  expect(otherName).not.toBe(name);
  expect(one).toMatchObject({
    elements: { name: 'map node4', elements: [`tcp . 80 : goto ${name}`] },
    rule: 'meta l4proto . th dport vmap @node4',
  });
  expect(spreadStatements({ name: 'node4', family: 4, by: 'port' }, []).rule).toBe(null);
});

test('no target is a mistake of netform', () => {
  expect(() => rulesOf(4, spread({}))).toThrow('no target');
});
