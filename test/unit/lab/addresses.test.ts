import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CurrentAddresses, Lab } from '../../../src/model/lab.ts';
import { hostRange, prefixContains, requirePrefix } from '../../../src/net/prefix.ts';
import { addressesIn, labOf, routesIn, said } from './resolve-lab.ts';

const stickyOf = (lab: Lab): CurrentAddresses => addressesIn(lab);

describe('addresses', () => {
  test('automatic ones are the first free hosts in the order of declaration, of both families', () => {
    const lab = labOf(`
bridges:
  sw: { subnet: [10.0.0.0/29, "fd00::/64"], address: [10.0.0.1, "fd00::1"] }
namespaces:
  a: { interfaces: { eth0: { bridge: sw } } }
  b: { interfaces: { eth0: { bridge: sw, address: 10.0.0.2 } } }
  c: { interfaces: { eth0: { bridge: sw } }, routes: [{ to: 10.9.0.0/16, via: 10.0.0.4 }], forwarding: false }
  d: { interfaces: { eth0: { bridge: sw, address: none } } }
`);
    expect(addressesIn(lab)).toEqual({
      'a/eth0': ['10.0.0.3/29', 'fd00::2/64'],
      'b/eth0': ['10.0.0.2/29'],
      'c/eth0': ['10.0.0.5/29', 'fd00::3/64'],
      'host/sw': ['10.0.0.1/29', 'fd00::1/64'],
    });
    expect(lab.addresses[0]?.automatic).toEqual(['10.0.0.3/29', 'fd00::2/64']);
    expect(lab.addresses[1]?.automatic).toEqual([]);
  });

  test('an interface keeps what it has, unless the address is now written elsewhere or left the pool', () => {
    const yaml = `
bridges: { sw: 10.0.0.0/24 }
namespaces:
  a: { interfaces: { eth0: { bridge: sw } } }
  b: { interfaces: { eth0: { bridge: sw } } }
  c: { interfaces: { eth0: { bridge: sw, address: 10.0.0.8 } } }
`;
    const sticky = { 'a/eth0': ['10.0.0.7/24'], 'b/eth0': ['10.0.0.8/24', '172.16.0.1/24'] };
    expect(addressesIn(labOf(yaml, sticky))).toEqual({
      'a/eth0': ['10.0.0.7/24'],
      'b/eth0': ['10.0.0.1/24'],
      'c/eth0': ['10.0.0.8/24'],
    });
  });

  test('one named pool serves two bridges without giving an address twice', () => {
    const lab = labOf(`
subnets: { pods: { cidr: 10.244.0.0/30, gateway: none } }
bridges: { one: { subnet: pods }, two: { subnet: pods } }
namespaces:
  a: { interfaces: { eth0: { bridge: one } } }
  b: { interfaces: { eth0: { bridge: two } } }
  c: { interfaces: { eth0: { bridge: one } } }
`);
    expect(addressesIn(lab)).toEqual({ 'a/eth0': ['10.244.0.1/30'], 'b/eth0': ['10.244.0.2/30'] });
    expect(said(lab)).toEqual(['pool-exhausted: no free address in 10.244.0.0/30 for c:eth0']);
  });

  test('the length comes from the subnet, on lo from the family; nowhere else from nowhere', () => {
    const lab = labOf(`
bridges: { sw: 10.0.0.0/24, dumb: {} }
namespaces:
  a: { interfaces: { eth0: { bridge: sw, address: 10.0.1.5 }, eth1: { bridge: dumb, address: 10.7.0.1 }, lo: ["10.1.1.1", "fd00::1"] } }
  b: { interfaces: { eth0: { bridge: sw, address: ["10.9.0.1/24", "fd00::7/64"] } } }
`);
    expect(addressesIn(lab)).toEqual({
      'a/lo': ['10.1.1.1/32', 'fd00::1/128'],
      'b/eth0': ['10.9.0.1/24', 'fd00::7/64'],
    });
    expect(said(lab)).toEqual([
      'address-outside-subnet: 10.0.1.5 of a:eth0 is outside the subnet 10.0.0.0/24 of sw',
      'missing-prefix-length: 10.7.0.1 of a:eth1 has no prefix length, and dumb has no IPv4 subnet to supply one',
      'address-outside-subnet: 10.9.0.1 of b:eth0 is outside the subnet 10.0.0.0/24 of sw',
    ]);
  });

  test('nothing follows from an address or a subnet that is wrong', () => {
    const lab = labOf(`
bridges: { sw: { subnet: pots, address: 10.0.0.1 }, full: { subnet: 10.1.0.0/30, address: [10.1.0.1, 10.1.0.2/30] } }
namespaces:
  a: { interfaces: { eth0: { bridge: sw, address: 10.0.0.2 } }, routes: [{ to: default, via: 10.0.0.1 }] }
  b: { interfaces: { eth0: { bridge: sw } }, publish: ["80:80"] }
  c: { interfaces: { eth0: { bridge: full } }, publish: ["81:80"] }
  d: { interfaces: { eth0: 10.2.0.1 }, routes: [{ to: 10.3.0.0/16, via: b }, { to: 10.4.0.0/16, via: 10.2.0.2 }] }
links: ["d:eth0 -- host:d"]
nat: [{ masquerade: sw }]
`);
    expect(said(lab)).toEqual([
      'unknown-subnet: there is no subnet pots',
      'pool-exhausted: no free address in 10.1.0.0/30 for c:eth0',
      'missing-prefix-length: 10.2.0.1 of d:eth0 has no prefix length, and no IPv4 subnet supplies one',
    ]);
  });

  test('a LAN without a subnet has those of its written addresses, and gives none out', () => {
    const lab = labOf(`
bridges: { sw: {} }
namespaces:
  a: { interfaces: { eth0: { bridge: sw, address: 10.0.0.1/24 }, eth1: 10.5.0.1/30 } }
  b: { interfaces: { eth0: { bridge: sw }, eth1: 10.5.0.2 } }
links: ["a:eth1 -- b:eth1"]
`);
    expect(addressesIn(lab)).toEqual({
      'a/eth0': ['10.0.0.1/24'],
      'a/eth1': ['10.5.0.1/30'],
      'b/eth1': ['10.5.0.2/30'],
    });
    expect(lab.lans.map(({ label, subnets }) => [label, ...subnets])).toEqual([
      ['sw', '10.0.0.0/24'],
      ['a:eth1 -- b:eth1', '10.5.0.0/30'],
    ]);
  });

  const member = fc.record({
    written: fc.option(fc.integer({ min: 1, max: 20 }), { nil: null }),
    two: fc.boolean(),
  });

  function yamlOf(members: ReadonlyMap<string, { readonly written: number | null; readonly two: boolean }>): string {
    const entries = [...members].map(([name, { written, two }]) => {
      const address = written === null ? '' : `, address: 10.0.0.${written}`;
      return `  ${name}: { interfaces: { eth0: { bridge: sw${address} }${two ? ', eth1: { bridge: sw }' : ''} } }`;
    });
    const gateway = 'bridges: { sw: { subnet: [10.0.0.0/26, "fd00::/120"], gateway: 10.0.0.9 } }';
    return `${gateway}\nnamespaces:\n${entries.join('\n') || '  none-at-all: {}'}\n`;
  }

  test('adding a namespace never renumbers another', () => {
    const members = fc.uniqueArray(member, { selector: (one) => one.written ?? {}, minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(members, fc.nat(), fc.boolean(), (all, position, two) => {
        const named = all.map((one, index) => [`n${index}`, one] as const);
        const before = labOf(yamlOf(new Map(named)));
        const at = position % (named.length + 1);
        const after = labOf(
          yamlOf(new Map([...named.slice(0, at), ['added', { written: null, two }] as const, ...named.slice(at)])),
          stickyOf(before),
        );
        const { 'added/eth0': _, 'added/eth1': __, ...rest } = addressesIn(after);
        expect(rest).toEqual(addressesIn(before));
      }),
    );
  });

  test("what is given out is a host of the pool, nobody else's, and nowhere written", () => {
    const members = fc.array(member, { minLength: 1, maxLength: 14 });
    const held = fc.dictionary(
      fc.constantFrom('n0/eth0', 'n1/eth1', 'n2/eth0', 'n3/eth0'),
      fc.integer({ min: 0, max: 70 }),
    );
    fc.assert(
      fc.property(members, held, (all, now) => {
        const sticky = Object.fromEntries(Object.entries(now).map(([key, host]) => [key, [`10.0.0.${host}/26`]]));
        const lab = labOf(yamlOf(new Map(all.map((one, index) => [`n${index}`, one]))), sticky);
        const written = new Set(['10.0.0.9', ...all.map((one) => `10.0.0.${one.written}`)]);
        const given = lab.addresses.flatMap(({ automatic }) => automatic);
        expect(new Set(given).size).toBe(given.length);
        for (const text of given) {
          const prefix = requirePrefix(text);
          const pool = requirePrefix(prefix.family === 4 ? '10.0.0.0/26' : 'fd00::/120');
          const { first, last } = hostRange(pool);
          expect(prefixContains(pool, prefix) && prefix.value >= first && prefix.value <= last).toBe(true);
          expect(written.has(text.split('/')[0] ?? '')).toBe(false);
        }
      }),
    );
  });
});

test('an address with a peer needs no subnet, makes its peer reachable, and may be that of other links, too (F09)', () => {
  const lab = labOf(`
bridges: { lan: { subnet: 10.5.0.0/24, address: 10.5.0.1 } }
namespaces:
  a:
    interfaces:
      eth0: { address: { address: 10.255.0.1, peer: 10.255.0.2 } }
      eth1: [{ address: 10.255.0.1, peer: 10.7.0.9/24 }, { address: "FD00::1", peer: "fd00::2" }]
      eth2: { bridge: lan, address: { address: 10.255.0.1, peer: 10.5.0.1 } }
    routes: [{ to: 10.1.0.0/16, via: 10.255.0.2 }, { to: 10.2.0.0/16, via: 10.7.0.3 }, { to: "fd01::/64", via: c }]
  b: { interfaces: { eth0: { address: { address: 10.255.0.2, peer: 10.255.0.1/32 } } } }
  c: { forwarding: true, interfaces: { eth0: [10.7.0.9/24, { address: "fd00::2", peer: "fd00::1" }] } }
links: ["a:eth0 -- b:eth0", "a:eth1 -- c:eth0"]
host: { forwarding: true }
`);
  expect(lab.addresses.map(({ netns, dev, prefixes, peers }) => [netns, dev, prefixes, peers])).toEqual([
    ['a', 'eth0', ['10.255.0.1/32'], { '10.255.0.1/32': '10.255.0.2' }],
    ['a', 'eth1', ['10.255.0.1/24', 'fd00::1/128'], { '10.255.0.1/24': '10.7.0.9', 'fd00::1/128': 'fd00::2' }],
    ['a', 'eth2', ['10.255.0.1/32'], { '10.255.0.1/32': '10.5.0.1' }],
    ['b', 'eth0', ['10.255.0.2/32'], { '10.255.0.2/32': '10.255.0.1' }],
    ['c', 'eth0', ['10.7.0.9/24', 'fd00::2/128'], { 'fd00::2/128': 'fd00::1' }],
    ['host', 'lan', ['10.5.0.1/24'], undefined],
  ]);
  expect(routesIn(lab)).toEqual([
    'a: 10.1.0.0/16 via 10.255.0.2 dev eth0',
    'a: 10.2.0.0/16 via 10.7.0.3 dev eth1',
    'a: fd01::/64 via fd00::2 dev eth1',
  ]);
  expect(said(lab).filter((line) => !line.startsWith('needs-forwarding'))).toEqual([]);
});
