import { expect, test } from 'vitest';
import { withMachine } from '../support/machine.ts';

const vxlan = (id: number): string => `ip link add name vx0 address 02:00:00:00:00:0c type vxlan id ${id} dstport 4789`;

/** A change of each kind that a lab can make, and how it is taken back; of the host (`ip`) or of a namespace (`ip -n red`). */
const CHANGES: readonly (readonly [what: string, make: string, undo: string])[] = [
  ['a namespace', 'ip netns add green', 'ip netns del green'],
  ['a dead file among the namespaces', 'touch /run/netns/dead', 'rm /run/netns/dead'],
  ['a cable', 'ip link add name v9 type veth peer name w9', 'ip link del v9'],
  ['the number of a vxlan', `ip link del vx0; ${vxlan(43)}`, `ip link del vx0; ${vxlan(42)}`],
  ['an MTU', 'ip -n red link set eth0 mtu 1400', 'ip -n red link set eth0 mtu 1500'],
  ['a mark', 'ip link set dev br alias ours', "ip link set dev br alias ''"],
  ['a bridge port', 'ip link set dev v0 master br', 'ip link set v0 nomaster'],
  ['a name', 'ip link set v1 name v2', 'ip link set v2 name v1'],
  ['another other end', 'ip -n red link set x0 name x1', 'ip -n red link set x1 name x0'],
  ['down', 'ip -n red link set lo down', 'ip -n red link set lo up'],
  ['an address', 'ip -n red addr add 10.9.0.1/24 dev lo', 'ip -n red addr del 10.9.0.1/24 dev lo'],
  ['an IPv6 address', 'ip -n red addr add fd09::1/64 dev lo', 'ip -n red addr del fd09::1/64 dev lo'],
  ['a route', 'ip -n red route add 10.8.0.0/16 dev eth0', 'ip -n red route del 10.8.0.0/16'],
  ['a route of a table', 'ip route add 10.8.0.0/16 dev v0 table 77', 'ip route del 10.8.0.0/16 table 77'],
  ['an IPv6 route', 'ip -n red route add fd08::/64 dev eth0', 'ip -n red route del fd08::/64'],
  ['an IPv6 route of a table', 'ip route add fd08::/64 dev v0 table 77', 'ip route del fd08::/64 dev v0 table 77'],
  ['a rule', 'ip -n red rule add from 10.7.0.0/16 lookup 77', 'ip -n red rule del from 10.7.0.0/16'],
  ['an IPv6 rule', 'ip -6 -n red rule add from fd07::/64 lookup 77', 'ip -6 -n red rule del from fd07::/64'],
  [
    'a neighbour',
    'ip neigh add 10.1.0.9 lladdr 02:00:00:00:00:09 dev v0 nud permanent',
    'ip neigh del 10.1.0.9 dev v0',
  ],
  [
    'an IPv6 neighbour',
    'ip neigh add fd01::9 lladdr 02:00:00:00:00:09 dev v0 nud permanent',
    'ip neigh del fd01::9 dev v0',
  ],
  ['a table', 'ip netns exec red nft add table inet t', 'ip netns exec red nft delete table inet t'],
  ['forwarding', 'sysctl -qw net.ipv4.ip_forward=1', 'sysctl -qw net.ipv4.ip_forward=0'],
  ['a setting of all', 'sysctl -qw net.ipv4.conf.all.log_martians=1', 'sysctl -qw net.ipv4.conf.all.log_martians=0'],
  ['a setting of a link', 'sysctl -qw net.ipv4.conf.v0.proxy_arp=1', 'sysctl -qw net.ipv4.conf.v0.proxy_arp=0'],
  ['an IPv6 setting of a link', 'sysctl -qw net.ipv6.conf.v0.accept_ra=2', 'sysctl -qw net.ipv6.conf.v0.accept_ra=1'],
  [
    'a setting of neighbours',
    'sysctl -qw net.ipv4.neigh.v0.ucast_solicit=7',
    'sysctl -qw net.ipv4.neigh.v0.ucast_solicit=3',
  ],
  ['a line of /etc/hosts', 'cp -a /etc/hosts /run/hosts; echo 10.6.0.1 x >>/etc/hosts', 'cat /run/hosts >/etc/hosts'],
  ['the mode of a file', 'chmod 600 /etc/hosts', 'chmod 644 /etc/hosts'],
  ['a name file', 'mkdir -p /etc/netns/red', 'rmdir /etc/netns/red'],
];

/** What all tests of this folder, and the campaign, go by. */
test('a snapshot sees every change that a lab can make, and nothing when it is taken back', async () => {
  await withMachine(async (m) => {
    await m.must(`set -e; mkdir -p /etc/netns; chmod 644 /etc/hosts; ip netns add red; ip -n red link set lo up
      sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0
      ip link add name br address 02:00:00:00:00:0b type bridge; ip link add name v0 type veth peer name eth0 netns red
      ${vxlan(42)}
      ip link add name v1 type veth peer name x0 netns red
      ip link set v0 addrgenmode none up; ip -n red link set eth0 addrgenmode none up`);
    const before = await m.snapshot();
    for (const [what, make, undo] of CHANGES) {
      await m.must(make);
      expect(await m.snapshot(), `${what} is not seen`).not.toBe(before);
      await m.must(undo);
      expect(await m.snapshot(), `${what} is still seen`).toBe(before);
    }
  });
});
