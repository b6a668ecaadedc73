import { describe, expect, test } from 'vitest';
import { labOf, routesIn, said } from './resolve-lab.ts';

describe('implied default routes', () => {
  test("lead to the bridge's own address, to a written one, to a namespace by name; not from its owner", () => {
    const lab = labOf(`
subnets: { pods: { cidr: 10.3.0.0/24, gateway: none } }
bridges:
  own: { subnet: [10.0.0.0/24, "fd00::/64"], address: [10.0.0.5, "fd00::5"] }
  out: { subnet: 10.1.0.0/24, gateway: 10.1.0.9 }
  named: { subnet: [10.2.0.0/24, "fd02::/64"], gateway: router }
  quiet: { subnet: pods, address: 10.3.0.1 }
namespaces:
  a: { interfaces: { eth0: { bridge: own } } }
  b: { interfaces: { eth0: { bridge: out } } }
  c: { interfaces: { eth0: { bridge: named } } }
  d: { interfaces: { eth0: { bridge: quiet } } }
  router: { forwarding: true, interfaces: { eth0: { bridge: named }, wan: { bridge: out } } }
  inner:
    bridges: { cni0: { subnet: 10.4.0.0/24, address: 10.4.0.1 } }
  pod: { interfaces: { eth0: { bridge: "inner:cni0" } } }
host: { forwarding: true, interfaces: { leg: { bridge: "inner:cni0" } } }
`);
    expect(routesIn(lab)).toEqual([
      'a: 0.0.0.0/0 via 10.0.0.5 dev eth0',
      'a: ::/0 via fd00::5 dev eth0',
      'b: 0.0.0.0/0 via 10.1.0.9 dev eth0',
      'c: 0.0.0.0/0 via 10.2.0.2 dev eth0',
      'c: ::/0 via fd02::2 dev eth0',
      'router: 0.0.0.0/0 via 10.1.0.9 dev wan',
      'pod: 0.0.0.0/0 via 10.4.0.1 dev eth0',
    ]);
    expect(lab.lans.map(({ gateways }) => gateways)).toEqual([
      ['10.0.0.5', 'fd00::5'],
      ['10.1.0.9'],
      ['10.2.0.2', 'fd02::2'],
      [],
      ['10.4.0.1'],
    ]);
    expect(said(lab)).toEqual([]);
  });

  test('two candidates give none and a warning; gateway at the interface and an explicit route decide', () => {
    const lab = labOf(`
bridges: { one: { subnet: 10.0.0.0/24, address: 10.0.0.1 }, two: { subnet: 10.1.0.0/24, address: 10.1.0.1 } }
host: { forwarding: true, interfaces: { up: { bridge: "r:sw", gateway: true } } }
namespaces:
  a: { interfaces: { eth0: { bridge: one }, eth1: { bridge: two } } }
  b: { interfaces: { eth0: { bridge: one }, eth1: { bridge: two, gateway: true } } }
  c: { interfaces: { eth0: { bridge: one, gateway: false }, eth1: { bridge: two } } }
  d: { interfaces: { eth0: { bridge: one } }, routes: [{ to: default, via: 10.0.0.77 }] }
  e: { interfaces: { eth0: { bridge: one, state: down } } }
  r: { bridges: { sw: { subnet: 10.2.0.0/24, address: 10.2.0.1 } } }
  s: { interfaces: { eth0: { bridge: one, gateway: false }, lonely: { gateway: true } } }
links: ["s:lonely -- r:lonely"]
`);
    expect(routesIn(lab)).toEqual([
      'host: 0.0.0.0/0 via 10.2.0.1 dev up',
      'b: 0.0.0.0/0 via 10.1.0.1 dev eth1',
      'c: 0.0.0.0/0 via 10.1.0.1 dev eth1',
      'd: 0.0.0.0/0 via 10.0.0.77 dev eth0',
    ]);
    expect(said(lab)).toEqual([
      'ambiguous-default: a has no IPv4 default route: several interfaces are on a subnet with a gateway: eth0 (10.0.0.1), eth1 (10.1.0.1)',
      'ambiguous-default: s:lonely is on no subnet with a gateway',
    ]);
  });

  test('a gateway outside the subnet, and one that is not on the LAN', () => {
    const lab = labOf(`
bridges:
  one: { subnet: 10.0.0.0/24, gateway: 10.1.0.1 }
  two: { subnet: [10.2.0.0/24, "fd00::/64"], gateway: far }
  three: { subnet: 10.3.0.0/24, gateway: fra }
namespaces: { far: { interfaces: { eth0: { bridge: one } } } }
`);
    expect(said(lab)).toEqual([
      'gateway-outside-subnet: gateway 10.1.0.1 is outside 10.0.0.0/24 of one',
      'no-shared-lan: gateway far has no address on two',
      'unknown-namespace: there is no namespace fra',
    ]);
    expect(lab.problems[2]?.hint).toBe('did you mean far?');
  });
});

describe('written routes', () => {
  test('find their link; names give the address on the shared LAN, per family', () => {
    const lab = labOf(`
bridges: { lan: [10.0.0.0/24, "fd00::/64"], four: 10.1.0.0/24 }
namespaces:
  a:
    interfaces: { eth0: { bridge: lan, address: [10.0.0.1, "fd00::1"] }, eth1: { bridge: four, address: 10.1.0.1 } }
    routes:
      - { to: default, via: r1 }
      - { to: 10.9.0.0/16, via: [r1, { to: "r2:eth1", weight: 2 }], metric: 50 }
      - { to: "fd09::/16", via: "fe80::1", dev: eth0, metric: 0, table: 100, src: "fd00::1" }
      - { to: 172.16.42.42/32, type: blackhole }
      - { to: default, type: unreachable, metric: 4000 }
      - { to: 10.8.0.0/16, dev: eth1 }
      - { to: 10.7.0.0/16, via: 192.0.2.1, dev: eth1, onlink: true }
      - { to: "r2", via: r1 }
  r1: { forwarding: true, interfaces: { eth0: { bridge: lan, address: [10.0.0.11, "fd00::11"] } } }
  r2: { forwarding: true, interfaces: { eth0: { bridge: lan, address: 10.0.0.12 }, eth1: { bridge: four, address: 10.1.0.12 } } }
`);
    expect(said(lab)).toEqual([]);
    expect(routesIn(lab)).toEqual([
      'a: 0.0.0.0/0 via 10.0.0.11 dev eth0',
      'a: ::/0 via fd00::11 dev eth0',
      'a: 10.9.0.0/16 via 10.0.0.11 dev eth0 via 10.1.0.12 dev eth1 x2 metric 50',
      'a: fd09::/16 via fe80::1 dev eth0 src fd00::1 table 100',
      'a: blackhole 172.16.42.42/32',
      'a: unreachable 0.0.0.0/0 metric 4000',
      'a: unreachable ::/0 metric 4000',
      'a: 10.8.0.0/16 dev eth1',
      'a: 10.7.0.0/16 via 192.0.2.1 dev eth1',
      'a: 10.0.0.12/32 via 10.0.0.11 dev eth0',
      'a: 10.1.0.12/32 via 10.0.0.11 dev eth0',
    ]);
    expect(lab.routes[3]?.metric).toBe(1024);
  });

  test('may be throw or local, lead to a link among others, or to an IPv6 router, and keep their words', () => {
    const lab = labOf(`
bridges: { lan: [10.0.0.0/24, "fd00::/64"] }
namespaces:
  a:
    interfaces: { eth0: { bridge: lan, address: [10.0.0.1, "fd00::1"] } }
    routes:
      - { to: 10.1.0.0/16, type: throw, table: 7 }
      - { to: 10.2.0.0/16, type: local, dev: lo, scope: host }
      - { to: default, type: local, dev: lo, table: 100 }
      - { to: 10.3.0.0/16, via: [{ dev: eth0, weight: 3 }, 10.0.0.9, "fd00::9"] }
      - { to: 10.4.0.0/16, via: "fe80::1", dev: eth0 }
      - { to: 10.5.0.0/16, via: { dev: eth0, weight: 7 }, scope: link }
      - { to: 10.5.0.0/16, via: 10.0.0.9, tos: 16, realms: 5, scope: site }
      - { to: "fd05::/16", via: "fd00::9", pref: high, rtoMin: 20ms }
`);
    expect(said(lab)).toEqual([]);
    expect(routesIn(lab)).toEqual([
      'a: throw 10.1.0.0/16 table 7',
      'a: local 10.2.0.0/16 dev lo table 255',
      'a: local 0.0.0.0/0 dev lo table 100',
      'a: 10.3.0.0/16 via 10.0.0.9 dev eth0 via fd00::9 dev eth0 dev eth0 x3',
      'a: 10.4.0.0/16 via fe80::1 dev eth0',
      'a: 10.5.0.0/16 dev eth0',
      'a: 10.5.0.0/16 via 10.0.0.9 dev eth0',
      'a: fd05::/16 via fd00::9 dev eth0',
    ]);
    expect(lab.routes.map(({ options }) => options)).toEqual([
      ...Array.from({ length: 6 }, () => undefined),
      { tos: 16, realms: '5', scope: 'site' },
      { pref: 'high', rtoMin: 20, lock: ['rto_min'] },
    ]);
  });

  test('say which word, or next hop, the family does not have', () => {
    const lab = labOf(`
bridges: { lan: [10.0.0.0/24, "fd00::/64"] }
namespaces:
  a:
    interfaces: { eth0: { bridge: lan } }
    routes:
      - { to: "fd01::/16", via: "fd00::9", tos: 16, realms: 3, scope: global }
      - { to: 10.1.0.0/16, via: 10.0.0.9, pref: low }
      - { to: default, via: [10.0.0.9, "fd00::9"], tos: 16 }
      - { to: "fd02::/16", via: [{ dev: eth0 }, "fd00::9"] }
`);
    expect(lab.problems.map(({ message, hint }) => `${message} = ${hint}`)).toEqual([
      'tos is a word of IPv4 alone, and fd01::/16 is of IPv6 = leave "tos" out',
      'realms is a word of IPv4 alone, and fd01::/16 is of IPv6 = leave "realms" out',
      'scope is a word of IPv4 alone, and fd01::/16 is of IPv6 = leave "scope" out',
      'pref is a word of IPv6 alone, and 10.1.0.0/16 is of IPv4 = leave "pref" out',
      'tos is a word of IPv4 alone, and ::/0 is of IPv6 = write one route per family',
      'IPv6 keeps several next hops only where each has an address: a link alone has none = write the address of a router on that link, or one next hop',
    ]);
    expect(routesIn(lab)).toEqual([]);
  });

  test('reach their next hop by a route straight to a link, of the same table or of main (F08)', () => {
    const yaml = `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  a:
    interfaces: { eth0: { bridge: lan, address: 10.0.0.1 }, eth1: { bridge: lan, address: 10.0.0.2/32 } }
    routes:
      - { to: default, via: 169.254.1.1 }
      - { to: 10.3.0.0/16, via: 169.254.1.1, dev: eth0 }
      - { to: 10.4.0.0/16, via: 10.0.0.7 }
      - { to: 10.5.0.0/16, via: 169.254.7.1, table: 7 }
      - { to: 10.6.0.0/16, via: 169.254.1.1, dev: eth1 }
      - { to: 10.7.0.0/16, via: 169.254.7.1 }
      - { to: 169.254.1.1, dev: eth0 }
      - { to: 10.0.0.7/32, dev: eth1 }
      - { to: 169.254.7.1, via: { dev: eth0 }, table: 7 }
`;
    const lab = labOf(yaml);
    expect(said(lab)).toEqual([
      'next-hop-off-link: 169.254.1.1 is not in a subnet of a on eth1',
      'next-hop-off-link: next hop 169.254.7.1 is in no subnet of a',
    ]);
    expect(routesIn(lab)).toEqual([
      'a: 0.0.0.0/0 via 169.254.1.1 dev eth0',
      'a: 10.3.0.0/16 via 169.254.1.1 dev eth0',
      'a: 10.4.0.0/16 via 10.0.0.7 dev eth1',
      'a: 10.5.0.0/16 via 169.254.7.1 dev eth0 table 7',
      'a: 169.254.1.1/32 dev eth0',
      'a: 10.0.0.7/32 dev eth1',
      'a: 169.254.7.1/32 dev eth0 table 7',
    ]);
  });

  test('a link that is down carries none', () => {
    const lab = labOf(`
bridges: { lan: 10.0.0.0/24 }
namespaces:
  a:
    interfaces: { eth0: { bridge: lan, state: down } }
    routes: [{ to: default, via: 10.0.0.99 }, { to: 10.5.0.0/16, dev: eth0 }]
`);
    expect([routesIn(lab), said(lab)]).toEqual([[], []]);
  });

  test('each mistake has its own check', () => {
    const lab = labOf(`
bridges: { lan: { subnet: 10.0.0.0/24, gateway: none }, other: { subnet: 10.1.0.0/24, gateway: none } }
namespaces:
  a:
    interfaces: { eth0: { bridge: lan, address: 10.0.0.1 } }
    routes:
      - { to: 10.2.0.0/16, via: 10.5.0.1 }
      - { to: 10.3.0.0/16, via: 10.0.0.1 }
      - { to: 10.4.0.0/16, via: b }
      - { to: "fd00::/16", via: 10.0.0.2 }
      - { to: "fd01::/16", via: "fe80::2" }
      - { to: 10.5.0.0/16, dev: eth7 }
      - { to: 10.6.0.0/16, via: "c:eth9" }
      - { to: 10.7.0.0/16, via: c }
      - { to: "fd02::/16", via: c }
  b: { interfaces: { eth0: { bridge: other, address: 10.1.0.7 } } }
  c: { forwarding: false, interfaces: { eth0: { bridge: lan } } }
`);
    expect(said(lab)).toEqual([
      'next-hop-off-link: next hop 10.5.0.1 is in no subnet of a',
      'next-hop-is-self: next hop 10.0.0.1 is a itself',
      'no-shared-lan: a and b share no LAN',
      'mixed-families: cannot mix IPv4 and IPv6: 10.0.0.2, fd00::/16',
      'link-local-without-dev: next hop fe80::2 is link-local, and every link has that network',
      'unknown-device: a has no link eth7',
      'unknown-interface: c has no interface eth9',
      'no-shared-lan: a and c share no LAN with an IPv6 address of both',
    ]);
    expect(lab.problems[2]?.hint).toBe('a next hop is a neighbour: a shares a LAN with c');
  });

  test('a next hop of the host may be on a link that only the machine knows', () => {
    const yaml =
      'routes: [{ to: 10.244.1.0/24, via: 192.168.1.11 }, { to: 10.244.2.0/24, via: 192.168.1.12, dev: eth0 }]';
    expect(said(labOf(yaml))).toEqual([]);
    expect(routesIn(labOf(yaml))).toEqual(['host: 10.244.2.0/24 via 192.168.1.12 dev eth0']);
    expect(routesIn(labOf(yaml, { 'host/lo': ['127.0.0.1/8'], 'host/ens3': ['192.168.1.5/24'] }))[0]).toBe(
      'host: 10.244.1.0/24 via 192.168.1.11 dev ens3',
    );
    expect(said(labOf(yaml, { 'host/lo': ['127.0.0.1/8'], 'host/ens3': ['192.168.7.5/24'] }))).toEqual([
      'next-hop-off-link: next hop 192.168.1.11 is in no subnet of host',
    ]);
  });
});

describe('rules and neighbours', () => {
  test('priorities count up by ten; a rule without a prefix is for both families', () => {
    const lab = labOf(`
bridges: { lan: 10.0.0.0/24 }
namespaces:
  a:
    interfaces: { a-very-long-interface: { bridge: lan } }
    rules:
      - { from: 10.0.0.0/24, table: 100 }
      - { iif: a-very-long-interface, table: 101 }
      - { to: "fd00::/16", table: 102, priority: 7 }
    neighbours: [{ to: 10.0.0.9, mac: "02:00:00:00:00:09", dev: a-very-long-interface }]
`);
    const name = lab.cables[0]?.ends[0].name;
    expect(lab.rules.map(({ family, priority, iif, table }) => [family, priority, iif, table])).toEqual([
      [4, 1000, null, 100],
      [4, 1010, name, 101],
      [6, 1010, name, 101],
      [6, 7, null, 102],
    ]);
    expect(lab.neighbours).toMatchObject([{ netns: 'a', dev: name, to: '10.0.0.9' }]);
  });
});
