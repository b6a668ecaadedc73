import { describe, expect, test } from 'vitest';
import { runNetform } from '../labs/run-netform.ts';
import { type Machine, withMachine } from '../support/machine.ts';

/** A namespace that another made, with one of everything that the language has no word for. */
const HAND = `set -e
ip netns add red; ip netns exec red sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0
ip -n red link set lo up
ip -n red link add eth0 type veth peer name far
ip -n red link set eth0 addrgenmode none up; ip -n red link set far addrgenmode none up
ip -n red address add 10.1.0.2/24 brd + dev eth0 label eth0:lan
ip -n red address add 10.1.0.3 peer 10.1.0.2 dev eth0
ip -n red address add 10.1.0.4/24 dev eth0 valid_lft 4000 preferred_lft 3000
ip -n red address add 10.1.0.5/24 dev eth0 metric 77
ip -n red address add fd01::5/64 dev eth0 noprefixroute
ip -n red address add fd02::1/64 dev eth0
ip -n red rule add not from all fwmark 0xca6c lookup 51820 priority 1000
ip -n red rule add from all lookup main suppress_prefixlength 0 priority 1010
ip -n red rule add from 10.1.0.0/24 ipproto tcp dport 80 lookup 7 priority 1020
ip -n red rule add from 10.1.0.0/24 sport 90 lookup 7 priority 1020
ip -n red rule add from 10.1.0.0/24 tos 0x10 lookup 7 priority 1030
ip -n red rule add from 10.1.0.0/24 uidrange 100-200 lookup 7 priority 1040
ip -n red rule add from 10.1.0.0/24 tun_id 7 lookup 7 priority 1050
ip -n red rule add from 10.1.0.0/24 realms 3/5 lookup 7 priority 1060
ip -n red rule add from 10.1.0.0/24 suppress_ifgroup 3 lookup 7 priority 1070
ip -n red rule add priority 1080 l3mdev
ip -n red rule add priority 1090 goto 32766
ip -n red route add 10.5.0.0/16 via 10.1.0.9 quickack 1 window 1000 rto_min 20ms
ip -n red route add 10.5.0.0/16 via 10.1.0.9 tos 0x10
ip -n red nexthop add id 5 via 10.1.0.8 dev eth0
ip -n red route add 10.6.0.0/16 nhid 5
ip -n red route add 10.7.0.0/16 encap ip id 3 dst 10.1.0.9 dev eth0
ip -n red -6 route add fd05::/64 via fd02::9 dev eth0 expires 4000
ip -n red -6 route add fd06::/64 from fd07::/64 dev eth0
ip -n red neighbour add 10.1.0.7 lladdr 02:00:00:00:00:07 dev eth0 nud permanent extern_learn
ip -n red neighbour add 10.1.0.6 lladdr 02:00:00:00:00:06 dev eth0 nud reachable extern_learn`;

/** Everything of the namespace, in all detail; the time that is left of a lifetime, and the age of a neighbour, are left out. */
const seen = async (m: Machine): Promise<string> =>
  (
    await m.must(`ip -n red -d address; ip -n red -d rule; ip -n red -d -6 rule; ip -n red -d route show table all
      ip -n red -d -6 route show table all; ip -n red -d neighbour; ip -n red -d neighbour show proxy`)
  )
    .replace(/\d+sec/g, 'sec')
    .replace(/REACHABLE|STALE/g, 'learned');

/** What a file says of the same objects, as far as the language goes. */
const topology = (more: string, eth0 = '10.1.0.2/24'): string => `version: 1
name: lab
namespaces:
  red:
    interfaces: { eth0: { address: ${eth0} }, far: { address: none } }
    ${more}
links: [red:eth0 -- red:far]
dns: { names: false }
`;

const RULES = `rules:
    - { mark: 51820, table: 51820, priority: 1000 }
    - { table: main, priority: 1010 }
    - { from: 10.1.0.0/24, table: 7, priority: 1020 }
    - { from: 10.1.0.0/24, table: 7, priority: 1030 }
    - { from: 10.1.0.0/24, table: 7, priority: 1040 }
    - { from: 10.1.0.0/24, table: 7, priority: 1050 }
    - { from: 10.1.0.0/24, table: 7, priority: 1060 }
    - { from: 10.1.0.0/24, table: 7, priority: 1070 }
    - { table: main, priority: 1080 }
    - { table: main, priority: 1090 }`;

describe.concurrent('what netform has no word for', () => {
  test('stays beside the rules and addresses of an adopted namespace, and all comes back (F01, F02)', async () => {
    await withMachine(async (m) => {
      await m.must(HAND);
      const before = await seen(m);
      await runNetform(m, ['apply', '-', '--adopt'], { input: topology(RULES, '[10.1.0.2/24, 10.1.0.3/32]') });
      const during = await seen(m);
      for (const line of before.split('\n').filter((one) => /^\d+:\t|^\s+inet|^unicast/.test(one)))
        expect(during.split('\n')).toContain(line);
      const { stdout } = await runNetform(m, ['plan', '-'], { input: topology(RULES, '[10.1.0.2/24, 10.1.0.3/32]') });
      expect(stdout).toContain('Nothing to do');
      await runNetform(m, ['destroy', 'lab', '--yes']);
      expect(await seen(m)).toBe(before);
    });
  });

  test('is in the way of the same object without it, and is never adopted (F02)', async () => {
    await withMachine(async (m) => {
      await m.must(HAND);
      const before = await seen(m);
      for (const [eth0, more, message] of CONFLICTS) {
        const input = topology(more, eth0);
        const { stderr } = await runNetform(m, ['apply', '-', '--adopt'], { input, code: 7 });
        expect(stderr).toContain(message);
      }
      expect(await seen(m)).toBe(before);
    });
  });

  test('is not what the words of rules, routes and addresses are: these are imported, adopted and restored (F01, F03, F08, F09, F14)', async () => {
    await withMachine(async (m) => {
      await m.must(`set -e; ip netns add red; ip -n red link set lo up
        ip -n red link add eth0 type veth peer name far
        ip -n red link set eth0 addrgenmode none up; ip -n red link set far addrgenmode none up
        ip -n red address add 10.1.0.2/24 dev eth0
        ${WORDS.map((words) => `ip -n red ${words}`).join('\n')}`);
      const before = await seen(m);
      const { stdout: input, stderr } = await runNetform(m, ['import', 'live', '--name', 'lab']);
      expect(`${input}${stderr}`).not.toContain('not understood');
      await runNetform(m, ['apply', '-', '--adopt'], { input });
      expect(input).not.toContain('onlink');
      const objectsOf = (text: string): readonly string[] =>
        text.split('\n').flatMap((line) => (/^\d+: |^ {4}(?!inet)/.test(line) ? [] : [line.replace(/ proto \S+/, '')]));
      expect(objectsOf(await seen(m)).toSorted()).toEqual(objectsOf(before).toSorted());
      expect((await runNetform(m, ['plan', '-'], { input })).stdout).toContain('Nothing to do');
      await runNetform(m, ['destroy', 'lab', '--yes']);
      expect(await seen(m)).toBe(before);
    });
  });

  test('keeps its place: a rule is not adopted that would come behind another of its priority', async () => {
    await withMachine(async (m) => {
      await m.must(`set -e\nip netns add red; ip -n red link set lo up
        ip -n red link add eth0 type veth peer name far
        for link in eth0 far; do ip -n red link set $link addrgenmode none up; done
        ip -n red rule add from 10.1.0.0/24 lookup 7 priority 1000; ip -n red rule add from 10.2.0.0/24 lookup 8 priority 1000`);
      const before = await seen(m);
      const [first, second] = [1, 2].map((net) => `{ from: 10.${net}.0.0/24, table: ${net + 6}, priority: 1000 }`);
      const apply = (rules: string, code = 0) =>
        runNetform(m, ['apply', '-', '--adopt'], { input: topology(`rules: [${rules}]`, 'none'), code });
      const { stderr } = await apply(first ?? '', 7);
      expect(stderr).toContain('adopted, it would come behind another one of its priority: from 10.2.0.0/24 lookup 8');
      expect(await seen(m)).toBe(before);
      for (const rules of [second ?? '', `${first}, ${second}`]) {
        await apply(rules);
        expect((await m.must('ip -n red rule')).match(/lookup [78]/g)).toEqual(['lookup 7', 'lookup 8']);
        await runNetform(m, ['destroy', 'lab', '--yes']);
        expect(await seen(m)).toBe(before);
      }
    });
  });

  test('is shown where it is not of the file, and only that is pruned (F04)', async () => {
    await withMachine(async (m) => {
      const input = `version: 1
name: lab
bridges: { lan: { subnet: 10.1.0.0/24, address: 10.1.0.1 } }
namespaces:
  red:
    interfaces: { eth0: { bridge: lan, address: 10.1.0.2 } }
    rules: [{ from: 10.1.0.0/24, table: 7, priority: 1000 }]
    routes: [{ to: 10.5.0.0/16, via: 10.1.0.9 }]
dns: { names: false }
`;
      await runNetform(m, ['apply', '-'], { input });
      const before = await seen(m);
      const extras = EXTRAS.map(([command]) => `ip -n red ${command}`).join('\n');
      await m.must(`set -e\n${extras}`);
      const during = await seen(m);
      const { stdout } = await runNetform(m, ['plan', '-'], { input });
      for (const [, line] of EXTRAS) expect(stdout).toContain(line);
      await runNetform(m, ['apply', '-'], { input });
      expect(await seen(m)).toBe(during);
      await runNetform(m, ['apply', '-', '--prune'], { input });
      expect(await seen(m)).toBe(before);
      await m.must(`set -e; ip -n red rule del from 10.1.0.0/24 lookup 7 priority 1000 protocol 78
        ip -n red rule add not from 10.1.0.0/24 lookup 7 priority 1000 protocol 78`);
      const drift = await runNetform(m, ['plan', '-'], { input });
      expect(drift.stdout).toMatch(/\+ rule +1000 +from 10.1.0.0\/24 lookup 7, was removed by hand/);
      expect(drift.stdout).toMatch(/\? rule +1000 +not from 10.1.0.0\/24 lookup 7/);
    });
  });
});

/** What the language can say: the rules of wg-quick, one with every word, addresses with peers, and routes with every word. */
const WORDS = [
  'rule add not from all fwmark 0xca6c lookup 51820 priority 32764',
  'rule add from all lookup main suppress_prefixlength 0 priority 32763',
  '-6 rule add not from all fwmark 0xca6c lookup 51820 priority 32764',
  'rule add from 10.1.0.0/24 ipproto tcp dport 80 lookup 7 priority 1000',
  'rule add from 10.1.0.0/24 ipproto udp sport 90-99 lookup 7 priority 1010',
  'rule add from 10.1.0.0/24 tos 0x10 lookup 7 priority 1020',
  'rule add to 10.9.0.0/16 uidrange 100-200 lookup 7 priority 1030',
  'rule add from all realms 3/5 lookup 7 priority 1040',
  'rule add from all suppress_ifgroup 3 lookup 7 priority 1050',
  'rule add priority 1060 l3mdev',
  'rule add priority 1070 goto 32766',
  'address add 10.1.9.1 peer 10.1.9.2 dev eth0',
  'address add 10.1.8.1 peer 10.2.0.2/24 dev eth0',
  'address add fd09::1 peer fd09::2 dev eth0 nodad',
  'address add fd01::1/64 dev eth0 nodad',
  'route add 10.5.0.0/16 via 10.1.0.9 advmss 1200 initcwnd 20 initrwnd 30 window 65535 rtt 20ms rto_min 200ms quickack 1 mtu lock 1400',
  'route add 10.5.0.0/16 via 10.1.0.9 tos 0x10 realms 3/5 scope site',
  'route add 10.6.0.0/16 nexthop dev eth0 weight 3 nexthop via 10.1.9.2',
  'route add 10.7.0.0/16 nexthop via inet6 fe80::9 dev eth0 nexthop via 10.2.0.9',
  'route add default via inet6 fd01::9',
  'route add throw 10.8.0.0/16 table 7',
  'route add local 0.0.0.0/0 dev lo table 8',
  'route add local 10.9.0.0/16 dev lo',
  'route add 10.10.0.0/16 dev eth0 scope global',
  'route add 169.254.1.1 dev eth0',
  'route add 10.11.0.0/16 via 169.254.1.1',
  '-6 route add fd05::/64 via fe80::9 dev eth0 pref high mtu lock 1400',
  '-6 route add fd08::/64 via fd09::2',
  '-6 route add throw fd06::/64',
  '-6 route add local fd07::/64 dev lo',
];

/** What is added by hand to a lab, and the line that a plan has for it. */
const EXTRAS: readonly (readonly [command: string, line: string])[] = [
  ['rule add not from 10.1.0.0/24 lookup 7 priority 1000', 'not from 10.1.0.0/24 lookup 7'],
  ['rule add from 10.1.0.0/24 dport 80 ipproto tcp lookup 7 priority 1000', 'ipproto tcp dport 80 lookup 7'],
  ['rule add from 10.1.0.0/24 tun_id 9 lookup 7 priority 1000', 'from 10.1.0.0/24 lookup 7, tun_id 9'],
  ['rule add priority 1080 l3mdev', 'lookup the table of its VRF'],
  ['rule add priority 1090 goto 32766', 'goto 32766'],
  ['route add 10.5.0.0/16 via 10.1.0.9 tos 0x10', 'via 10.1.0.9, tos 0x10'],
  ['route add 10.6.0.0/16 via 10.1.0.9 advmss 1400 quickack 1', 'advmss 1400, quickack 1'],
  ['route add throw 10.8.0.0/16 table 100', 'throw, table 100'],
  ['-6 route add fd06::/64 from fd07::/64 dev eth0', 'from fd07::/64'],
  ['-6 route add fd06::/64 dev eth0', 'dev eth0'],
  ['address add 10.1.0.2 peer 10.7.0.7/24 dev eth0', '10.1.0.2/24 peer 10.7.0.7'],
  ['neighbour add 10.1.0.7 lladdr 02:00:00:00:00:07 dev eth0 nud permanent extern_learn', 'extern_learn'],
];

/** The addresses of eth0, more of the namespace, and what it has in the way. */
const CONFLICTS: readonly (readonly [eth0: string, more: string, message: string])[] = [
  ['10.1.0.4/24', '', '10.1.0.4/24 has lifetime limited'],
  ['10.1.0.5/24', '', '10.1.0.5/24 has metric 77'],
  ['"fd01::5/64"', '', 'fd01::5/64 has noprefixroute'],
  ['10.1.0.2/24', 'routes: [{ to: 10.5.0.0/16, via: 10.1.0.9 }]', 'with window 1000, rto_min 20ms, quickack 1'],
  ['10.1.0.2/24', 'routes: [{ to: 10.6.0.0/16, via: 10.1.0.8 }]', 'with nhid 5'],
  ['10.1.0.2/24', 'routes: [{ to: 10.7.0.0/16, dev: eth0 }]', 'encap ip'],
  ['10.1.0.2/24', 'neighbours: [{ to: 10.1.0.6, mac: "02:00:00:00:00:06", dev: eth0 }]', 'with extern_learn'],
];
