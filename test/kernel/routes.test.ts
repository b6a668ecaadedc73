import { beforeEach, expect, test } from 'vitest';
import type { RouteValue } from '../../src/model/instruction.ts';
import {
  addAddress,
  addNetns,
  addVeth,
  executeAll,
  executeFailure,
  hop,
  ipAll,
  readNetns,
  route,
  rule,
  setLink,
  sh,
} from './kernel-fixture.ts';

beforeEach(() => {
  executeAll(addNetns('red'), addNetns('blue'));
  executeAll(addVeth('red/a', 'blue/a'), addVeth('red/b', 'blue/b'));
  executeAll(...['red/a', 'red/b', 'blue/a', 'blue/b'].map((end) => setLink(end, { up: true })));
  executeAll(addAddress('red/a', '10.1.0.1/24'), addAddress('red/a', 'fd01::1/64'));
  executeAll(addAddress('red/b', '10.2.0.1/24'), addAddress('red/b', 'fd02::1/64'));
});

const add = (value: RouteValue) => ({ do: 'route.add', netns: 'red', route: value }) as const;
const replace = (value: RouteValue) => ({ do: 'route.replace', netns: 'red', route: value }) as const;
const remove = (value: RouteValue) => ({ do: 'route.delete', netns: 'red', route: value }) as const;
const ours = () => readNetns('red').routes.filter(({ protocol }) => protocol === 78);
const mine = (value: RouteValue) => ({ ...value, protocol: 78 });

const values: readonly (readonly [string, RouteValue])[] = [
  ['default', route({ to: '0.0.0.0/0', hops: [hop('10.1.0.9', 'a')] })],
  ['default with a metric', route({ to: '0.0.0.0/0', metric: 50, hops: [hop('10.1.0.9', 'a')] })],
  ['IPv6 default', route({ to: '::/0', hops: [hop('fd01::9', 'a')] })],
  ['IPv6 by a link-local address', route({ to: 'fd09::/64', hops: [hop('fe80::9', 'b')] })],
  ['source and MTU', route({ to: '192.0.2.0/24', hops: [hop('10.1.0.9', 'a')], src: '10.2.0.1', mtu: 1300 })],
  ['a large table', route({ to: '192.0.2.0/24', table: 1000, hops: [hop('10.1.0.9', 'a')] })],
  ['straight to a link', route({ to: '192.0.2.0/24', hops: [hop(null, 'b')] })],
  ['IPv6 straight to a link', route({ to: 'fd09::/64', hops: [hop(null, 'b')] })],
  ['on link', route({ to: '192.0.2.0/24', hops: [{ ...hop('172.16.0.1', 'b'), onlink: true }] })],
  ['IPv6 on link', route({ to: 'fd09::/64', hops: [{ ...hop('fd77::1', 'b'), onlink: true }] })],
  ['several hops', route({ to: '192.0.2.0/24', hops: [hop('10.1.0.9', 'a', 3), hop('10.2.0.9', 'b')] })],
  ['several IPv6 hops', route({ to: 'fd09::/64', hops: [hop('fd01::9', 'a', 2), hop('fd02::9', 'b')] })],
  ['IPv4 by an IPv6 hop', route({ to: '192.0.2.0/24', hops: [hop('fe80::9', 'a')] })],
  ['blackhole', route({ to: '192.0.2.0/24', type: 'blackhole' })],
  ['unreachable', route({ to: '192.0.2.0/24', type: 'unreachable', table: 300, metric: 7 })],
  ['IPv6 prohibit', route({ to: 'fd09::/64', type: 'prohibit' })],
  ['IPv6 blackhole', route({ to: 'fd09::/64', type: 'blackhole', metric: 5 })],
];

test.each(values)('%s: added, read back the same, deleted', (_name, value) => {
  executeAll(add(value));
  expect(ours()).toEqual([mine(value)]);
  const [shown] = [
    ...ipAll('-n red -4 route show table all proto 78'),
    ...ipAll('-n red -6 route show table all proto 78'),
  ];
  expect(shown?.['dst']).toBe(/\/0$/.test(value.to) ? 'default' : value.to);
  expect(executeFailure(add(value)).code).toBe('EEXIST');
  executeAll(remove(value));
  expect(ours()).toEqual([]);
  expect(executeFailure(remove(value)).code).toBe('ESRCH');
});

test('what `ip` says about a route is what we sent', () => {
  executeAll(
    add(route({ to: '192.0.2.0/24', hops: [hop('10.1.0.9', 'a', 3), hop('10.2.0.9', 'b')], metric: 9, mtu: 1300 })),
  );
  expect(ipAll('-n red route show 192.0.2.0/24')).toMatchObject([
    {
      protocol: '78',
      metric: 9,
      metrics: [{ mtu: 1300 }],
      nexthops: [
        { gateway: '10.1.0.9', dev: 'a', weight: 3 },
        { gateway: '10.2.0.9', dev: 'b', weight: 1 },
      ],
    },
  ]);
});

const one4 = route({ to: '192.0.2.0/24', hops: [hop('10.1.0.9', 'a')] });
const two4 = route({ to: '192.0.2.0/24', hops: [hop('10.1.0.9', 'a'), hop('10.2.0.9', 'b', 2)] });
const three4 = { ...two4, hops: [...two4.hops, hop('10.2.0.8', 'b')] };
const hole4 = route({ to: '192.0.2.0/24', type: 'blackhole' });
const link4 = route({ to: '192.0.2.0/24', hops: [hop(null, 'b')] });
const one6 = route({ to: 'fd09::/64', hops: [hop('fd01::9', 'a')] });
const other6 = route({ to: 'fd09::/64', hops: [hop('fd02::9', 'b')], mtu: 1400 });
const two6 = route({ to: 'fd09::/64', hops: [hop('fd01::9', 'a'), hop('fd02::9', 'b', 2)] });
const three6 = { ...two6, hops: [...two6.hops, hop('fd02::8', 'b')] };
const hole6 = route({ to: 'fd09::/64', type: 'blackhole' });
const link6 = route({ to: 'fd09::/64', hops: [hop(null, 'b')] });

test.each([
  ['IPv4', [one4, two4, three4, one4, hole4, two4, link4, one4, hole4, link4, three4, hole4]],
  [
    'IPv6',
    [one6, two6, three6, one6, other6, hole6, one6, link6, other6, two6, hole6, two6, link6, hole6, link6, three6],
  ],
])('%s: a route takes the place of any other of its key', (_name, steps) => {
  for (const value of steps) {
    executeAll(replace(value));
    expect(ours()).toEqual([mine(value)]);
  }
});

test('a route of another key is not replaced', () => {
  executeAll(add(one4), replace({ ...two4, metric: 5 }), replace({ ...two4, table: 500 }));
  expect(ours()).toHaveLength(3);
});

test("a route with another's protocol is never deleted, nor one with other hops", () => {
  sh('ip -n red route add 192.0.2.0/24 via 10.1.0.9 proto 3 && ip -n red -6 route add fd09::/64 via fd01::9 proto 3');
  expect(executeFailure(remove(one4)).code).toBe('ESRCH');
  expect(executeFailure(remove(one6)).code).toBe('ESRCH');
  executeAll(add({ ...one4, metric: 5 }), add({ ...one6, metric: 5 }));
  expect(executeFailure(remove(one4))).toEqual({
    code: 'ESRCH',
    message: 'table 254 has no such route to 192.0.2.0/24',
  });
  expect(executeFailure(remove({ ...one4, metric: 5, hops: [hop('10.1.0.8', 'a')] })).code).toBe('ESRCH');
  expect(executeFailure(remove(one6)).code).toBe('ESRCH');
  expect(ours()).toHaveLength(2);
});

test('hops may be named in any order when a route is deleted', () => {
  executeAll(add(two4), add(two6));
  executeAll(remove({ ...two4, hops: [...two4.hops].reverse() }), remove({ ...two6, hops: [...two6.hops].reverse() }));
  expect(ours()).toEqual([]);
});

test("the kernel's sentence is handed on", () => {
  const failure = executeFailure(add(route({ to: '192.0.2.0/24', hops: [hop('172.30.0.1', 'a')] })));
  expect(failure).toEqual({ code: 'ENETUNREACH', message: 'Nexthop has invalid gateway' });
});

test("the kernel's own and local routes: the former are told, the latter not", () => {
  const { routes } = readNetns('red');
  expect(routes.map(({ to }) => to)).toContain('10.1.0.0/24');
  expect(routes.filter(({ table }) => table === 255)).toEqual([]);
});

const rules = [
  rule({ priority: 100 }),
  rule({ family: 6, priority: 100, table: 1000 }),
  rule({ priority: 200, from: '10.0.0.0/8', to: '192.0.2.0/24', iif: 'a', oif: 'b' }),
  rule({ priority: 300, mark: { value: 7, mask: 255 } }),
  rule({ priority: 400, mark: { value: 7, mask: 0xffffffff } }),
  rule({ family: 6, priority: 500, from: 'fd00::/8', action: 'blackhole', table: 0 }),
  rule({ priority: 600, action: 'unreachable', table: 0 }),
  rule({ priority: 700, action: 'prohibit', iif: 'a', table: 0 }),
];
const ourRules = () => readNetns('red').rules.flatMap(({ protocol, ...value }) => (protocol === 78 ? [value] : []));

test('rules: added, read back the same, deleted', () => {
  executeAll(...rules.map((value) => ({ do: 'rule.add', netns: 'red', rule: value }) as const));
  expect(ourRules()).toHaveLength(rules.length);
  expect(ourRules()).toEqual(expect.arrayContaining(rules));
  expect(sh('ip -n red -N rule show priority 200')).toContain(
    'from 10.0.0.0/8 to 192.0.2.0/24 iif a oif b lookup 100 proto 78',
  );
  expect(executeFailure({ do: 'rule.add', netns: 'red', rule: rule({ priority: 100 }) }).code).toBe('EEXIST');
  executeAll(...rules.map((value) => ({ do: 'rule.delete', netns: 'red', rule: value }) as const));
  expect(ourRules()).toEqual([]);
});

test('a rule is not deleted in the place of another', () => {
  const broad = rule({ priority: 100 });
  const narrow = rule({ priority: 100, from: '10.0.0.0/8' });
  sh('ip -n red rule add priority 100 lookup 200 proto 3');
  executeAll({ do: 'rule.add', netns: 'red', rule: narrow });
  expect(executeFailure({ do: 'rule.delete', netns: 'red', rule: broad }).code).toBe('ENOENT');
  executeAll({ do: 'rule.add', netns: 'red', rule: broad });
  expect(executeFailure({ do: 'rule.delete', netns: 'red', rule: broad }).code).toBe('EBUSY');
  expect(ourRules()).toHaveLength(2);
  executeAll({ do: 'rule.delete', netns: 'red', rule: broad }, { do: 'rule.delete', netns: 'red', rule: narrow });
  expect(ourRules()).toEqual([]);
  expect(sh('ip -n red -N rule show priority 100')).toContain('proto 3');
});
