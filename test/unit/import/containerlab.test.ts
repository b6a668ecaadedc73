// biome-ignore-all lint/suspicious/noTemplateCurlyInString: how containerlab itself writes a variable
import { describe, expect, test } from 'vitest';
import { containerlabImporter } from '../../../src/import/formats/containerlab/index.ts';
import type { ImportResult, JsonMap } from '../../../src/import/result.ts';
import type { Json } from '../../../src/model/json.ts';
import { besideIt, fieldFile, labOfImport, yaml } from './imported.ts';

const imported = (text: string): ImportResult => {
  const lookup = (name: string) => (name === 'SET' ? 'value' : undefined);
  const result = containerlabImporter.convert(yaml(text), { lab: 'lab', lookup, fileAt: besideIt });
  labOfImport(result);
  return result;
};

const at = (value: Json | undefined, ...path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((inner, key) => (inner as JsonMap | undefined)?.[key], value);

const node = (text: string, name = 'a'): JsonMap => at(imported(text).document, 'namespaces', name) as JsonMap;

/** Two nodes with three cables, one of which runs commands. */
const running = (...lines: readonly string[]): string => `
name: lab
topology:
  nodes:
    a: { exec: ${JSON.stringify(lines)} }
    b: {}
  links: [{ endpoints: ["a:eth1", "b:eth1"] }, { endpoints: ["a:eth2", "b:eth2"] }, { endpoints: ["a:eth3", "b:eth3"] }]
`;

const leftOut = (text: string): readonly string[] =>
  imported(text).leftOut.filter((line) => !/image$|the management network|what a /.test(line));

test('addresses at the ends of links are addresses, in both forms of a link (F16)', () => {
  const text = fieldFile('16-link-addresses.clab.yml');
  expect(at(node(text, 'c1'), 'interfaces')).toEqual({ eth1: '10.0.0.1/24', eth2: '10.0.1.1/24' });
  expect(at(node(text, 'c2'), 'interfaces')).toEqual({ eth1: '10.0.0.2/24', eth2: '10.0.1.2/24' });
  expect(leftOut(text)).toEqual(['link 1, c1:eth1: vars']);
});

test('a bridge in the namespace of a node is a bridge of that namespace (F17)', () => {
  const { document } = imported(`
topology:
  nodes:
    sw: { exec: [ip addr add 10.0.0.1/24 dev br01] }
    br01|sw: { kind: bridge, network-mode: "container:sw" }
    c1: {}
  links: [{ endpoints: ["br01|sw:p1", "c1:eth1"] }]
`);
  expect(document).toMatchObject({
    namespaces: {
      sw: { bridges: { br01: { address: '10.0.0.1/24' } } },
      c1: { interfaces: { eth1: { bridge: 'sw:br01' } } },
    },
  });
  expect(document).not.toHaveProperty('bridges');
});

test('a node of the kind ovs-bridge is a bridge of Open vSwitch', () => {
  const { document } = imported(`
topology:
  nodes: { sw: { kind: ovs-bridge }, c1: {} }
  links: [{ endpoints: ["sw:p1", "c1:eth1"] }]
`);
  expect(document).toMatchObject({
    bridges: { sw: { kind: 'ovs' } },
    namespaces: { c1: { interfaces: { eth1: { bridge: 'sw' } } } },
  });
});

test('names of interfaces that a topology cannot have are others in links and commands alike, and are told (F18)', () => {
  const text = fieldFile('18-digits-first.clab.yml');
  expect(imported(text).document['links']).toEqual(['r1:e1-1-c1-1 -- r2:e1-1-c1-1', 'r1:e1.1 -- r2:e2']);
  expect(leftOut(text)).toContain('the name 1-1-c1-1 of an interface of r1; here it is e1-1-c1-1');
  const long = running('ip addr add 10.0.0.1/24 dev eth1').replaceAll('eth1', 'ethernet-1/1/c1/1/1');
  const { interfaces } = node(long);
  expect(Object.entries(interfaces as JsonMap)).toEqual([[expect.stringMatching(/^etherne.{1,8}$/), '10.0.0.1/24']]);
});

test('the management network has the default subnets of both families (F19)', () => {
  const { document } = imported('{ topology: { nodes: { a: { mgmt-ipv6: "3fff:172:20:20::5" } } } }');
  expect(at(document, 'bridges', 'clab', 'subnet')).toEqual(['172.20.20.0/24', '3fff:172:20:20::/64']);
});

describe('commands of a node', () => {
  test('may set several sysctls at once, with quotes (F20), and forwarding is one word (M26)', () => {
    expect(node(fieldFile('20-two-sysctls.clab.yml'), 'h1')).toMatchObject({
      forwarding: true,
      sysctls: { 'net.ipv4.conf.all.rp_filter': 0 },
    });
    expect(node(running(`sysctl -qw net.ipv4.tcp_rmem="4096 87380 1000" net/ipv4/tcp_sack=0`))['sysctls']).toEqual({
      'net.ipv4.tcp_rmem': '4096 87380 1000',
      'net.ipv4.tcp_sack': 0,
    });
    expect(node(running('echo 1 > /proc/sys/net/ipv4/ip_forward'))['forwarding']).toBe(true);
  });

  test('are split as a shell splits them (F21)', () => {
    const lines = running(
      `sh -c '
      ip addr add 10.0.0.1/24 dev eth1 && \\
      ip addr add 10.0.1.1/24 dev eth2; echo "a && b" >/dev/null
    '`,
      `bash -c "ip addr add 10.0.2.1/24 dev 'eth3' 2>&1 || true"`,
    );
    expect(node(lines)['interfaces']).toEqual({ eth1: '10.0.0.1/24', eth2: '10.0.1.1/24', eth3: '10.0.2.1/24' });
    expect(leftOut(lines)).toEqual(['node a runs: echo "a && b" >/dev/null']);
  });

  test('are understood where a topology has words for them (F22)', () => {
    const lines = [
      ...['ip link set eth1 address AA:BB:CC:DD:EE:01', 'ip rule add from 10.0.0.0/24 table 100 priority 50'],
      ...['ip route add default via 10.0.0.254 table 100', 'ip addr add 10.0.0.1/24 dev eth1'],
      ...['ip neigh add 10.0.0.77 lladdr 02:00:00:00:00:77 dev eth1', 'ip link add br0 type bridge stp_state 1'],
      ...['ip link set eth2 master br0', 'brctl addif br0 eth3', 'ifconfig br0 10.0.5.1 netmask 255.255.255.0'],
      ...['iptables -t nat -A POSTROUTING -s 10.0.5.0/24 -o eth1 -j MASQUERADE', 'route add default gw 10.0.0.9'],
      ...['ip route add blackhole 10.9.0.0/16', 'ip route del default', 'ip -6 route add fd00::/64 dev eth1 metric 5'],
      'iptables -t nat -A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 10.0.5.9:80',
    ];
    expect(leftOut(running(...lines))).toEqual([]);
    expect(node(running(...lines))).toEqual({
      interfaces: {
        eth1: { address: '10.0.0.1/24', mac: 'aa:bb:cc:dd:ee:01' },
        eth2: { bridge: 'br0' },
        eth3: { bridge: 'br0' },
      },
      bridges: { br0: { address: '10.0.5.1/24', stp: true } },
      routes: [
        { to: 'default', via: '10.0.0.254', table: 100 },
        { to: '10.9.0.0/16', type: 'blackhole' },
        { to: 'fd00::/64', dev: 'eth1', metric: 5 },
      ],
      rules: [{ from: '10.0.0.0/24', table: 100, priority: 50 }],
      neighbours: [{ to: '10.0.0.77', mac: '02:00:00:00:00:77', dev: 'eth1' }],
      nat: [{ masquerade: '10.0.5.0/24', out: 'eth1' }],
      portForwards: ['8080 -> 10.0.5.9:80'],
    });
  });

  test('are understood with all words of rules and routes (F03, F14)', () => {
    const lines = [
      ...['ip addr add 10.0.0.1/24 dev eth1', 'ip addr add fd00::9/64 dev eth1'],
      ...['ip rule add not from 10.0.0.0/24 ipproto tcp dport 80-90 table 100 pref 7', 'ip rule add l3mdev pref 9'],
      ...['ip rule add table main suppress_prefixlength 0', 'ip rule add uidrange 1000-1999 tos 0x10 goto 300'],
      'ip route add 10.9.0.0/16 via 10.0.0.2 mtu lock 1400 advmss 1000 rtt 20ms rto_min 200ms quickack 1 tos 0x10',
      ...['ip route add throw 10.8.0.0/16 table 100', 'ip route add local 10.7.0.0/16 dev lo realms 3/5'],
      ...['ip route add 10.6.0.0/16 via inet6 fe80::1 dev eth1', 'ip route add default via inet6 fd00::1'],
      'ip route add 10.5.0.0/16 nexthop dev eth1 weight 3 nexthop via 10.0.0.2',
      'ip -6 route add default via fd00::1 pref high',
    ];
    expect(leftOut(running(...lines))).toEqual([]);
    expect(node(running(...lines))).toMatchObject({
      rules: [
        { not: true, from: '10.0.0.0/24', ipproto: 'tcp', dport: '80-90', table: 100, priority: 7 },
        { l3mdev: true, priority: 9 },
        { table: 'main', suppressPrefixLength: 0 },
        { tos: 16, uidrange: '1000-1999', goto: 300 },
      ],
      routes: [
        {
          ...{ to: '10.9.0.0/16', via: '10.0.0.2', mtu: 1400, tos: 16, advmss: 1000, rtt: '20ms', rtoMin: '200ms' },
          ...{ quickack: true, lock: 'mtu' },
        },
        { to: '10.8.0.0/16', type: 'throw', table: 100 },
        { to: '10.7.0.0/16', type: 'local', dev: 'lo', realms: '3/5' },
        { to: '10.6.0.0/16', via: 'fe80::1', dev: 'eth1' },
        { to: '0.0.0.0/0', via: 'fd00::1' },
        { to: '10.5.0.0/16', via: [{ dev: 'eth1', weight: 3 }, '10.0.0.2'] },
        { to: 'default', via: 'fd00::1', pref: 'high' },
      ],
    });
  });

  test('addresses with a peer (F09)', () => {
    const peers = ['ip addr add 10.0.0.1 peer 10.0.0.2 dev eth1', 'ip addr add fd00::1 peer fd00::2/64 dev eth2'];
    const lines = [...peers, 'ip addr add 10.9.0.1/24 dev eth2', 'ip addr add 10.8.0.1 peer 10.8.0.2 dev lo'];
    expect(leftOut(running(...lines))).toEqual([]);
    expect(node(running(...lines))['interfaces']).toEqual({
      eth1: { address: { address: '10.0.0.1', peer: '10.0.0.2/32' } },
      eth2: [{ address: 'fd00::1', peer: 'fd00::2/64' }, '10.9.0.1/24'],
      lo: { address: { address: '10.8.0.1', peer: '10.8.0.2/32' } },
    });
  });

  test.each([
    'ip rule add from 10.0.0.0/24 tun_id 7 table 100',
    'ip rule add suppress_ifgroup lan table 100',
    'ip addr add 10.0.0.1/24 peer 10.0.0.2 dev eth1',
    'ip addr add 10.0.0.1/24 dev eth1 valid_lft 100',
    'ip route add 10.9.0.0/16 via 10.0.0.2 hoplimit 7',
    'ip route add 10.9.0.0/16 via 10.0.0.2 rtt 7',
    'ip route add 10.9.0.0/16 encap ip id 3 dst 10.1.0.9 dev eth1',
    'ip link add bond0 type bond arp_interval 100',
    'ip link add team0 type team',
    'ip tunnel add t0 mode vti remote 10.0.0.2',
    'ip link add eth1.10 link eth1 type vlan id 10 gvrp on',
    'iptables -A FORWARD -j DROP',
    'iptables -t nat -A POSTROUTING -m mark --mark 1 -j MASQUERADE',
    'ip addr add $ADDRESS dev eth1',
    'for i in 1 2',
  ])('are left out as they stand where it has not: %s (F22)', (line) => {
    expect(leftOut(running(line))).toEqual([`node a runs: ${line}`]);
    expect(Object.keys(node(running(line)))).toEqual([]);
  });
});

describe('links (F22)', () => {
  const linked = (link: string): JsonMap =>
    imported(`{ topology: { nodes: { a: {}, b: {} }, links: [${link}] } }`).document;
  test('of type host are cables to the machine', () => {
    const link = '{ type: host, endpoint: { node: a, interface: eth9 }, host-interface: h9 }';
    expect(linked(link)).toMatchObject({ links: ['a:eth9 -- host:h9'] });
  });
  test('of type mgmt-net are interfaces on the management network', () => {
    for (const link of [
      '{ type: mgmt-net, endpoint: { node: a, interface: eth9 } }',
      '{ endpoints: ["a:eth9", "mgmt-net:x"] }',
    ])
      expect(at(linked(link), 'namespaces', 'a', 'interfaces', 'eth9')).toEqual({ bridge: 'clab', address: 'none' });
  });
  test('of VLANs and tunnels that a node makes are such interfaces', () => {
    const lines = [
      'ip link add link eth1 name eth1.10 type vlan id 10',
      'ip link add gre1 type gre remote 10.0.0.2 key 7',
    ];
    expect(at(node(running(...lines)), 'interfaces')).toMatchObject({
      'eth1.10': { vlan: { id: 10, parent: 'eth1' } },
      gre1: { gre: { remote: '10.0.0.2', key: 7 } },
    });
  });

  test.each([
    ['ip link add bond0 type bond mode 1 miimon 200', { bond0: { bond: { mode: 'active-backup', miimon: '200ms' } } }],
    ['ip link add blue type vrf table 10', { blue: { vrf: { table: 10 } } }],
    ['ip link add g0 type geneve id 7 remote 10.0.0.2', { g0: { geneve: { id: 7, remote: '10.0.0.2' } } }],
    ['ip link add t0 type ipip remote 10.0.0.2 local any', { t0: { ipip: { remote: '10.0.0.2' } } }],
    [
      'ip link add t0 type ip6tnl mode ip6ip6 remote fd00::2',
      { t0: { ip6tnl: { mode: 'ip6ip6', remote: 'fd00::2' } } },
    ],
    ['ip link add vx0 type vxlan id 4 group 239.1.1.1 dev eth1 dstport 4789', {}],
    ['ip tunnel add t1 mode gre remote 10.0.0.2 ttl 255', { t1: { gre: { remote: '10.0.0.2', ttl: 255 } } }],
    ['ip tunnel add t2 mode sit remote 10.0.0.2 dev eth1', { t2: { sit: { remote: '10.0.0.2', dev: 'eth1' } } }],
    ['ip -6 tunnel add t3 mode ip6ip6 remote fd00::2', { t3: { ip6tnl: { mode: 'ip6ip6', remote: 'fd00::2' } } }],
    ['ip tuntap add dev tap0 mode tap user daemon', { tap0: { tap: { user: 'daemon' } } }],
  ])('by commands are interfaces of that kind: %s', (line, interfaces) => {
    expect(leftOut(running(line))).toEqual([]);
    expect(at(node(running(line)), 'interfaces')).toMatchObject(interfaces);
  });

  test('that commands make ports of a bond or a VRF stand there', () => {
    const lines = ['ip link add bond0 type bond mode 802.3ad', 'ip link set eth1 master bond0'];
    expect(at(node(running(...lines)), 'interfaces', 'bond0')).toEqual({ bond: { mode: '802.3ad', ports: ['eth1'] } });
  });

  test('of type macvlan and dummy are such interfaces', () => {
    const macvlan = '{ type: macvlan, endpoint: { node: a, interface: eth9 }, host-interface: ens3, mode: private }';
    expect(at(linked(macvlan), 'namespaces', 'a', 'interfaces', 'eth9')).toEqual({
      macvlan: { parent: 'host:ens3', mode: 'private' },
    });
    const dummy = '{ endpoints: ["a:eth9", "dummy"] }';
    expect(at(linked(dummy), 'namespaces', 'a', 'interfaces', 'eth9')).toEqual({ dummy: {} });
  });
  test('of type vxlan have their tunnel on the machine', () => {
    const link =
      '{ type: vxlan, endpoint: { node: a, interface: eth9 }, remote: 198.51.100.7, vni: 100, dst-port: 14789 }';
    expect(linked(link)).toMatchObject({
      bridges: { 'br-a-eth9': {} },
      host: {
        interfaces: { 'vx-a-eth9': { bridge: 'br-a-eth9', vxlan: { id: 100, remote: '198.51.100.7', port: 14789 } } },
      },
      namespaces: { a: { interfaces: { eth9: { bridge: 'br-a-eth9' } } } },
    });
  });
  test('of an unknown type are left out with their number', () => {
    expect(leftOut('{ topology: { nodes: { a: {} }, links: [{ type: other }] } }')).toEqual(['link 1: of type other']);
  });
});

test('a node in the network of another is a part of that namespace (F22)', () => {
  const { document, comments } = imported(`
topology:
  nodes:
    a: { exec: [ip addr add 10.0.0.1/24 dev eth1] }
    side: { network-mode: "container:a", exec: [ip addr add 10.0.1.1/24 dev eth2] }
    b: {}
  links: [{ endpoints: ["a:eth1", "b:eth1"] }, { endpoints: ["side:eth2", "b:eth2"] }]
`);
  expect(Object.keys(document['namespaces'] as JsonMap)).toEqual(['a', 'b']);
  expect(at(document, 'namespaces', 'a', 'interfaces')).toEqual({ eth1: '10.0.0.1/24', eth2: '10.0.1.1/24' });
  expect(comments).toEqual([{ at: ['namespaces', 'a'], text: 'Also the network namespace of side.' }]);
});

test('variables have their values, their defaults, or stay as they are written', () => {
  const { interfaces } = node(running('ip addr add ${NET:=10.0.0.1}/${LENGTH:-24} dev eth1')) as { interfaces: Json };
  expect(interfaces).toEqual({ eth1: '10.0.0.1/24' });
  expect(leftOut(running('touch $HOME ${SET}'))).toEqual(['node a runs: touch $HOME value']);
});
