import { expect, test } from 'vitest';
import { parseRulesetNat } from '../../../src/firewall/nft-parse/nat.ts';

const ruleset = (postrouting: string, prerouting: string, more = ''): string => `table ip nat {
	chain POSTROUTING {
		type nat hook postrouting priority srcnat; policy accept;
		${postrouting}
	}

	chain PREROUTING {
		type nat hook prerouting priority dstnat; policy accept;
		${prerouting}
	}
${more}}
`;

const NAT = { from: null, out: null, notOut: [], exceptTo: [], as: null };

test.each([
  ['masquerade', NAT],
  ['ip saddr 10.0.0.0/24 counter masquerade', { ...NAT, from: '10.0.0.0/24' }],
  ['ip saddr 10.0.0.0/24 oifname "eth0" masquerade fully-random', { ...NAT, from: '10.0.0.0/24', out: 'eth0' }],
  ['ip saddr 10.0.0.0/24 ip daddr != 10.0.0.0/8 masquerade', { ...NAT, from: '10.0.0.0/24', exceptTo: ['10.0.0.0/8'] }],
  [
    'oifname != "br0" ip saddr 10.0.0.0/24 counter packets 3 bytes 9 masquerade',
    { ...NAT, from: '10.0.0.0/24', notOut: ['br0'] },
  ],
  ['oifname "wan" snat to 203.0.113.5:1000-2000', { ...NAT, out: 'wan', as: '203.0.113.5:1000-2000' }],
])('%s is NAT', (rule, nat) => {
  expect(parseRulesetNat(ruleset(rule, ''))).toEqual({ nat: [nat], forwards: [], unknown: [], filters: [] });
});

const ports = (first: number, last = first) => ({ first, last });
const FORWARD = {
  address: null,
  protocols: ['tcp'],
  target: '10.0.0.2',
  targetPorts: null,
  local: false,
  onlyFrom: null,
};

test.each([
  ['tcp dport 80 counter dnat to 10.0.0.2:8080', { ...FORWARD, ports: ports(80), targetPorts: ports(8080) }],
  [
    'ip daddr 192.0.2.1 udp dport 53 dnat to 10.0.0.2',
    { ...FORWARD, address: '192.0.2.1', protocols: ['udp'], ports: ports(53) },
  ],
  [
    'iifname "eth0" tcp dport 8000-8010 dnat ip to 10.0.0.2',
    { ...FORWARD, ports: ports(8000, 8010), onlyFrom: 'eth0' },
  ],
  [
    'fib daddr type local tcp dport 80 dnat to 10.0.0.2:80',
    { ...FORWARD, local: true, ports: ports(80), targetPorts: ports(80) },
  ],
])('%s is a forward', (rule, forward) => {
  expect(parseRulesetNat(ruleset('', rule))).toEqual({ nat: [], forwards: [forward], unknown: [], filters: [] });
});

test('one forward is made of what differs in the protocol only', () => {
  const { forwards } = parseRulesetNat(ruleset('', 'tcp dport 53 dnat to 10.0.0.2\n\t\tudp dport 53 dnat to 10.0.0.2'));
  expect(forwards.map(({ protocols }) => protocols)).toEqual([['tcp', 'udp']]);
});

test('a chain that is jumped to counts with the conditions of the jump', () => {
  const docker =
    '\n\tchain DOCKER {\n\t\tiifname "docker0" return\n\t\tiifname != "docker0" tcp dport 8080 dnat to 10.0.0.2:80\n\t}\n';
  const { forwards, unknown } = parseRulesetNat(ruleset('', 'fib daddr type local counter jump DOCKER', docker));
  expect(forwards).toEqual([{ ...FORWARD, local: true, ports: ports(8080), targetPorts: ports(80) }]);
  expect(unknown).toEqual([]);
});

test.each([
  ['ip saddr 10.0.0.0/24 meta mark 0x1 masquerade', 'chain POSTROUTING: ip saddr 10.0.0.0/24 meta mark 0x1 masquerade'],
  ['ip saddr != 10.0.0.0/24 masquerade', 'chain POSTROUTING: ip saddr != 10.0.0.0/24 masquerade'],
  ['counter redirect to :8080', 'chain POSTROUTING: redirect to :8080'],
])('%s is told', (rule, line) => {
  expect(parseRulesetNat(ruleset(rule, '')).unknown).toEqual([`table ip nat, ${line}`]);
});

const filter = (policy: string, rule: string): string =>
  `table ip filter {\n\tchain FORWARD {\n\t\ttype filter hook forward priority filter; policy ${policy};\n\t\t${rule}\n\t}\n}\n`;

test('a filter that lets everything pass is not told, any other is', () => {
  expect(parseRulesetNat(filter('accept', 'iifname "br0" counter accept')).filters).toEqual([]);
  expect(parseRulesetNat(filter('accept', 'iifname "br0" counter drop')).filters).toEqual([
    'table ip filter, chain FORWARD: iifname "br0" drop',
  ]);
  expect(parseRulesetNat(filter('drop', 'iifname "br0" accept')).filters).toEqual([
    'table ip filter, chain FORWARD: iifname "br0" accept',
    'table ip filter, chain FORWARD: policy drop',
  ]);
});
