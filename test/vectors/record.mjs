// Writes requests.json, replies.json and link-kinds.json: what ip, ss, tc and nft say to the kernel, and what it answers, as strace sees it.
// Only in a throwaway machine: sh scripts/machine.sh node test/vectors/record.mjs
import { execFileSync, execSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

if (!process.env.NETFORM_TEST_MACHINE) throw new Error('only in scripts/machine.sh');

const MAC = 'address 02:4e:46:00:00:01 mtu 1400 group 20038';
const QUEUES = 'numtxqueues 1 numrxqueues 1';

/** What the machine has before the first command: links get the indexes 2, 3, 4 in this order. */
const SETUP = `
ip netns add red
ip link add name lan index 2 address 02:00:00:00:00:02 type bridge
ip link add name eth0 index 3 address 02:00:00:00:00:03 type veth peer name far index 4 address 02:00:00:00:00:04
ip link set dev lan up
ip link set dev eth0 up
ip link set dev far up
ip address add 10.0.0.1/24 dev eth0
ip address add fd00::1/64 dev eth0 nodad
`;

/** A command, one before it, and one after it. What a command adds with a name of its own goes again. */
const REQUESTS = {
  'a bridge with all options': [
    `ip link add name br0 ${MAC} type bridge stp_state 1 ageing_time 60000 forward_delay 200 priority 4096 mcast_snooping 0`,
  ],
  'a cable to another namespace': [
    `ip link add name e0 ${QUEUES} ${MAC} type veth peer name e1 netns red ${QUEUES} ${MAC}`,
  ],
  'a cable from a port of a bridge': [
    `ip link add name e0 ${QUEUES} ${MAC} master lan type veth peer name e1 ${QUEUES} ${MAC}`,
  ],
  'a vxlan over IPv4': [
    `ip link add name vx0 ${MAC} type vxlan id 42 remote 10.0.0.2 local 10.0.0.1 dev eth0 dstport 4789`,
  ],
  'a vxlan over IPv6': [`ip link add name vx0 ${MAC} type vxlan id 16777215 remote fd00::2 dstport 8472`],
  'a vxlan in a multicast group': [
    `ip link add name vx2 ${MAC} type vxlan id 42 group 239.1.1.42 dev eth0 dstport 4789`,
    '',
    'ip link del vx2',
  ],
  'a vxlan in a multicast group of IPv6': [
    `ip link add name vx2 ${MAC} type vxlan id 42 group ff05::42 dev eth0 dstport 4789`,
    '',
    'ip link del vx2',
  ],
  'a macvlan': [`ip link add name mv0 link eth0 ${MAC} type macvlan mode private`, '', 'ip link del mv0'],
  'a macvtap': [`ip link add name mt0 link eth0 ${MAC} type macvtap mode passthru`, '', 'ip link del mt0'],
  'an ipvlan': [
    'ip link add name iv0 link eth0 mtu 1400 group 20038 type ipvlan mode l3s private',
    '',
    'ip link del iv0 || true',
  ],
  // Refused where the kernel has none: what was asked is what counts.
  'a dummy': [`ip link add name d0 ${MAC} type dummy`, '', 'ip link del d0 || true'],
  'an alias, and up': ['ip link set dev eth0 alias netform:v1:lab:0a1b2c3d up'],
  down: ['ip link set dev eth0 down', '', 'ip link set dev eth0 up; ip address replace fd00::1/64 dev eth0 nodad'],
  'a link moved into a namespace': [
    'ip link set dev k1 netns red name x1',
    'ip link add k1 index 77 type veth peer name k2',
    'ip link del k2',
  ],
  'an MTU and a MAC': ['ip link set dev eth0 mtu 1300 address 02:4e:46:00:00:02'],
  'a group': ['ip link set dev eth0 group 20038', '', 'ip link set dev eth0 group 0'],
  'a master': ['ip link set dev eth0 master lan'],
  'no master': ['ip link set dev eth0 nomaster'],
  'options of a bridge': ['ip link set dev lan type bridge ageing_time 30000 mcast_snooping 0'],
  hairpin: ['ip link set dev far type bridge_slave hairpin on', 'ip link set dev far master lan'],
  'a link deleted': ['ip link delete dev tmp0', 'ip link add name tmp0 type bridge'],
  'a group deleted': ['ip link delete group 20038', 'ip link add name tmp0 group 20038 type bridge'],
  'an IPv4 address': ['ip address add 10.0.0.9/24 dev eth0'],
  'a loopback address': ['ip address add 127.0.0.9/8 dev lo'],
  'an IPv6 address': ['ip address add fd00::9/64 dev eth0 nodad'],
  'a point-to-point address': [
    'ip address add 10.0.9.1 peer 10.0.9.2/32 dev eth0',
    '',
    'ip address del 10.0.9.1 peer 10.0.9.2/32 dev eth0',
  ],
  'an IPv4 address deleted': ['ip address delete 10.0.0.9/24 dev eth0'],
  'an IPv6 address deleted': ['ip address delete fd00::9/64 dev eth0'],
  'a default route': ['ip route add default proto 78 via 10.0.0.2 dev eth0'],
  'a route on a link': ['ip route add 10.7.0.0/16 proto 78 dev eth0'],
  'a route with everything': [
    'ip route add 10.8.0.0/16 proto 78 table 1000 metric 50 src 10.0.0.1 mtu 1280 via 10.0.0.2 dev eth0',
  ],
  'a route onlink': ['ip route add 10.6.0.0/16 proto 78 via 10.250.0.1 dev eth0 onlink'],
  'a route by two hops': [
    'ip route add 10.9.0.0/16 proto 78 metric 50 nexthop via 10.0.0.2 dev eth0 weight 1 nexthop via 10.0.0.3 dev eth0 weight 20',
  ],
  'a route of IPv4 by IPv6': ['ip route add 10.5.0.0/16 proto 78 via inet6 fd00::2 dev eth0'],
  'a route with every word of TCP': [
    'ip route add 10.10.0.0/16 proto 78 mtu lock 1300 window 65535 rtt 20ms advmss 1200 initcwnd 20 rto_min 200ms initrwnd 30 quickack 1 via 10.0.0.2 dev eth0',
  ],
  'a route for a TOS': ['ip route add 10.11.0.0/16 tos 0x10 proto 78 realms 3/5 scope site via 10.0.0.2 dev eth0'],
  'a route by two links': [
    'ip route add 10.12.0.0/16 proto 78 nexthop dev eth0 weight 3 nexthop via inet6 fd00::2 dev eth0 weight 1',
  ],
  'what is local': ['ip route add local 10.13.0.0/16 proto 78 table 100 dev lo'],
  'a throw': ['ip route add throw 10.14.0.0/16 proto 78 table 100'],
  'a preferred router': ['ip -6 route add fd00:16::/64 proto 78 metric 1024 pref high via fd00::2 dev eth0'],
  'an IPv6 route': ['ip -6 route add fd00:9::/64 proto 78 metric 1024 via fd00::2 dev eth0'],
  'a blackhole': ['ip route add blackhole 172.16.42.42/32 proto 78'],
  'an unreachable IPv6 network': ['ip -6 route add unreachable fd00:66::/64 proto 78 metric 1024'],
  'a route replaced': ['ip route replace 10.7.0.0/16 proto 78 via 10.0.0.2 dev eth0'],
  'a route deleted': ['ip route delete 10.7.0.0/16 proto 78 via 10.0.0.2 dev eth0'],
  'a rule for a source': ['ip rule add from 10.1.0.0/16 table 100 priority 1000 protocol 78'],
  'a rule with everything': [
    'ip rule add from 10.2.0.0/16 to 10.3.0.0/16 iif eth0 oif far fwmark 0x10/0xff table 1000 priority 1001 protocol 78',
  ],
  'a rule by ports and users': [
    'ip rule add not ipproto tcp sport 80-90 dport 443 uidrange 1000-1999 table 100 priority 1003 protocol 78',
  ],
  'a rule that prohibits': ['ip -6 rule add to fd00:66::/64 prohibit priority 1002 protocol 78'],
  'a rule deleted': ['ip rule delete from 10.1.0.0/16 table 100 priority 1000 protocol 78'],
  'a neighbour': ['ip neighbour replace 10.0.0.99 lladdr 02:00:00:00:00:99 dev eth0 protocol 78 nud permanent'],
  'an IPv6 neighbour': ['ip neighbour replace fd00::99 lladdr 02:00:00:00:00:99 dev eth0 protocol 78 nud permanent'],
  'a neighbour deleted': ['ip neighbour delete 10.0.0.99 dev eth0'],
  'a proxy neighbour deleted': ['ip neighbour delete proxy 10.0.0.99 dev eth0'],
  'a remote of a vxlan': [
    'bridge fdb append 00:00:00:00:00:00 dev vx1 dst 10.0.0.3',
    'ip link add name vx1 index 5 type vxlan id 9 remote 10.0.0.2 dstport 4789',
  ],
  'a remote of a vxlan by a link': ['bridge fdb append 00:00:00:00:00:00 dev vx1 dst 10.0.0.4 via eth0'],
  'a remote of a vxlan deleted': ['bridge fdb del 00:00:00:00:00:00 dev vx1 dst 10.0.0.3', '', 'ip link del vx1'],
  'a static entry of a bridge': [
    'bridge fdb replace 02:00:00:00:00:99 dev far master static',
    'ip link set dev far master lan',
  ],
  'a static entry of a VLAN': ['bridge fdb replace 02:00:00:00:00:98 dev far vlan 10 master static'],
  'a static entry deleted': ['bridge fdb del 02:00:00:00:00:99 dev far master'],
  'an entry of the bridge itself': [
    'bridge fdb replace 02:00:00:00:00:97 dev lan self permanent',
    '',
    'bridge fdb del 02:00:00:00:00:97 dev lan self',
  ],
  'settings of a port': [
    'ip link set dev far type bridge_slave priority 16 cost 50 guard on learning off flood off isolated on locked on',
    '',
    'ip link set dev far nomaster; ip link set dev far master lan',
  ],
  // Refused where bridges cannot keep VLANs apart: what was asked is what counts.
  'a VLAN of a port': ['bridge vlan add dev far vid 10'],
  'a VLAN without a tag': ['bridge vlan add dev far vid 10 pvid untagged'],
  'a range of VLANs': ['bridge vlan add dev far vid 20-29'],
  'a VLAN of the bridge itself': ['bridge vlan add dev lan vid 10 self'],
  'a range of VLANs deleted': ['bridge vlan delete dev far vid 20-29', '', 'ip link set dev far nomaster'],
  'a queue of netem': ['tc qdisc add dev eth0 root netem'],
  'a queue that impairs': [
    'tc qdisc replace dev eth0 root handle 4e46: netem delay 20ms 2ms loss 1% duplicate 0.1% corrupt 0.1% reorder 1% rate 10mbit',
  ],
  'a queue of a large rate': ['tc qdisc replace dev eth0 root handle 4e46: netem rate 40gbit'],
  'a queue of tbf': ['tc qdisc replace dev eth0 root handle 4e46: tbf rate 20mbit burst 25000b latency 50ms'],
  'a queue of tbf of a large rate': [
    'tc qdisc replace dev eth0 root handle 4e46: tbf rate 40gbit burst 50000000b latency 50ms',
  ],
  'a queue deleted': [
    'tc qdisc delete dev eth0 root handle 4e46:',
    'tc qdisc replace dev eth0 root handle 4e46: tbf rate 20mbit burst 25000b latency 50ms',
  ],
};

const GRE_KINDS = { gre: '10.0.0', gretap: '10.0.0', ip6gre: 'fd00:', ip6gretap: 'fd00:' };
const IP_KINDS = { ipip: '10.0.0', sit: '10.0.0', ip6tnl: 'fd00:' };
const at = (network, host) => (network === 'fd00:' ? `${network}:${host}` : `${network}.${host}`);

/** Links by the kind: what is asked for counts, whether or not the kernel has the kind. Further options are in the name. */
const LINK_KINDS = Object.entries({
  ...Object.fromEntries(
    Object.entries(GRE_KINDS).flatMap(([kind, net]) => [
      [`${kind} to any`, `type ${kind} local ${at(net, 1)}`],
      [`${kind} with all options`, `type ${kind} remote ${at(net, 2)} local ${at(net, 1)} key 7 ttl 33 dev eth0`],
      [`${kind} with two keys`, `type ${kind} remote ${at(net, 2)} ikey 1 okey 2`],
      [`${kind} with sequence numbers`, `type ${kind} remote ${at(net, 2)} seq`],
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(IP_KINDS).flatMap(([kind, net]) => [
      [`${kind} to one`, `type ${kind} remote ${at(net, 2)}`],
      [`${kind} with all options`, `type ${kind} remote ${at(net, 2)} local ${at(net, 1)} ttl 33 dev eth0`],
      [`${kind} with a mark`, `type ${kind} remote ${at(net, 2)} fwmark 5`],
      [`${kind} with packets in UDP`, `type ${kind} remote ${at(net, 2)} encap fou encap-dport 5555`],
    ]),
  ),
  'gre with TOS': 'type gre remote 10.0.0.2 tos 16',
  'gre without path MTU': 'type gre remote 10.0.0.2 nopmtudisc',
  'ip6gre without a limit': 'type ip6gre remote fd00::2 encaplimit none',
  'ip6tnl for IPv4': 'type ip6tnl mode ipip6 remote fd00::2',
  'sit for IPv6': 'type sit mode ip6ip remote 10.0.0.2',
  'ipip for IPv4': 'type ipip mode ipip remote 10.0.0.2',
  'geneve over IPv4': 'type geneve id 42 remote 10.0.0.2',
  'geneve with all options': 'type geneve id 16777215 remote fd00::2 ttl 33 dstport 6082',
  'geneve with a TTL that is inherited': 'type geneve id 42 remote 10.0.0.2 ttl inherit',
  'geneve by metadata': 'type geneve external',
  vlan: 'link eth0 type vlan id 10',
  'vlan of providers': 'link eth0 type vlan protocol 802.1ad id 4094',
  'vlan with GVRP': 'link eth0 type vlan id 10 gvrp on',
  'vlan with priorities': 'link eth0 type vlan id 10 egress-qos-map 1:2',
  vrf: 'type vrf table 4294967295',
  'bond of two': `${QUEUES} type bond mode active-backup miimon 100 primary eth0 xmit_hash_policy layer2 min_links 0`,
  'bond of 802.3ad': `${QUEUES} type bond mode 802.3ad miimon 50 xmit_hash_policy layer3+4 min_links 2 lacp_rate fast`,
  'bond with delays': `${QUEUES} type bond mode balance-rr miimon 100 updelay 200 fail_over_mac active`,
}).map(([name, words]) => [name, `ip link add name k0 mtu 1400 group 20038 ${words}`]);

/** Asked after all of the above, with the type of the request whose answers are meant. */
const REPLIES = {
  links: ['ip -d link show', 18],
  addresses: ['ip address show', 22],
  routes: ['ip route show table all', 26],
  rules: ['ip rule show', 34],
  'rules of IPv6': ['ip -6 rule show', 34],
  neighbours: ['ip neighbour show nud all', 30],
  'listening sockets of TCP': ['ss -tlnH', 20],
};

const sh = (command) => execSync(command, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });

/** The datagrams that a command sends and receives, in order. */
function datagrams(command) {
  const trace = '/run/vector.strace';
  const options = [
    '-qq',
    '-e',
    'trace=sendmsg,sendto,recvmsg,recvfrom',
    '-e',
    'write=all',
    '-e',
    'read=all',
    '-o',
    trace,
  ];
  const { status, stderr } = spawnSync('strace', [...options, ...command.split(' ')], { encoding: 'utf8' });
  const found = [];
  for (const line of readFileSync(trace, 'utf8').split('\n')) {
    const call = /^(send|recv)\w+\(/.exec(line);
    if (call) found.push({ sent: call[1] === 'send', peeked: line.includes('MSG_PEEK'), hex: '' });
    const bytes = /^ \| [0-9a-f]+ {2}((?:[0-9a-f]{2} {1,2})+)/.exec(line);
    if (bytes) found.at(-1).hex += bytes[1].replaceAll(' ', '');
  }
  return { status, stderr, all: found.filter(({ peeked, hex }) => !peeked && hex !== '') };
}

const typeOf = (hex) => Buffer.from(hex, 'hex').readUInt16LE(4);
/** RTM_GET* are the third of each four, and so is no request that changes something. */
const isChange = (hex) => typeOf(hex) % 4 !== 2;

for (const line of SETUP.trim().split('\n')) sh(line);
sh('ncat -lk 127.0.0.1 8080 >/dev/null 2>&1 & sleep 0.3');
const requests = Object.entries(REQUESTS).map(([name, [command, before, after]]) => {
  if (before) sh(before);
  const { all, stderr } = datagrams(command);
  const sent = all.filter((one) => one.sent && isChange(one.hex)).at(-1);
  if (!sent) throw new Error(`${command} changed nothing: ${stderr}`);
  if (/^(?:ip link add|tc)/.test(command))
    spawnSync('sh', ['-c', 'ip link del br0; ip link del e0; ip link del vx0; tc qdisc del dev eth0 root']);
  if (after) sh(after);
  return { name, command, hex: sent.hex };
});
sh(REQUESTS['a bridge with all options'][0]);
sh(REQUESTS['a vxlan over IPv4'][0]);
sh(REQUESTS['a rule for a source'][0]);
const replies = Object.entries(REPLIES).map(([name, [command, type]]) => {
  const { all } = datagrams(command);
  const at = all.findIndex((one) => one.sent && typeOf(one.hex) === type);
  const after = all.slice(at + 1);
  const end = after.findIndex((one) => one.sent);
  return { name, command, hex: after.slice(0, end < 0 ? after.length : end).map(({ hex }) => hex) };
});
const kinds = LINK_KINDS.map(([name, command]) => {
  const { all, stderr } = datagrams(command);
  const sent = all.filter((one) => one.sent && isChange(one.hex)).at(-1);
  if (!sent) throw new Error(`${command} changed nothing: ${stderr}`);
  spawnSync('sh', ['-c', 'ip link del k0']);
  return { name, command, hex: sent.hex };
});
const write = (name, value) => writeFileSync(join(import.meta.dirname, name), `${JSON.stringify(value, null, 2)}\n`);
write('requests.json', requests);
write('replies.json', replies);
write('link-kinds.json', kinds);
process.stdout.write(execFileSync('ip', ['-V'], { encoding: 'utf8' }));
