import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Instruction, RouteValue, RuleValue } from '../../../src/model/instruction.ts';
import { shellWord } from '../../../src/model/values/shell-word.ts';
import { shellLines, shellScript } from '../../../src/registry/instructions.ts';

const route: RouteValue = {
  to: '0.0.0.0/0',
  type: 'unicast',
  hops: [{ via: '10.0.0.1', dev: 'eth0', weight: 1, onlink: false }],
  src: null,
  metric: 0,
  table: 254,
  mtu: null,
};

const rule: RuleValue = {
  family: 6,
  from: 'fd00::/64',
  to: null,
  iif: null,
  oif: null,
  mark: { value: 1, mask: 255 },
  table: 100,
  priority: 1000,
  action: 'lookup',
};

const flow = { family: 4, protocol: 'udp', from: null, to: '10.0.0.1' } as const;
const port = { first: 80, last: 80 };
const target = { address: '10.9.0.2', ports: { first: 8080, last: 8082 } };
const end = { mac: '02:4e:46:00:00:01', mtu: 1400, group: 20038 };
const veth = { do: 'link.add', kind: 'veth', master: null, lower: null, options: {}, ...end } as const;

const cases: readonly (readonly [string, Instruction, string])[] = [
  [
    'a cable between two namespaces is one message',
    { ...veth, netns: 'red', name: 'eth0', peer: { ...end, netns: 'blue', name: 'eth1' } },
    'ip -n red link add name eth0 numtxqueues 1 numrxqueues 1 address 02:4e:46:00:00:01 mtu 1400 group 20038 type veth peer name eth1 netns blue numtxqueues 1 numrxqueues 1 address 02:4e:46:00:00:01 mtu 1400 group 20038',
  ],
  [
    'an end on the host is named by a process, because the host has no entry under /run/netns',
    { ...veth, netns: 'red', name: 'eth0', mtu: null, peer: { ...end, mtu: null, netns: 'host', name: 'p' } },
    'ip -n red link add name eth0 numtxqueues 1 numrxqueues 1 address 02:4e:46:00:00:01 group 20038 type veth peer name p netns $$ numtxqueues 1 numrxqueues 1 address 02:4e:46:00:00:01 group 20038',
  ],
  [
    'the times of a bridge are in hundredths of a second',
    {
      ...veth,
      netns: 'host',
      name: 'br0',
      kind: 'bridge',
      peer: null,
      options: { stp: true, ageing: 300, forwardDelay: 15, priority: 32768, multicastSnooping: false },
    },
    'ip link add name br0 address 02:4e:46:00:00:01 mtu 1400 group 20038 type bridge stp_state 1 ageing_time 30000 forward_delay 1500 priority 32768 mcast_snooping 0',
  ],
  [
    'a vxlan names its device and its port',
    {
      ...{ ...veth, netns: 'red', name: 'vx0', kind: 'vxlan', peer: null, mtu: 1450 },
      options: { id: 42, remote: '10.0.0.2', local: '10.0.0.1', dev: 'eth0', port: 4789 },
    },
    'ip -n red link add name vx0 address 02:4e:46:00:00:01 mtu 1450 group 20038 type vxlan id 42 remote 10.0.0.2 local 10.0.0.1 dev eth0 dstport 4789',
  ],
  [
    'one more remote of a tunnel is an entry of its forwarding table',
    { do: 'fdb.append', netns: 'red', dev: 'vx0', mac: '00:00:00:00:00:00', to: 'fd00::3', via: 'eth0' },
    'bridge -n red fdb append 00:00:00:00:00:00 dev vx0 dst fd00::3 via eth0',
  ],
  [
    'an alias with a space is quoted',
    { do: 'link.set', netns: 'red', name: 'e', set: { alias: 'netform:v1:a:1 long name', up: true, master: null } },
    "ip -n red link set dev e alias 'netform:v1:a:1 long name' nomaster up",
  ],
  [
    'hairpin is a setting of the port',
    { do: 'link.set', netns: 'host', name: 'p', set: { hairpin: true } },
    'ip link set dev p type bridge_slave hairpin on',
  ],
  [
    "an address of the machine's own link goes alone",
    { do: 'address.delete', netns: 'host', dev: 'eth1', prefix: '10.0.0.1/24', existing: true },
    [
      'promotes=$(sysctl -n net/ipv4/conf/eth1/promote_secondaries)',
      'sysctl -qw net/ipv4/conf/eth1/promote_secondaries=1',
      'ip address delete 10.0.0.1/24 dev eth1',
      'sysctl -qw net/ipv4/conf/eth1/promote_secondaries="$promotes"',
    ].join('\n'),
  ],
  [
    'connections that went through a forward are found by its target',
    { do: 'flows.forget', netns: 'red', flows: [{ ...flow, ports: port, translated: { to: target } }] },
    'ip netns exec red conntrack -D -f ipv4 -p udp -d 10.0.0.1 --orig-port-dst 80 --reply-port-src 8080 --dst-nat 10.9.0.2 2>/dev/null || :',
  ],
  [
    'ports of a range are one by one',
    {
      ...{ do: 'flows.forget', netns: 'host' },
      flows: [{ ...flow, to: null, ports: { first: 80, last: 82 }, translated: { to: target } }],
    },
    'for at in $(seq 0 2); do conntrack -D -f ipv4 -p udp --orig-port-dst $((80 + at)) --reply-port-src $((8080 + at)) --dst-nat 10.9.0.2 2>/dev/null || :; done',
  ],
  [
    'what is not translated yet is to an address of the machine',
    { do: 'flows.forget', netns: 'host', flows: [{ ...flow, to: 'here', ports: port, translated: null }] },
    `for address in $(ip -4 -o address | awk '{ sub("/.*", "", $4); print $4 }'); do conntrack -D -f ipv4 -p udp -d $address --orig-port-dst 80 -r $address 2>/dev/null || :; done`,
  ],
  [
    'what a source NAT translated is known by its network',
    {
      ...{ do: 'flows.forget', netns: 'host' },
      flows: [{ ...flow, protocol: null, from: '10.1.0.0/24', to: null, ports: null, translated: { as: null } }],
    },
    'conntrack -D -f ipv4 -s 10.1.0.0/24 --src-nat 2>/dev/null || :',
  ],
  [
    'an IPv6 address is usable at once',
    { do: 'address.add', netns: 'red', dev: 'eth0', prefix: 'fd00::1/64', protocol: null },
    'ip -n red address add fd00::1/64 dev eth0 nodad',
  ],
  [
    'a default route carries our protocol',
    { do: 'route.add', netns: 'red', route },
    'ip -n red route add default proto 78 via 10.0.0.1 dev eth0',
  ],
  [
    'an IPv6 default route says its family, because the word default does not',
    { do: 'route.delete', netns: 'host', route: { ...route, to: '::/0', type: 'unreachable', hops: [], metric: 1024 } },
    'ip -6 route delete unreachable default proto 78 metric 1024',
  ],
  [
    'several next hops, one of the other family',
    {
      do: 'route.replace',
      netns: 'red',
      route: {
        ...route,
        to: '10.9.0.0/16',
        table: 100,
        src: '10.0.0.9',
        mtu: 1300,
        hops: [
          { via: 'fe80::1', dev: 'eth0', weight: 1, onlink: false },
          { via: '10.0.0.2', dev: 'eth1', weight: 2, onlink: true },
        ],
      },
    },
    'ip -n red route replace 10.9.0.0/16 proto 78 table 100 src 10.0.0.9 mtu 1300 nexthop via inet6 fe80::1 dev eth0 weight 1 nexthop via 10.0.0.2 dev eth1 onlink weight 2',
  ],
  [
    'a rule with a mark',
    { do: 'rule.add', netns: 'red', rule },
    'ip -n red -6 rule add from fd00::/64 fwmark 0x1/0xff table 100 priority 1000 protocol 78',
  ],
  [
    'a neighbour is permanent',
    { do: 'neighbour.set', netns: 'red', dev: 'wan', to: '10.1.0.9', mac: '02:00:00:00:00:09' },
    'ip -n red neighbour replace 10.1.0.9 lladdr 02:00:00:00:00:09 dev wan protocol 78 nud permanent',
  ],
  [
    'a sysctl keeps the dot of a device name',
    { do: 'sysctl.set', netns: 'red', key: 'net/ipv4/conf/eth0.5/forwarding', value: '1' },
    'ip netns exec red sysctl -qw net.ipv4.conf.eth0/5.forwarding=1',
  ],
];

for (const [sentence, instruction, expected] of cases) {
  test(sentence, () => expect(shellLines(instruction).join('\n')).toBe(expected));
}

test('each namespace is a group, in the order of the rounds', () => {
  const up = (netns: string): Instruction => ({ do: 'link.set', netns, name: 'a', set: { up: true } });
  expect(shellScript([[up('red'), up('host'), up('red')], [up('red')]])).toBe(
    `# red
ip -n red link set dev a up
ip -n red link set dev a up

# host
ip link set dev a up

# red
ip -n red link set dev a up
`,
  );
});

test('a word comes back from the shell as it went in', () => {
  for (const text of ['', 'plain', "it's", '$(touch x)', '`id`', 'a b', '*', '~', '-n', 'ä;', '"', '\\', 'a\nb']) {
    expect(execFileSync('sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' })).toBe(text);
  }
});

test('files and blocks come out byte for byte, and go', () => {
  const folder = mkdtempSync(join(tmpdir(), 'netform-'));
  const run = (...instructions: Instruction[]) =>
    execFileSync('sh', ['-e', '-c', shellScript([instructions])], { stdio: 'pipe' });
  const at = (name: string) => readFileSync(join(folder, name), 'utf8');
  const mark = 'netform:v1:a.b:12345678';
  try {
    const content = "a $HOME `id` \\n\nEOF\n'end'\n";
    run(
      { do: 'file.write', path: join(folder, 'x', 'f'), content, exclusive: true },
      { do: 'file.write', path: join(folder, 'g'), content: 'no end', exclusive: false },
      { do: 'file.block', path: join(folder, 'g'), mark, lines: ['one'] },
      { do: 'file.block', path: join(folder, 'g'), mark, lines: ['two'] },
      { do: 'file.block', path: join(folder, 'y', 'h'), mark, lines: ['one'] },
    );
    expect(at('x/f')).toBe(content);
    expect(at('g')).toMatch(
      /^no end\n# BEGIN netform:v1:a\.b:12345678 sha256:\w{16}\ntwo\n# END netform:v1:a\.b:12345678\n$/,
    );
    expect(() => run({ do: 'file.write', path: join(folder, 'g'), content: 'other\n', exclusive: true })).toThrow();
    expect(at('g')).toMatch(/^no end/);
    run(
      { do: 'file.unblock', path: join(folder, 'g'), mark, andFolder: false },
      { do: 'file.unblock', path: join(folder, 'y', 'h'), mark, andFolder: true },
      { do: 'file.delete', path: join(folder, 'x', 'f'), andFolder: true },
    );
    expect(at('g')).toBe('no end\n');
    expect(execFileSync('ls', [folder], { encoding: 'utf8' })).toBe('g\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
