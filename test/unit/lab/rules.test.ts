import { describe, expect, test } from 'vitest';
import { loadTopology } from '../../../src/registry/language.ts';
import { labOf, said } from './resolve-lab.ts';

/** The rules of h as text: family, prefixes, priority and what else they have. */
const rulesOf = (rules: string): readonly string[] => {
  const lab = labOf(`
bridges: { w1: { subnet: [10.1.0.0/24, "fd01::/64"] } }
subnets: { pods: { cidr: 10.244.0.0/16, gateway: none } }
namespaces:
  up1: { forwarding: true, interfaces: { eth0: { bridge: w1, address: [10.1.0.254, "fd01::fe"] } } }
  h: { interfaces: { e1: { bridge: w1 } }, rules: [${rules}] }
`);
  expect(said(lab)).toEqual([]);
  return lab.rules.map(({ family, from, to, priority, action, table, options }) =>
    [family, from ?? 'all', to ?? 'all', priority, action, table, JSON.stringify(options ?? {})].join(' '),
  );
};

const errorsOf = (rule: string): readonly string[] =>
  loadTopology(`version: 1\nname: t\nnamespaces: { h: { rules: [${rule}] } }\n`, {
    file: 'test.yaml',
    vars: {},
    varFile: null,
  }).diagnostics.map(({ message }) => message);

describe('a rule', () => {
  test('of everything of one family has no prefix, and none of the other (F06)', () => {
    expect(rulesOf('{ from: 0.0.0.0/0, table: main, priority: 100 }')).toEqual(['4 all all 100 lookup 254 {}']);
    expect(rulesOf('{ to: "::/0", table: main, priority: 100 }')).toEqual(['6 all all 100 lookup 254 {}']);
    expect(rulesOf('{ table: main, priority: 100 }')).toHaveLength(2);
  });

  test('takes the names of bridges, subnets and namespaces, each for all of its prefixes (F38)', () => {
    expect(rulesOf('{ from: w1, table: 101 }, { to: up1, table: 101 }, { from: pods, to: up1, table: 102 }')).toEqual([
      '4 10.1.0.0/24 all 1000 lookup 101 {}',
      '6 fd01::/64 all 1000 lookup 101 {}',
      '4 all 10.1.0.254/32 1010 lookup 101 {}',
      '6 all fd01::fe/128 1010 lookup 101 {}',
      '4 10.244.0.0/16 10.1.0.254/32 1020 lookup 102 {}',
    ]);
  });

  test('has the words of `ip rule` (F45)', () => {
    const rule =
      '{ not: true, from: 0.0.0.0/0, ipproto: tcp, sport: 90, dport: 80-90, tos: "0x10", uidrange: 7, table: 9 }';
    expect(rulesOf(rule)).toEqual([
      '4 all all 1000 lookup 9 {"not":true,"tos":16,"ipproto":6,"sport":{"first":90,"last":90},"dport":{"first":80,"last":90},"uidrange":{"first":7,"last":7}}',
    ]);
    expect(rulesOf('{ from: 10.1.0.0/24, goto: 32766 }')).toEqual(['4 10.1.0.0/24 all 1000 goto 0 {"goto":32766}']);
    expect(rulesOf('{ from: 10.1.0.0/24, l3mdev: true }')).toEqual(['4 10.1.0.0/24 all 1000 lookup 0 {"l3mdev":true}']);
    expect(rulesOf('{ table: 9, realms: 3/5, suppressPrefixLength: 0, suppressIfGroup: 3 }')).toEqual([
      '4 all all 1000 lookup 9 {"suppressPrefixLength":0,"suppressIfGroup":3,"realms":"3/5"}',
    ]);
  });

  test.each([
    ['{ table: 9, tos: 18 }', '18 is not a TOS'],
    ['{ table: 9, ipproto: tpc }', 'there is no IP protocol "tpc" here'],
    ['{ table: 9, dport: 90-80 }', '"90-80" is not a port or a range of ports'],
    ['{ table: 9, realms: "70000/1" }', '"70000/1" is not a realm'],
    ['{ table: 9, goto: 100 }', 'a rule with "goto" asks no table'],
    ['{ goto: 100, type: blackhole }', 'a rule with "goto" has no type'],
    ['{ goto: 100, priority: 200 }', 'a rule can only go on: 100 is not behind 200'],
    ['{ l3mdev: true, table: 9 }', 'a rule with "l3mdev" asks the table of the VRF'],
    ['{ type: blackhole, suppressPrefixLength: 0 }', '"suppressPrefixLength" is about what a table gives'],
  ])('%s is wrong', (rule, message) => {
    expect(errorsOf(rule)).toEqual([message]);
  });
});
