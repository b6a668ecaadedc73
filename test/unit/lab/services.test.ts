import { describe, expect, test } from 'vitest';
import { nameFilesOf } from '../../../src/features/names/name-files.ts';
import { labOf, said } from './resolve-lab.ts';

const RED_BLUE = `
bridges: { v-net-0: { subnet: [192.168.15.0/24, "fd15::/64"], address: [192.168.15.5, "fd15::5"] } }
namespaces:
  red: { interfaces: { veth-red: { bridge: v-net-0, address: [192.168.15.1, "fd15::1"] } } }
  blue: { interfaces: { veth-blue: { bridge: v-net-0, address: [192.168.15.2, "fd15::2"] } } }
`;

describe('forwards', () => {
  test('one a family, to the address on the shared LAN, with what localhost and a hairpin need', () => {
    const lab = labOf(`${RED_BLUE}
portForwards: ["80 -> blue:8080"]
`);
    expect(lab.forwards).toMatchObject([
      {
        netns: 'host',
        family: 4,
        address: null,
        target: { label: 'blue', address: '192.168.15.2', ports: { first: 8080, last: 8080 } },
        lan: '192.168.15.0/24',
        dev: 'v-net-0',
      },
      { family: 6, target: { address: 'fd15::2' }, lan: 'fd15::/64', dev: 'v-net-0' },
    ]);
    expect(lab.sysctls.map(({ key, value, dev, reason }) => [key, value, dev, reason])).toEqual([
      ['net/ipv4/ip_forward', '1', null, 'portForwards'],
      ['net/ipv6/conf/all/forwarding', '1', null, 'portForwards'],
      ['net/ipv4/conf/v-net-0/route_localnet', '1', 'v-net-0', 'localhost of portForwards'],
    ]);
    expect(lab.cables.map(({ ends }) => ends.map(({ hairpin }) => hairpin))).toEqual([
      [false, false],
      [false, true],
    ]);
  });

  test('several targets are one rule and one port a family, over those that have an address of it', () => {
    const lab = labOf(`${RED_BLUE.replace(', "fd15::2"', '')}
portForwards: [{ listen: 80, to: ["red:8080", { to: "blue:8080", weight: 3 }] }]
`);
    expect(lab.ports).toMatchObject([
      { family: 4, use: 'forwarded to red, blue' },
      { family: 6, use: 'forwarded to red' },
    ]);
    expect(lab.nft.map(({ rule }) => rule)).toMatchObject([
      {
        family: 4,
        targets: [
          { address: '192.168.15.1', port: 8080, weight: 1 },
          { address: '192.168.15.2', port: 8080, weight: 3 },
        ],
      },
      { family: 6, target: { label: 'red', address: 'fd15::1' } },
    ]);
  });

  test.each([
    ['{ listen: "[::]:80", to: [red, 192.168.15.2] }', 'mixed-families: cannot mix IPv4 and IPv6: ::, 192.168.15.2'],
    ['{ listen: 80, to: [red, green] }', 'unknown-namespace: there is no namespace green'],
  ])('of several targets, %s is said to be wrong', (forward, words) => {
    expect(said(labOf(`${RED_BLUE}\nportForwards: [${forward}]`))).toEqual([words]);
  });

  test('0.0.0.0 is every IPv4 address and [::] every IPv6 address, so that both may listen on one port (F43)', () => {
    const lab = labOf(`${RED_BLUE}
portForwards: ["0.0.0.0:80 -> blue:8080", "[::]:80 -> red:81", "[0::0]:82 -> blue", "83 -> blue"]
`);
    expect(
      lab.forwards.map(({ family, address, ports, target }) => [family, address, ports.first, target.label]),
    ).toEqual([
      [4, null, 80, 'blue'],
      [6, null, 80, 'red'],
      [6, null, 82, 'blue'],
      [4, null, 83, 'blue'],
      [6, null, 83, 'blue'],
    ]);
    expect(said(labOf(`${RED_BLUE}\nportForwards: ["0.0.0.0:80 -> [fd15::2]:80"]`))).toEqual([
      'mixed-families: cannot mix IPv4 and IPv6: 0.0.0.0, fd15::2',
    ]);
    const published = RED_BLUE.replace('blue: {', 'blue: { publish: ["0.0.0.0:8080:80", "[::]:8443:443"],');
    expect(labOf(published).forwards.map(({ family, ports }) => [family, ports.first])).toEqual([
      [4, 8080],
      [6, 8443],
    ]);
  });

  test("publish is the host's; a listen address chooses the family; ranges map one to one", () => {
    const lab = labOf(`${RED_BLUE}
  server: { interfaces: { eth0: { bridge: v-net-0 } }, publish: ["127.0.0.1:8080-8081:80-81", "192.0.2.9:53:53/udp"] }
portForwards:
  - { listen: "192.0.2.10:8443/tcp", to: red:443 }
  - { listen: "1000-1009", to: "red:1000-1005" }
  - { listen: "192.0.2.10:99", to: "[fd15::1]:99" }
`);
    expect(
      lab.forwards.map(({ family, address, protocols, target }) => [family, address, ...protocols, target.label]),
    ).toEqual([
      [4, '192.0.2.10', 'tcp', 'red'],
      [4, '127.0.0.1', 'tcp', 'server'],
      [4, '192.0.2.9', 'udp', 'server'],
    ]);
    expect(lab.sysctls.map(({ key, reason }) => [key, reason])).toEqual([
      ['net/ipv4/ip_forward', 'portForwards and publish'],
      ['net/ipv4/conf/v-net-0/route_localnet', 'localhost of portForwards'],
    ]);
    expect(said(lab)).toEqual([
      'port-range-mismatch: 10 ports are forwarded to 6',
      'mixed-families: cannot mix IPv4 and IPv6: 192.0.2.10, fd15::1',
    ]);
  });

  test('a target behind a router is reached by address, not by name', () => {
    const lab = labOf(`
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces:
  r: { forwarding: true, interfaces: { eth0: { bridge: lan, address: 10.0.0.2 }, eth1: 10.1.0.1/24 } }
  far: { interfaces: { eth0: 10.1.0.2/24 }, publish: ["81:80"] }
links: ["r:eth1 -- far:eth0"]
routes: [{ to: 10.1.0.0/24, via: r }]
portForwards: ["80 -> 10.1.0.2"]
`);
    expect(lab.forwards).toMatchObject([{ target: { label: '10.1.0.2' }, lan: null, dev: 'lan' }]);
    expect(said(lab)).toEqual(['no-shared-lan: host and far share no LAN']);
    expect(lab.cables.some(({ ends }) => ends.some(({ hairpin }) => hairpin))).toBe(false);
  });
});

describe('nat', () => {
  test('sources are prefixes of both families; snat takes those of its address', () => {
    const lab = labOf(`${RED_BLUE}
subnets: { pods: [10.244.0.0/16, "fd44::/48"] }
nat:
  - { masquerade: v-net-0 }
  - { masquerade: [pods, 10.3.0.0/24], out: ens3, exceptTo: pods }
  - { snat: v-net-0, as: 203.0.113.5 }
  - { masquerade: any }
  - { masquerade: v-net-9 }
`);
    expect(lab.nat.map(({ label, from, out, exceptTo }) => [label, from, out, exceptTo])).toEqual([
      ['v-net-0', ['192.168.15.0/24', 'fd15::/64'], null, []],
      ['pods, 10.3.0.0/24', ['10.244.0.0/16', 'fd44::/48', '10.3.0.0/24'], 'ens3', ['10.244.0.0/16', 'fd44::/48']],
      ['v-net-0', ['192.168.15.0/24'], null, []],
      ['any', null, null, []],
    ]);
    expect(said(lab)).toEqual(['unknown-subnet: there is no bridge, subnet or namespace v-net-9']);
  });
});

describe('sysctls and forwarding', () => {
  test('a namespace has the base, forwarding by need, and what the user wrote', () => {
    const lab = labOf(`
bridges: { lan: 10.0.0.0/24 }
namespaces:
  r:
    interfaces: { eth0: { bridge: lan } }
    nat: [{ masquerade: 10.0.0.0/24, out: eth0 }]
    sysctls: { net.ipv4.fib_multipath_hash_policy: 1, net.ipv4.conf.eth0.rp_filter: 2, net.ipv4.conf.all.rp_filter: 2 }
  off: { forwarding: false, nat: [{ masquerade: any }] }
  on: { forwarding: true }
`);
    const [r, off, on] = lab.namespaces;
    expect(r?.sysctls).toMatchObject({
      'net/ipv4/ip_forward': '1',
      'net/ipv6/conf/all/forwarding': '0',
      'net/ipv6/conf/default/accept_dad': '0',
      'net/ipv4/fib_multipath_hash_policy': '1',
      'net/ipv4/conf/all/rp_filter': '2',
    });
    expect(r?.forwardingFor).toBe('nat');
    expect(Object.keys(off?.sysctls ?? {}).slice(-2)).toEqual(['net/ipv4/ip_forward', 'net/ipv6/conf/all/forwarding']);
    expect([off?.sysctls['net/ipv4/ip_forward'], off?.forwardingFor]).toEqual(['0', null]);
    expect([on?.sysctls['net/ipv4/ip_forward'], on?.sysctls['net/ipv6/conf/all/forwarding']]).toEqual(['1', '1']);
    expect(lab.sysctls).toMatchObject([
      { netns: 'r', key: 'net/ipv4/conf/eth0/rp_filter', value: '2', dev: 'eth0', reason: null },
    ]);
  });

  test('the host is only ever turned on, and only for families that the lab uses', () => {
    const host = (forwarding: string) =>
      labOf(
        `bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }\nhost: { forwarding: ${forwarding} }\nnat: [{ masquerade: lan }]`,
      ).sysctls.map(({ key, value, reason }) => [key, value, reason]);
    expect(host('true')).toEqual([['net/ipv4/ip_forward', '1', null]]);
    expect(host('false')).toEqual([]);
  });

  test('warns where traffic is sent through something that does not forward', () => {
    const yaml = (more: string) => `
bridges: { one: 10.1.0.0/24, two: 10.2.0.0/24, alone: { subnet: 10.3.0.0/24, address: 10.3.0.1 } }
namespaces:
  a: { interfaces: { eth0: { bridge: one } }, routes: [{ to: 10.2.0.0/24, via: r }, { to: 10.9.9.9, via: r }] }
  r: { ${more} interfaces: { eth0: { bridge: one }, eth1: { bridge: two }, lo: 10.9.9.9 } }
  b: { interfaces: { eth0: { bridge: alone } } }
host: { forwarding: false }
`;
    expect(said(labOf(yaml('')))).toEqual(['needs-forwarding: r is a next hop of a, but IPv4 forwarding is off there']);
    expect(labOf(yaml('')).problems[0]?.severity).toBe('warning');
    expect(said(labOf(yaml('forwarding: false,')))).toEqual([]);
    expect(said(labOf(yaml('nat: [{ masquerade: any }],')))).toEqual([]);
  });

  test('warns where the gateway is a host on which nothing turns forwarding on (G6)', () => {
    const yaml = (host: string, more = '') =>
      labOf(`
bridges: { lan: { subnet: [10.1.0.0/24, "fd00:1::/64"], address: [10.1.0.1, "fd00:1::1"] }, other: { subnet: 10.2.0.0/24, address: 10.2.0.1 } }
namespaces:
  a: { interfaces: { eth0: { bridge: lan } }${more} }
  b: { interfaces: { eth0: { bridge: lan, gateway: false } } }
${host}
`);
    expect(said(yaml(''))).toEqual([
      'needs-forwarding: the host is the gateway of lan, but nothing turns IPv4 and IPv6 forwarding on there',
    ]);
    expect(said(yaml('host: { sysctls: { net.ipv4.ip_forward: 1 } }'))).toEqual([
      'needs-forwarding: the host is the gateway of lan, but nothing turns IPv6 forwarding on there',
    ]);
    expect(said(yaml('host: { forwarding: false }'))).toEqual([]);
    expect(said(yaml('nat: [{ masquerade: lan }]'))).toEqual([]);
    expect(said(yaml('', ', publish: ["80:80"]'))).toEqual([]);
    expect(said(yaml('', ', routes: [{ to: default, via: host }, { to: "::/0", via: host }]'))).toEqual([
      'needs-forwarding: the host is a next hop of a, but IPv4 and IPv6 forwarding is off there',
    ]);
  });
});

test('names of namespaces and interfaces are taken by NAT and neighbours too (F38)', () => {
  const lab = labOf(`${RED_BLUE}
  green: { interfaces: { eth0: { bridge: v-net-0, address: 192.168.15.9 } }, neighbours: [{ to: "red:veth-red", mac: "02:00:00:00:00:09", dev: eth0 }, { to: blue, mac: "02:00:00:00:00:08", dev: eth0 }] }
nat:
  - { masquerade: [red, "blue:veth-blue"], exceptTo: green }
  - { snat: red, as: 203.0.113.5 }
`);
  expect(lab.nat.map(({ from, exceptTo, label }) => [from, exceptTo, label])).toEqual([
    [['192.168.15.1/32', 'fd15::1/128', '192.168.15.2/32', 'fd15::2/128'], ['192.168.15.9/32'], 'red, blue:veth-blue'],
    [['192.168.15.1/32'], [], 'red'],
  ]);
  expect(lab.neighbours.map(({ to, mac }) => [to, mac])).toEqual([
    ['192.168.15.1', '02:00:00:00:00:09'],
    ['fd15::1', '02:00:00:00:00:09'],
    ['192.168.15.2', '02:00:00:00:00:08'],
    ['fd15::2', '02:00:00:00:00:08'],
  ]);
  const wrong = labOf(`${RED_BLUE}nat: [{ masquerade: rad }, { masquerade: "red:eth7" }]\n`);
  expect(said(wrong)).toEqual([
    'unknown-subnet: there is no bridge, subnet or namespace rad',
    'unknown-interface: red has no interface eth7',
  ]);
});

describe('names', () => {
  const linesOf = (lab: ReturnType<typeof labOf>, netns: string) =>
    nameFilesOf(lab)
      .find((one) => one.netns === netns)
      ?.hosts.map(({ address, names }) => `${address} ${names.join(' ')}`);

  test('every namespace knows every other by the address on the LAN that both share, else by all', () => {
    const lab = labOf(`
bridges: { one: { subnet: 10.1.0.0/24, address: 10.1.0.9 }, two: 10.2.0.0/24 }
namespaces:
  a: { interfaces: { eth0: { bridge: one, address: 10.1.0.1 } } }
  r: { forwarding: false, interfaces: { x: { bridge: one, address: 10.1.0.2 }, y: { bridge: two, address: 10.2.0.2 }, lo: 10.9.9.9 } }
  b: { interfaces: { eth0: { bridge: two, address: 10.2.0.1 } } }
  lonely: {}
host: { forwarding: false }
dns: { hosts: { db.lab.test: 10.1.0.77, web: r } }
`);
    expect(linesOf(lab, 'a')).toEqual([
      '10.1.0.1 a',
      '10.1.0.2 r',
      '10.2.0.1 b',
      '10.1.0.9 host',
      '10.1.0.77 db.lab.test',
      '10.1.0.2 web',
    ]);
    expect(linesOf(lab, 'b')).toEqual([
      '10.1.0.1 a',
      '10.2.0.2 r',
      '10.2.0.1 b',
      '10.1.0.77 db.lab.test',
      '10.2.0.2 web',
    ]);
    const all = ['10.1.0.2 r', '10.2.0.2 r', '10.9.9.9 r'];
    expect(linesOf(lab, 'r')).toEqual([
      '10.1.0.1 a',
      ...all,
      '10.2.0.1 b',
      '10.1.0.9 host',
      '10.1.0.77 db.lab.test',
      ...all.map((line) => line.replace(' r', ' web')),
    ]);
    expect(linesOf(lab, 'lonely')?.slice(0, 4)).toEqual(['10.1.0.1 a', ...all]);
    expect(linesOf(lab, 'host')).toBeUndefined();
    expect(said(lab)).toEqual([]);
  });

  test('a namespace overrides key by key; nothing to say gives no files; the host has its own block', () => {
    const lab = labOf(`
bridges: { one: { subnet: 10.1.0.0/24, gateway: none } }
namespaces:
  a: { interfaces: { eth0: { bridge: one } }, dns: { search: [other.test] } }
  b: { interfaces: { eth0: { bridge: one } }, dns: { names: false, nameservers: [9.9.9.9], order: [files] } }
  ns: { interfaces: { eth0: { bridge: one } } }
dns: { search: [lab.test], nameservers: [ns, 9.9.9.9], options: ["ndots:1"], hosts: { x.test: ns, gone: nowhere } }
host: { dns: { names: true } }
`);
    expect(
      nameFilesOf(lab).map(({ netns, search, nameservers, options, order }) => [
        netns,
        search,
        nameservers,
        options,
        order,
      ]),
    ).toEqual([
      ['a', ['other.test'], ['10.1.0.3', '9.9.9.9'], ['ndots:1'], null],
      ['b', ['lab.test'], ['9.9.9.9'], ['ndots:1'], ['files']],
      ['ns', ['lab.test'], ['10.1.0.3', '9.9.9.9'], ['ndots:1'], null],
      ['host', [], [], [], null],
    ]);
    expect(linesOf(lab, 'b')).toEqual(['10.1.0.3 x.test']);
    expect(linesOf(lab, 'host')).toEqual(['10.1.0.1 a', '10.1.0.2 b', '10.1.0.3 ns', '10.1.0.3 x.test']);
    expect(said(lab)).toEqual(['unknown-namespace: there is no namespace nowhere']);
    expect(nameFilesOf(labOf('namespaces: { a: {} }\ndns: { names: false }'))).toEqual([]);
  });
});

describe('conflists', () => {
  test('stand in the configuration folder unless a file is named', () => {
    const lab = labOf(
      'cni:\n  mynet: { cniVersion: 1.0.0, plugins: [{ type: bridge }] }\n  other: { file: /srv/o.conflist, cniVersion: 1.0.0, plugins: [{ type: bridge }] }',
    );
    expect(lab.files.map(({ path }) => path)).toEqual(['/etc/cni/net.d/10-mynet.conflist', '/srv/o.conflist']);
  });
});
