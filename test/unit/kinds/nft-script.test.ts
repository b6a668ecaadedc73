import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { NatRule } from '../../../src/features/nat/rule.ts';
import type { ForwardRule } from '../../../src/features/port-forwards/rule.ts';
import { nftScriptOf } from '../../../src/kinds/nft/script.ts';
import type { NftSpec } from '../../../src/kinds/nft/spec.ts';
import { nftParts } from '../../../src/registry/features.ts';
import { MARK } from './fixture.ts';

const nftScript = nftScriptOf(nftParts);

const port = (first: number, last = first) => ({ first, last });
const forward = (more: Partial<ForwardRule> = {}): ForwardRule => ({
  ...{ family: 4, address: null, ports: port(80), protocols: ['tcp'], lan: '192.168.15.0/24' },
  target: blue,
  ...more,
});
const nat = (more: Partial<NatRule> = {}): NatRule => ({
  ...{ kind: 'masquerade', from: ['192.168.15.0/24'], out: null, exceptTo: [], as: null },
  ...more,
});
const specOf = (more: Partial<NftSpec>): NftSpec => ({
  ...{ netns: 'host', table: 'netform_red-blue.v1', nat: [], forwards: [], altered: [] },
  ...more,
});
const blue = { label: 'blue', address: '192.168.15.2', ports: port(8080) };
const blue6 = { label: 'blue', address: 'fd00::2', ports: port(80) };
const ruleLines = (spec: Partial<NftSpec>) =>
  nftScript(specOf(spec), MARK)
    .split('\n')
    .map((line) => line.trim());

test.each<[string, Partial<NatRule>, readonly string[]]>([
  ['a subnet', {}, ['ip saddr 192.168.15.0/24 ip daddr != 192.168.15.0/24 masquerade']],
  ['host bits are dropped', { from: ['fd00::1/64'] }, ['ip6 saddr fd00::/64 ip6 daddr != fd00::/64 masquerade']],
  ['any source', { from: null, out: 'wan' }, ['oifname "wan" masquerade']],
  ['any source on any link', { from: null }, ['oifname != "lo" masquerade']],
  [
    'exceptions of one family leave the other alone',
    { from: null, out: 'wan', exceptTo: ['10.0.0.0/8'] },
    ['oifname "wan" meta nfproto ipv4 ip daddr != 10.0.0.0/8 masquerade', 'oifname "wan" meta nfproto ipv6 masquerade'],
  ],
  [
    'snat with ports',
    { kind: 'snat', out: 'eth0', as: { address: '203.0.113.5', ports: port(10000, 10999) } },
    [
      'oifname "eth0" ip saddr 192.168.15.0/24 ip daddr != 192.168.15.0/24 meta l4proto { tcp, udp } snat ip to 203.0.113.5:10000-10999',
      'oifname "eth0" ip saddr 192.168.15.0/24 ip daddr != 192.168.15.0/24 snat ip to 203.0.113.5',
    ],
  ],
  ['snat of the other family', { kind: 'snat', as: { address: 'fd00::5', ports: null } }, []],
])('nat: %s', (_title, rule, expected) => {
  const lines = ruleLines({ nat: [nat(rule)] });
  expect(lines.filter((line) => / (masquerade|snat)/.test(line))).toEqual(expected);
});

test.each<[string, Partial<ForwardRule>, readonly string[]]>([
  ['one port', {}, ['tcp . 80 : 192.168.15.2 . 8080']],
  ['protocols', { protocols: ['tcp', 'udp'] }, ['tcp . 80 : 192.168.15.2 . 8080,', 'udp . 80 : 192.168.15.2 . 8080']],
  [
    'a moved range maps one to one',
    { ports: port(80, 81), target: { ...blue6, address: '192.168.15.2', ports: port(90, 91) } },
    ['tcp . 80 : 192.168.15.2 . 90,', 'tcp . 81 : 192.168.15.2 . 91'],
  ],
  ['a written address', { address: '192.0.2.1' }, ['192.0.2.1 . tcp . 80 : 192.168.15.2 . 8080']],
  [
    'a range that keeps its numbers',
    { ports: port(1000, 60000), target: { ...blue6, address: '192.168.15.2', ports: port(1000, 60000) } },
    ['meta nfproto ipv4 fib daddr type local tcp dport 1000-60000 dnat ip to 192.168.15.2'],
  ],
  ['IPv6', { family: 6, target: blue6, lan: null }, ['tcp . 80 : fd00::2 . 80']],
])('forward: %s', (_title, rule, expected) => {
  const lines = ruleLines({ forwards: [forward(rule)] });
  expect(lines.filter((line) => /^[^@]*(\.|dport) [0-9-]+ (:|dnat) /.test(line))).toEqual(expected);
});

test('loopback is guarded exactly when a forward serves it', () => {
  const guards = (rule: Partial<ForwardRule>) =>
    ruleLines({ forwards: [forward(rule)] }).includes('iifname != "lo" ip daddr 127.0.0.0/8 drop');
  expect(guards({})).toBe(true);
  expect(guards({ address: '127.0.0.1' })).toBe(true);
  expect(guards({ address: '192.0.2.1' })).toBe(false);
  expect(guards({ family: 6, target: blue6, lan: 'fd00::/64' })).toBe(false);
});

test.each([
  ['a link', () => nftScript(specOf({ nat: [nat({ out: 'x" accept; flush ruleset #' })] }), MARK)],
  ['an address', () => nftScript(specOf({ forwards: [forward({ address: '10.0.0.01' })] }), MARK)],
  ['a prefix', () => nftScript(specOf({ nat: [nat({ from: ['0.0.0.0/0; }'] })] }), MARK)],
  ['a mark', () => nftScript(specOf({}), 'a"b')],
  ['a table', () => nftScript(specOf({ table: 'filter' }), MARK)],
  ['a port', () => nftScript(specOf({ forwards: [forward({ ports: port(0) })] }), MARK)],
])('%s that is not one never reaches nft', (_title, write) => {
  expect(write).toThrow(/invariant/);
});

const everything = specOf({
  nat: [
    nat(),
    nat({ from: ['10.0.0.0/8', 'fd00::/64'], out: 'wan', exceptTo: ['10.0.0.0/8', 'fd01::/64', '10.1.0.0/16'] }),
    nat({ from: null, exceptTo: ['10.0.0.0/8'] }),
    nat({ kind: 'snat', as: { address: '203.0.113.5', ports: port(10000, 10999) } }),
    nat({ kind: 'snat', from: null, as: { address: 'fd00::5', ports: port(10000, 10999) } }),
  ],
  forwards: [
    forward({ protocols: ['tcp', 'udp', 'sctp'] }),
    forward({
      address: '192.0.2.1',
      ports: port(9000, 9010),
      protocols: ['udp'],
      target: { ...blue, ports: port(1, 11) },
    }),
    forward({ ports: port(5000, 5010), target: { label: 'x', address: '192.168.15.2', ports: port(5000, 5010) } }),
    forward({ family: 6, target: blue6, lan: 'fd00::/64' }),
    forward({ family: 6, address: 'fd09::1', ports: port(81), target: blue6, lan: null }),
    forward({ ports: port(82), target: { label: 'x', address: '192.168.16.2', ports: port(82) }, lan: null }),
  ],
});
const many = specOf({ forwards: Array.from({ length: 10_000 }, (_, i) => forward({ ports: port(i + 1) })) });
const cannot = process.getuid?.() === 0 ? '' : ' (skipped: only root may load rules)';

test.skipIf(cannot !== '').each([
  ['everything', everything],
  ['10,000 forwards', many],
  ['nothing', specOf({})],
])(`the real nft takes %s${cannot}`, (_title, spec) => {
  const input = `${nftScript(spec, MARK)}list table inet ${spec.table}\n`;
  const { status, stdout, stderr } = spawnSync('unshare', ['--net', 'nft', '-f', '-'], { input, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain(`comment "${MARK}"`);
});
