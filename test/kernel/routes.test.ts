import { beforeEach, expect, test } from 'vitest';
import type { RouteValue } from '../../src/model/instruction.ts';
import * as kernel from './kernel-fixture.ts';

beforeEach(() => {
  kernel.executeAll(kernel.addNetns('red'), kernel.addNetns('blue'));
  kernel.executeAll(kernel.addVeth('red/a', 'blue/a'), kernel.addVeth('red/b', 'blue/b'));
  kernel.executeAll(...['red/a', 'red/b', 'blue/a', 'blue/b'].map((end) => kernel.setLink(end, { up: true })));
  kernel.executeAll(kernel.addAddress('red/a', '10.1.0.1/24'), kernel.addAddress('red/a', 'fd01::1/64'));
  kernel.executeAll(kernel.addAddress('red/b', '10.2.0.1/24'), kernel.addAddress('red/b', 'fd02::1/64'));
});

const add = (value: RouteValue) => ({ do: 'route.add', netns: 'red', route: value }) as const;
const replace = (value: RouteValue) => ({ do: 'route.replace', netns: 'red', route: value }) as const;
const remove = (value: RouteValue) => ({ do: 'route.delete', netns: 'red', route: value }) as const;
const ours = () => kernel.readNetns('red').routes.filter(({ protocol }) => protocol === 78);
const mine = (value: RouteValue) => ({ ...value, protocol: 78 });

const values: readonly (readonly [string, RouteValue])[] = [
  ['default', kernel.route({ to: '0.0.0.0/0', hops: [kernel.hop('10.1.0.9', 'a')] })],
  ['default with a metric', kernel.route({ to: '0.0.0.0/0', metric: 50, hops: [kernel.hop('10.1.0.9', 'a')] })],
  ['IPv6 default', kernel.route({ to: '::/0', hops: [kernel.hop('fd01::9', 'a')] })],
  ['IPv6 by a link-local address', kernel.route({ to: 'fd09::/64', hops: [kernel.hop('fe80::9', 'b')] })],
  [
    'source and MTU',
    kernel.route({ to: '192.0.2.0/24', hops: [kernel.hop('10.1.0.9', 'a')], src: '10.2.0.1', mtu: 1300 }),
  ],
  ['a large table', kernel.route({ to: '192.0.2.0/24', table: 1000, hops: [kernel.hop('10.1.0.9', 'a')] })],
  ['straight to a link', kernel.route({ to: '192.0.2.0/24', hops: [kernel.hop(null, 'b')] })],
  ['IPv6 straight to a link', kernel.route({ to: 'fd09::/64', hops: [kernel.hop(null, 'b')] })],
  ['on link', kernel.route({ to: '192.0.2.0/24', hops: [{ ...kernel.hop('172.16.0.1', 'b'), onlink: true }] })],
  ['IPv6 on link', kernel.route({ to: 'fd09::/64', hops: [{ ...kernel.hop('fd77::1', 'b'), onlink: true }] })],
  [
    'several hops',
    kernel.route({ to: '192.0.2.0/24', hops: [kernel.hop('10.1.0.9', 'a', 3), kernel.hop('10.2.0.9', 'b')] }),
  ],
  [
    'several IPv6 hops',
    kernel.route({ to: 'fd09::/64', hops: [kernel.hop('fd01::9', 'a', 2), kernel.hop('fd02::9', 'b')] }),
  ],
  ['IPv4 by an IPv6 hop', kernel.route({ to: '192.0.2.0/24', hops: [kernel.hop('fe80::9', 'a')] })],
  ['blackhole', kernel.route({ to: '192.0.2.0/24', type: 'blackhole' })],
  ['unreachable', kernel.route({ to: '192.0.2.0/24', type: 'unreachable', table: 300, metric: 7 })],
  ['IPv6 prohibit', kernel.route({ to: 'fd09::/64', type: 'prohibit' })],
  [
    'every word of TCP',
    kernel.route({
      ...{ to: '192.0.2.0/24', hops: [kernel.hop('10.1.0.9', 'a')], mtu: 1300, window: 65535, rtt: 20, advmss: 1200 },
      ...{ initcwnd: 20, rtoMin: 200, initrwnd: 30, quickack: true, lock: ['mtu', 'rto_min'] },
    }),
  ],
  [
    'every word of TCP in IPv6',
    kernel.route({
      ...{ to: 'fd09::/64', hops: [kernel.hop('fd01::9', 'a')], mtu: 1300, window: 65535, rtt: 20, advmss: 1200 },
      ...{ initcwnd: 20, rtoMin: 200, initrwnd: 30, quickack: true, lock: ['mtu', 'rto_min'], pref: 'low' },
    }),
  ],
  [
    'TOS, realms and scope',
    kernel.route({
      ...{ to: '192.0.2.0/24', hops: [kernel.hop('10.1.0.9', 'a')], tos: 16, realms: '3/5', scope: 'site' },
    }),
  ],
  [
    'several hops, one a link',
    kernel.route({ to: '192.0.2.0/24', hops: [kernel.hop(null, 'a', 3), kernel.hop('fe80::9', 'b')] }),
  ],
  ['local', kernel.route({ to: '192.0.2.0/24', type: 'local', table: 255, hops: [kernel.hop(null, 'lo')] })],
  ['IPv6 local', kernel.route({ to: 'fd09::/64', type: 'local', table: 255, hops: [kernel.hop(null, 'lo')] })],
  ['throw', kernel.route({ to: '192.0.2.0/24', type: 'throw', table: 300 })],
  ['IPv6 throw', kernel.route({ to: 'fd09::/64', type: 'throw', table: 300 })],
  ['IPv6 blackhole', kernel.route({ to: 'fd09::/64', type: 'blackhole', metric: 5 })],
];

test.each(values)('%s: added, read back the same, deleted', (_name, value) => {
  kernel.executeAll(add(value));
  expect(ours()).toEqual([mine(value)]);
  const [shown] = [
    ...kernel.ipAll('-n red -4 route show table all proto 78'),
    ...kernel.ipAll('-n red -6 route show table all proto 78'),
  ];
  expect(shown?.['dst']).toBe(/\/0$/.test(value.to) ? 'default' : value.to);
  expect(kernel.executeFailure(add(value)).code).toBe('EEXIST');
  kernel.executeAll(remove(value));
  expect(ours()).toEqual([]);
  expect(kernel.executeFailure(remove(value)).code).toBe('ESRCH');
});

test('what `ip` says about a kernel.route is what we sent', () => {
  kernel.executeAll(
    add(
      kernel.route({
        to: '192.0.2.0/24',
        hops: [kernel.hop('10.1.0.9', 'a', 3), kernel.hop('10.2.0.9', 'b')],
        metric: 9,
        mtu: 1300,
      }),
    ),
  );
  expect(kernel.ipAll('-n red route show 192.0.2.0/24')).toMatchObject([
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

const one4 = kernel.route({ to: '192.0.2.0/24', hops: [kernel.hop('10.1.0.9', 'a')] });
const two4 = kernel.route({ to: '192.0.2.0/24', hops: [kernel.hop('10.1.0.9', 'a'), kernel.hop('10.2.0.9', 'b', 2)] });
const three4 = { ...two4, hops: [...two4.hops, kernel.hop('10.2.0.8', 'b')] };
const hole4 = kernel.route({ to: '192.0.2.0/24', type: 'blackhole' });
const link4 = kernel.route({ to: '192.0.2.0/24', hops: [kernel.hop(null, 'b')] });
const one6 = kernel.route({ to: 'fd09::/64', hops: [kernel.hop('fd01::9', 'a')] });
const other6 = kernel.route({ to: 'fd09::/64', hops: [kernel.hop('fd02::9', 'b')], mtu: 1400 });
const two6 = kernel.route({ to: 'fd09::/64', hops: [kernel.hop('fd01::9', 'a'), kernel.hop('fd02::9', 'b', 2)] });
const three6 = { ...two6, hops: [...two6.hops, kernel.hop('fd02::8', 'b')] };
const hole6 = kernel.route({ to: 'fd09::/64', type: 'blackhole' });
const link6 = kernel.route({ to: 'fd09::/64', hops: [kernel.hop(null, 'b')] });

test.each([
  ['IPv4', [one4, two4, three4, one4, hole4, two4, link4, one4, hole4, link4, three4, hole4]],
  [
    'IPv6',
    [one6, two6, three6, one6, other6, hole6, one6, link6, other6, two6, hole6, two6, link6, hole6, link6, three6],
  ],
])('%s: a route takes the place of any other of its key', (_name, steps) => {
  for (const value of steps) {
    kernel.executeAll(replace(value));
    expect(ours()).toEqual([mine(value)]);
  }
});

test('a route of another key is not replaced', () => {
  kernel.executeAll(add(one4), replace({ ...two4, metric: 5 }), replace({ ...two4, table: 500 }));
  expect(ours()).toHaveLength(3);
});

test("a route with another's protocol is never deleted, nor one with other hops", () => {
  kernel.sh(
    'ip -n red route add 192.0.2.0/24 via 10.1.0.9 proto 3 && ip -n red -6 route add fd09::/64 via fd01::9 proto 3',
  );
  expect(kernel.executeFailure(remove(one4)).code).toBe('ESRCH');
  expect(kernel.executeFailure(remove(one6)).code).toBe('ESRCH');
  kernel.executeAll(add({ ...one4, metric: 5 }), add({ ...one6, metric: 5 }));
  expect(kernel.executeFailure(remove(one4))).toEqual({
    code: 'ESRCH',
    message: 'table 254 has no such route to 192.0.2.0/24',
  });
  expect(kernel.executeFailure(remove({ ...one4, metric: 5, hops: [kernel.hop('10.1.0.8', 'a')] })).code).toBe('ESRCH');
  expect(kernel.executeFailure(remove(one6)).code).toBe('ESRCH');
  expect(ours()).toHaveLength(2);
});

test('hops may be named in any order when a route is deleted', () => {
  kernel.executeAll(add(two4), add(two6));
  kernel.executeAll(
    remove({ ...two4, hops: [...two4.hops].reverse() }),
    remove({ ...two6, hops: [...two6.hops].reverse() }),
  );
  expect(ours()).toEqual([]);
});

test("the kernel's sentence is handed on", () => {
  const failure = kernel.executeFailure(
    add(kernel.route({ to: '192.0.2.0/24', hops: [kernel.hop('172.30.0.1', 'a')] })),
  );
  expect(failure).toEqual({ code: 'ENETUNREACH', message: 'Nexthop has invalid gateway' });
});

test("the kernel's own and local routes: the former are told, the latter not", () => {
  const { routes } = kernel.readNetns('red');
  expect(routes.map(({ to }) => to)).toContain('10.1.0.0/24');
  expect(routes.filter(({ table }) => table === 255)).toEqual([]);
});

const rules = [
  kernel.rule({ priority: 100 }),
  kernel.rule({ family: 6, priority: 100, table: 1000 }),
  kernel.rule({ priority: 200, from: '10.0.0.0/8', to: '192.0.2.0/24', iif: 'a', oif: 'b' }),
  kernel.rule({ priority: 300, mark: { value: 7, mask: 255 } }),
  kernel.rule({ priority: 400, mark: { value: 7, mask: 0xffffffff } }),
  kernel.rule({ family: 6, priority: 500, from: 'fd00::/8', action: 'blackhole', table: 0 }),
  kernel.rule({ priority: 600, action: 'unreachable', table: 0 }),
  kernel.rule({ priority: 700, action: 'prohibit', iif: 'a', table: 0 }),
];
const ourRules = () =>
  kernel.readNetns('red').rules.flatMap(({ protocol, ...value }) => (protocol === 78 ? [value] : []));

test('rules: added, read back the same, deleted', () => {
  kernel.executeAll(...rules.map((value) => ({ do: 'rule.add', netns: 'red', rule: value }) as const));
  expect(ourRules()).toHaveLength(rules.length);
  expect(ourRules()).toEqual(expect.arrayContaining(rules));
  expect(kernel.sh('ip -n red -N rule show priority 200')).toContain(
    'from 10.0.0.0/8 to 192.0.2.0/24 iif a oif b lookup 100 proto 78',
  );
  expect(kernel.executeFailure({ do: 'rule.add', netns: 'red', rule: kernel.rule({ priority: 100 }) }).code).toBe(
    'EEXIST',
  );
  kernel.executeAll(...rules.map((value) => ({ do: 'rule.delete', netns: 'red', rule: value }) as const));
  expect(ourRules()).toEqual([]);
});

test('a rule is not deleted in the place of another', () => {
  const broad = kernel.rule({ priority: 100 });
  const narrow = kernel.rule({ priority: 100, from: '10.0.0.0/8' });
  kernel.sh('ip -n red rule add priority 100 lookup 200 proto 3');
  kernel.executeAll({ do: 'rule.add', netns: 'red', rule: narrow });
  expect(kernel.executeFailure({ do: 'rule.delete', netns: 'red', rule: broad }).code).toBe('ENOENT');
  kernel.executeAll({ do: 'rule.add', netns: 'red', rule: broad });
  expect(kernel.executeFailure({ do: 'rule.delete', netns: 'red', rule: broad }).code).toBe('EBUSY');
  expect(ourRules()).toHaveLength(2);
  kernel.executeAll(
    { do: 'rule.delete', netns: 'red', rule: broad },
    { do: 'rule.delete', netns: 'red', rule: narrow },
  );
  expect(ourRules()).toEqual([]);
  expect(kernel.sh('ip -n red -N rule show priority 100')).toContain('proto 3');
});

test('a route that has one of others before it is replaced, and the other one stays (F02)', () => {
  const first = kernel.route({ to: '192.0.2.0/24', hops: [kernel.hop('10.1.0.9', 'a')] });
  const second = kernel.route({ to: '192.0.2.0/24', hops: [kernel.hop('10.2.0.9', 'b')], mtu: 1300 });
  kernel.executeAll(add(first));
  kernel.sh('ip -n red route prepend 192.0.2.0/24 via 10.1.0.7 advmss 1000');
  kernel.executeAll(replace(second));
  expect(ours()).toMatchObject([second]);
  const hops = () => kernel.sh("ip -n red route show 192.0.2.0/24 | sed 's/ dev.*//'").split('\n');
  expect(hops()).toEqual(['192.0.2.0/24 via 10.1.0.7', '192.0.2.0/24 via 10.2.0.9']);
  kernel.executeAll(remove(second));
  expect(hops()).toEqual(['192.0.2.0/24 via 10.1.0.7']);
});
