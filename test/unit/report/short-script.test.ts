import { expect, test } from 'vitest';
import { type Instruction, NETFORM_GROUP, type RouteValue } from '../../../src/model/instruction.ts';
import { shortShellScript } from '../../../src/registry/short-script.ts';

const mark = 'netform:v1:a:12345678';
const end = { mac: '02:4e:46:00:00:01', mtu: 1500, group: NETFORM_GROUP };
const link = { do: 'link.add', ...end, netns: 'host', master: null, lower: null, peer: null, options: {} } as const;
const route: RouteValue = {
  ...{ to: '::/0', type: 'unicast', src: null, metric: 1024, table: 254, mtu: null },
  hops: [{ via: 'fd00::1', dev: 'eth0', weight: 1, onlink: false }],
};
const script = `table inet netform_a {
\tset marker {
\t\ttype ipv4_addr
\t\tcomment "${mark}"
\t}
\tchain postrouting {
\t\tmasquerade
\t}
}
`;

const rounds: readonly (readonly Instruction[])[] = [
  [
    { do: 'sysctl.set', netns: 'host', key: 'net/ipv4/ip_forward', value: '1' },
    { do: 'nft.replace', netns: 'host', table: 'netform_a', script },
    {
      ...{ do: 'netns.add', netns: 'red', mark },
      sysctls: { 'net/ipv6/conf/all/accept_ra': '0', 'net/ipv6/conf/all/forwarding': '0', 'net/ipv4/ip_forward': '1' },
    },
    {
      ...{ ...link, name: 'lan', kind: 'bridge' },
      options: { stp: true, ageing: 300, forwardDelay: 15, priority: 32768, multicastSnooping: true },
    },
  ],
  [
    { ...link, name: 'red-eth0', kind: 'veth', master: 'lan', peer: { ...end, mtu: 1400, netns: 'red', name: 'eth0' } },
    { do: 'file.block', path: '/etc/netns/red/hosts', mark, lines: ['10.0.0.1 red'] },
  ],
  [
    { do: 'sysctl.restore', netns: 'host', key: 'net/ipv6/conf/lan/accept_ra', value: '0' },
    { do: 'link.set', netns: 'red', name: 'eth0', set: { alias: mark, up: true } },
    { do: 'link.set', netns: 'host', name: 'lan', set: { alias: mark } },
    { do: 'route.add', netns: 'red', route },
    { do: 'flows.forget', netns: 'host', flows: [] },
  ],
];

test('M17: the short commands of a new lab are what a person would type', () => {
  expect(shortShellScript({ rounds, isNew: true })).toBe(`# red
ip netns add red
ip netns exec red sysctl -qw net.ipv4.ip_forward=1
ip -n red link set dev lo up

# host
ip link add name lan type bridge stp_state 1
ip link add name red-eth0 master lan type veth peer name eth0 netns red mtu 1400
nft -f - <<'EOF'
table inet lab-a {
\tchain postrouting {
\t\tmasquerade
\t}
}
EOF

# red
ip -n red link set dev eth0 up
ip -n red -6 route add default via fd00::1 dev eth0

# files
mkdir -p /etc/netns/red
cat >> /etc/netns/red/hosts <<'EOF'
10.0.0.1 red
EOF

# host
sysctl -qw net.ipv4.ip_forward=1
`);
});

test('M17: the commands of a change find what netform made before', () => {
  const text = shortShellScript({ rounds, isNew: false });
  expect(text).toContain('delete table inet netform_a');
  expect(text).toContain('# BEGIN netform:v1:a:12345678');
  expect(text).not.toMatch(/group|numtxqueues|proto 78/);
});

test('M17: a MAC that something else names is typed', () => {
  const to: Instruction = { do: 'neighbour.set', netns: 'red', dev: 'e', to: '10.0.0.9', mac: '02:4e:46:00:00:01' };
  const cable: Instruction = { ...link, name: 'e', kind: 'veth', netns: 'red' };
  expect(shortShellScript({ rounds: [[cable, to]], isNew: true })).toBe(
    '# red\nip -n red link add name e address 02:4e:46:00:00:01 type veth\nip -n red neighbour replace 10.0.0.9 lladdr 02:4e:46:00:00:01 dev e nud permanent\n',
  );
});
