import { describe, expect, test } from 'vitest';
import { HEAD, load, mistakes } from './load-topology.ts';

const inRed = (body: string) => mistakes(`namespaces: { red: { ${body} } }`).map((one) => one.replace(/^1:\d+ /, ''));

describe('against the schema', () => {
  test.each([
    ['a slip in a key', 'bridgs: {}', ['1:1 unknown-key: unknown key "bridgs" at top level = did you mean "bridges"?']],
    [
      'a key of the host at top level',
      'interfaces: {}',
      [
        '1:1 unknown-key: unknown key "interfaces" at top level = for the machine itself, write "interfaces" under host',
      ],
    ],
    [
      'a key of the top level under host',
      'host: { nat: [] }',
      [`1:9 unknown-key: unknown key "nat" in "host" = write "nat" at top level: there it means the host's`],
    ],
    [
      'existing in a namespace',
      'namespaces: { a: { interfaces: { e: { existing: true } } } }',
      ['1:39 unknown-key: unknown key "existing" in "e" = only the host has interfaces that exist already'],
    ],
    [
      'a wrong type',
      'routes: 5',
      [
        '1:9 wrong-type: "routes" must be a list, not the number 5 = for example routes: [{ to: default, via: 10.1.0.1 }]',
      ],
    ],
    [
      'text where a switch stands',
      'host: { forwarding: "yes" }',
      ['1:21 wrong-type: "forwarding" must be true or false, not the text "yes" = write forwarding: true'],
    ],
    [
      'a number where text stands',
      'bridges: { a: { subnet: 5 } }',
      ['1:25 wrong-type: "subnet" must be text or a list, not the number 5 = for example subnet: 10.1.0.0/24'],
    ],
    [
      'nothing',
      'routes:',
      [
        '1:1 wrong-type: "routes" is empty = write a list, or leave the key out: for example routes: [{ to: default, via: 10.1.0.1 }]',
      ],
    ],
    [
      'an item of a wrong type',
      'links: [5]',
      [
        '1:9 wrong-type: item 1 of "links" must be text or a map, not the number 5 = for example "a:eth0 -- router:eth0"',
      ],
    ],
    [
      'a key that is missing',
      'neighbours: []\nroutes: [{ via: 10.0.0.1 }]',
      [
        expect.stringContaining('1:1 unknown-key'),
        '2:10 missing-key: item 1 of "routes" needs the key "to" = for example to: default',
      ],
    ],
    [
      'a word that is none of the choices',
      'routes: [{ to: 10.0.0.0/8, type: blakhole }]',
      [
        '1:34 bad-value: "type" must be unicast, local, throw, blackhole, unreachable or prohibit, not "blakhole" = did you mean "blackhole"?',
      ],
    ],
    [
      'a number outside its range',
      'bridges: { a: { mtu: 10 } }',
      ['1:22 bad-value: "mtu" must be from 68 to 65535, not 10 = for example mtu: 1400'],
    ],
    ['too few ends', 'links: [{ ends: ["a:b"] }]', ['1:17 bad-value: "ends" must have exactly 2 items, not 1']],
    [
      'a version of plugins',
      'cni: { a: { cniVersion: "1.0", plugins: [{ type: x }] } }',
      ['1:25 bad-value: "cniVersion" must be three numbers with dots, such as 1.0.0, not "1.0"'],
    ],
    [
      'a file elsewhere',
      'cni: { a: { file: ../x.conflist, cniVersion: 1.0.0, plugins: [{ type: x }] } }',
      [expect.stringContaining('bad-value: "file" must be')],
    ],
  ])('reports %s', (_, body, expected) => {
    expect(mistakes(body)).toEqual(expected);
  });

  test('a file without its first lines', () => {
    expect(load('{}').diagnostics.map((one) => one.message)).toEqual([
      'the file needs the key "version"',
      'the file needs the key "name"',
    ]);
    expect(load('version: 2\nname: a').diagnostics.map((one) => one.message)).toEqual(['"version" must be 1, not 2']);
  });
});

describe('of content', () => {
  test.each([
    [
      'interfaces: { e: 010.0.0.1/24 }',
      'bad-address: 010.0.0.1/24 is not an address: 010 has a leading zero, which some programs read as octal = write an address such as 10.0.0.1/24',
    ],
    ['interfaces: { e: 0x0a.0.0.1 }', expect.stringContaining('it is hexadecimal')],
    ['interfaces: { e: 10.1/8 }', expect.stringContaining('four numbers with dots')],
    ['interfaces: { e: 10.0.0.256 }', expect.stringContaining('256 is more than 255')],
    ['interfaces: { e: 10.0.0.1/33 }', expect.stringContaining('no valid prefix length')],
    ['interfaces: { e: "fe80::1%eth0/64" }', expect.stringContaining('has a zone')],
    ['interfaces: { e: "::ffff:10.0.0.1" }', expect.stringContaining('mixes IPv6 and IPv4')],
    ['interfaces: { e: 224.0.0.1/24 }', expect.stringContaining('multicast')],
    ['interfaces: { e: 0.0.0.0/0 }', expect.stringContaining('stands for no address')],
    [
      'interfaces: { e: { address: 10.0.0.1, peer: 10.0.0.2 } }',
      'unknown-key: unknown key "peer" in "e" = it belongs to an address: address: { address: 10.0.0.1, peer: 10.0.0.2 }',
    ],
    ['interfaces: { e: { address: { address: 10.0.0.1 } } }', expect.stringContaining('needs the key "peer"')],
    [
      'interfaces: { e: { address: { address: 10.0.0.1, peer: "fd00::1" } } }',
      'mixed-families: cannot mix IPv4 and IPv6: 10.0.0.1, fd00::1 = write an IPv4 address',
    ],
    [
      'interfaces: { e: [{ address: 10.0.0.1, peer: 10.0.0.1/24 }] }',
      expect.stringContaining('the peer of 10.0.0.1 is the address itself'),
    ],
    [
      'interfaces: { e: [{ address: 10.0.0.1/24, peer: 10.0.0.2 }] }',
      'bad-address: 10.0.0.1/24 has a prefix length of its own beside a peer = write address: 10.0.0.1, peer: 10.0.0.2/24',
    ],
    [
      'interfaces: { e: { address: { address: 10.0.0.1, peer: blue } } }',
      expect.stringContaining('blue is not an address'),
    ],
    ['interfaces: { e: dhcp }', expect.stringContaining('leave address out')],
    ['interfaces: { e: { mac: "03:00:00:00:00:01" } }', expect.stringContaining('multicast address')],
    ['interfaces: { e: { mac: "2:0:0:0:0:1" } }', expect.stringContaining('six pairs')],
    ['interfaces: { e: { bridge: "a:b:c" } }', expect.stringContaining('bad-reference: a:b:c does not name anything')],
    [
      'bridges: { b: 10.1.0.5/24 }',
      'bad-address: 10.1.0.5/24 is an address inside the network 10.1.0.0/24, not a network = write 10.1.0.0/24',
    ],
    ['bridges: { b: 10.1.0.0 }', expect.stringContaining('write the network with its length, such as 10.1.0.0/24')],
    ['bridges: { b: { ageing: soon } }', 'bad-value: "ageing" must be a time, not "soon" = write 600, 600s, 10m or 1h'],
    ['bridges: { b: { forwardDelay: 1m } }', 'bad-value: "forwardDelay" must be from 2 to 30 seconds, not 60'],
    ['bridges: { lo: {} }', expect.stringContaining('bad-name: the name "lo" is reserved')],
    ['interfaces: { "a/b": {} }', expect.stringContaining('bad-name: "a/b" is not a name')],
    ['routes: [{ to: default }]', expect.stringContaining('missing-key: the route does not say where to')],
    ['routes: [{ to: default, type: prohibit, via: a }]', expect.stringContaining('no "via" and no "dev"')],
    ['routes: [{ to: 10.0.0.1/8, dev: e }]', expect.stringContaining('write 10.0.0.0/8')],
    ['routes: [{ to: default, dev: e, table: mian }]', expect.stringContaining('no routing table "mian"')],
    [
      'routes: [{ to: default, type: throw, dev: e }]',
      expect.stringContaining('of type throw has no "via" and no "dev"'),
    ],
    [
      'routes: [{ to: 10.0.0.0/8, type: local }]',
      'missing-key: a route of type local does not say whose it is: "dev" is missing = add `dev: lo`',
    ],
    [
      'routes: [{ to: 10.0.0.0/8, type: local, dev: lo, via: 10.1.0.1 }]',
      expect.stringContaining('what is local has no next hop'),
    ],
    [
      'routes: [{ to: 10.0.0.0/8, type: local, dev: lo, scope: link }]',
      expect.stringContaining('the scope host, not link'),
    ],
    [
      'routes: [{ to: 10.0.0.0/8, via: 10.1.0.1, scope: link }]',
      expect.stringContaining('is farther than the scope link'),
    ],
    [
      'routes: [{ to: 10.0.0.0/8, via: [10.1.0.1, 10.1.0.2], realms: 5 }]',
      expect.stringContaining('has no realms of its own'),
    ],
    ['routes: [{ to: 10.0.0.0/8, via: [{ weight: 2 }, 10.1.0.2] }]', expect.stringContaining('neither "to" nor "dev"')],
    [
      'routes: [{ to: "fd00::/64", type: throw, pref: high }]',
      expect.stringContaining('a route of type throw has none'),
    ],
    [
      'routes: [{ to: 10.0.0.0/8, dev: e, lock: mtu }]',
      'bad-value: the route locks "mtu" and has none = write `mtu:`, or leave it out',
    ],
    [
      'routes: [{ to: 10.0.0.0/8, dev: e, mtu: 1400, lock: [mtu, hoplimit] }]',
      expect.stringContaining('"hoplimit" is not a metric that can be locked'),
    ],
    [
      'routes: [{ to: 10.0.0.0/8, dev: e, rtt: 20 }]',
      'bad-value: "rtt" must be a time with its unit, not 20 = write 20ms or 1s',
    ],
    ['routes: [{ to: 10.0.0.0/8, dev: e, rtoMin: 0ms }]', expect.stringContaining('must be from 1 to')],
    ['routes: [{ to: 10.0.0.0/8, dev: e, tos: 17 }]', expect.stringContaining('is not a TOS')],
    ['routes: [{ to: 10.0.0.0/8, dev: e, mtu: 65535 }]', expect.stringContaining('from 68 to 65520')],
    ['rules: [{ from: 10.0.0.0/8 }]', expect.stringContaining('missing-key: the rule has neither')],
    ['rules: [{ mark: 0x1ffffffff/1, table: 1 }]', expect.stringContaining('is not a firewall mark')],
    ['neighbours: [{ to: 10.0.0.1/24, mac: "02:00:00:00:00:01", dev: e }]', expect.stringContaining('write 10.0.0.1')],
    ['sysctls: { net.core.netdev_max_backlog: 1 }', expect.stringContaining('host-key-sysctl')],
    ['sysctls: { net/ipv4/neigh/default/gc_thresh3: 1 }', expect.stringContaining('host: sysctls:')],
    ['sysctls: { net.ipv4.conf.all.mc_forwarding: 1 }', expect.stringContaining('can only be read')],
    ['sysctls: { net.ipv4.route.flush: 1 }', expect.stringContaining('is a command, not a setting')],
    ['sysctls: { kernel.hostname: x }', expect.stringContaining('host-key-sysctl')],
    ['sysctls: { net.ipv4...x: 1 }', expect.stringContaining('is not the key of a sysctl')],
    ['sysctls: { net.ipv4.ip_forward: "1\\n2" }', expect.stringContaining('one line')],
    ['sysctls: { net.ipv4.ip_forward: 1, net/ipv4/ip_forward: 0 }', expect.stringContaining('set twice')],
    ['nat: [{ out: e }]', expect.stringContaining('neither "masquerade" nor "snat"')],
    ['nat: [{ masquerade: any, snat: any, as: 1.2.3.4 }]', expect.stringContaining('either masquerade or snat')],
    ['nat: [{ snat: any }]', expect.stringContaining('needs the key "as"')],
    ['nat: [{ masquerade: any, as: 1.2.3.4 }]', expect.stringContaining('write snat instead')],
    [
      'nat: [{ snat: any, as: "1.2.3.4:9-1" }]',
      expect.stringContaining('bad-port: the range 9-1 ends before it begins'),
    ],
    ['portForwards: ["80 > blue"]', expect.stringContaining('does not lead from a port to a target')],
    ['portForwards: ["0 -> blue"]', expect.stringContaining('port 0 is not from 1 to 65535')],
    ['portForwards: ["80/icmp -> blue"]', expect.stringContaining('"icmp" is not a protocol')],
    ['portForwards: ["fd00::1:80 -> blue"]', expect.stringContaining('[address]:port')],
    ['portForwards: [{ listen: 80, to: "[fd00::x]:8" }]', expect.stringContaining('neither an address nor a name')],
    ['publish: ["80"]', expect.stringContaining('both the port of the host and that of the namespace')],
    ['publish: ["a:80:80"]', expect.stringContaining('"a" is not an address of this machine')],
    ['dns: { hosts: { a~b: 10.0.0.1 } }', expect.stringContaining('bad-hostname: "a~b" is not a host name')],
    ['dns: { search: "x y" }', expect.stringContaining('bad-hostname')],
    ['dns: { options: "ndots 2" }', expect.stringContaining('not an option of resolv.conf')],
    ['dns: { order: "files dns" }', expect.stringContaining('not a source of names')],
    ['dns: { nameservers: 10.0.0 }', expect.stringContaining('four numbers')],
  ])('refuses %s', (body, expected) => {
    expect(inRed(body)).toEqual([expected]);
  });

  test('names', () => {
    expect(mistakes('namespaces: { host: {} }')[0]).toContain('the name "host" is reserved');
    expect(mistakes(`namespaces: { ${'n'.repeat(64)}: {} }`)[0]).toContain('has 64 characters; at most 63');
    expect(load(`version: 1\nname: ${'n'.repeat(33)}`).diagnostics[0]?.message).toContain('33 characters; at most 32');
    expect(load('version: 1\nname: a/b').diagnostics[0]?.message).toBe('"a/b" is not a name');
  });

  test('cables', () => {
    expect(mistakes('links:\n  - a:e -- b\n  - a:e\n  - { ends: ["a:e", "b c"] }')).toEqual([
      '2:5 bad-reference: the end b does not say which interface = write b:eth0',
      '3:5 bad-reference: a:e is not a cable between two ends = write namespace:interface -- namespace:interface',
      '4:21 bad-reference: "b c" is not an end of a cable = write namespace:interface -- namespace:interface',
    ]);
  });

  test('the host may set what exists once a machine, below net', () => {
    expect(mistakes('host: { sysctls: { net.core.netdev_max_backlog: 1 } }')).toEqual([]);
    expect(mistakes('host: { sysctls: { kernel.panic: 1 } }')[0]).toContain('only keys below net');
  });
});

test('all mistakes are said in one run, and a slip in a key does not hide what is below it', () => {
  const body =
    'bridgs: { a: 10.0.0.1/24 }\nnamespaces: { red: { interfaces: { e: { brige: a, mtu: x, adress: 10.0.0.300 } } } }';
  expect(mistakes(body).map((one) => one.split(' = ')[0])).toEqual([
    '1:1 unknown-key: unknown key "bridgs" at top level',
    '2:41 unknown-key: unknown key "brige" in "e"',
    '2:59 unknown-key: unknown key "adress" in "e"',
    '2:56 wrong-type: "mtu" must be a whole number, not the text "x"',
    '1:14 bad-address: 10.0.0.1/24 is an address inside the network 10.0.0.0/24, not a network',
    '2:67 bad-address: 10.0.0.300 is not an address: 300 is more than 255',
  ]);
});

test('a file with slips in keys only is still understood', () => {
  const { topology } = load(`${HEAD}namespaces: { red: { interfaces: { e: { adress: 10.0.0.3/24, zzz: 1 } } } }`);
  expect(topology?.namespaces[0]?.interfaces[0]?.address).toMatchObject([{ address: '10.0.0.3', length: 24 }]);
});
