import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runNetform } from '../labs/run-netform.ts';
import { type Machine, withMachine } from '../support/machine.ts';

const field = (name: string): string => join('test/import/field', name);
const script = (m: Machine, name: string) => runNetform(m, ['import', 'script', field(name)]);
const typed = (m: Machine, input: string) => runNetform(m, ['import', 'script', '-'], { input });

test('what failed in a script is shown first, with its line, whatever its end (F12, C5, M27)', () =>
  withMachine(async (m) => {
    const hidden = await script(m, 'c5-hidden-errors.sh');
    expect(hidden.stderr.split('\n').slice(0, 5)).toEqual([
      'netform: 4 commands of c5-hidden-errors.sh failed; what they would have built is missing here:',
      'c5-hidden-errors.sh:3: Object "lnk" is unknown, try "ip help".',
      expect.stringMatching(/^c5-hidden-errors.sh:4: iptables v.* unknown option "--dport"$/),
      expect.stringMatching(/^c5-hidden-errors.sh:5: (?:RTNETLINK answers|Error): /),
      'c5-hidden-errors.sh:6: foo: command not found',
    ]);
    expect(hidden.stdout).toContain('#   c5-hidden-errors.sh:3: Object "lnk" is unknown, try "ip help".\n');

    const parent = await typed(
      m,
      '#!/bin/bash\nip netns add a\nip link add x0 type nonsense\nip link set x0 up\nfalse\n',
    );
    expect(parent.stderr).toContain('2 commands of the script failed');
    expect(parent.stderr).toContain('line 3: Error: Unknown device type.');
    // What is sent to /dev/null was meant to be allowed to fail.
    const quiet = await typed(m, 'ip netns del a 2>/dev/null\nip netns add a\nset -x\nip netns del b || true\n: ok');
    expect(quiet.stderr).toBe('');
    const plain = await typed(m, '#!/bin/sh\nip netns add a\nnonsense\n');
    expect(plain.stderr).toMatch(/^line 3: nonsense: (?:command )?not found$/m);
  }));

test('a script without a first line is run by bash (F13), and name files are imported (F44)', () =>
  withMachine(async (m) => {
    const { stdout } = await script(m, '13-no-shebang.sh');
    expect(stdout).toContain('vpn1:\n    interfaces: { vpeer1: 10.200.1.2/24 }');
    const names = await typed(
      m,
      `ip netns add a; mkdir -p /etc/netns/a; cd /etc/netns/a
      printf '# mine\\nnameserver 10.1.0.53\\nnameserver fd00::53\\nsearch lab.test test\\noptions ndots:2 rotate\\nsortlist 10.0.0.0\\n' >resolv.conf
      printf '127.0.0.1 localhost\\n10.1.0.9 db db.lab.test\\n10.1.0.8 db\\n' >hosts
      printf 'hosts: files dns\\n' >nsswitch.conf; echo x >other`,
    );
    for (const line of [
      'nameservers: [10.1.0.53, "fd00::53"]',
      'search: [lab.test, test]',
      'options: ["ndots:2", rotate]',
      'hosts: { db: [10.1.0.9, 10.1.0.8], db.lab.test: 10.1.0.9 }',
      'order: [files, dns]',
    ])
      expect(names.stdout).toContain(line);
    expect(names.stderr.trim().split('\n')).toEqual([
      'netform: left out: file /etc/netns/a/other',
      'netform: left out: line of /etc/netns/a/resolv.conf: sortlist 10.0.0.0',
    ]);
  }));

test('a script keeps the words of its rules, and loses none of its routes without a line about it (F03)', () =>
  withMachine(async (m) => {
    const { stdout, stderr } = await script(m, '03-import-script-rule-words.sh');
    for (const word of [
      'ipproto: tcp',
      'not: true',
      'tos: 16',
      'uidrange: 1000',
      'suppressPrefixLength: 0',
      'goto: 105',
    ])
      expect(stdout).toContain(word);
    expect(stderr).toBe('');
    expect(stdout).toContain('type: throw');
  }));

test('MACs that somebody set are written, whatever they are (F10), and next hops behind host routes and peers (F08, F09)', () =>
  withMachine(async (m) => {
    const macs = await script(m, '10-written-macs.sh');
    expect(macs.stdout).toContain('mac: "aa:bb:cc:dd:ee:01"');
    expect(macs.stdout).toContain('mac: "02:42:ac:11:00:02"');
    const random = await typed(
      m,
      'ip netns add a; ip link add v type veth peer name eth0 netns a; ip link add br0 type bridge',
    );
    expect(random.stdout).not.toContain('mac:');
    const peer = await typed(m, PEER);
    expect(peer.stdout).toContain('address: { address: 10.0.0.2, peer: 10.0.0.1 }');
    expect(peer.stdout).toContain('{ to: 10.7.0.0/16, via: 10.0.0.1 }');
    const { stdout: calico } = await script(m, '08-calico.sh');
    expect(calico).toContain('{ to: default, via: 169.254.1.1 }');
    await runNetform(m, ['apply', '-'], { input: calico });
    await runNetform(m, ['plan', '-', '--exit-code'], { input: calico });
  }));

const PEER = `ip netns add a; ip link add v type veth peer name eth0 netns a; ip link set v up; ip -n a link set eth0 up
ip -n a addr add 10.0.0.2 peer 10.0.0.1 dev eth0; ip -n a route add 10.7.0.0/16 via 10.0.0.1`;

test('the settings of ports are written, at the interface whose port has no name in the file too', () =>
  withMachine(async (m) => {
    const { stdout, stderr } = await typed(
      m,
      `ip netns add a; ip link add br0 type bridge; ip link set br0 up
      ip link add p type veth peer name eth0 netns a; ip link set p master br0 up; ip -n a link set eth0 up
      ip link add vx0 mtu 1450 type vxlan id 5 remote 192.0.2.7 dstport 4789; ip link set vx0 master br0 up
      bridge link set dev p isolated on hairpin on cost 4; bridge link set dev vx0 learning off mcast_flood off`,
    );
    expect(stderr).toBe('');
    expect(stdout).toMatch(/port: { cost: 4, isolated: true, hairpin: true }/);
    expect(stdout).toMatch(/port: { learning: false, multicastFlood: false }/);
    await runNetform(m, ['apply', '-'], { input: stdout });
    await runNetform(m, ['plan', '-', '--exit-code'], { input: stdout });
    const ports = await m.must('ip -d link show master br0');
    for (const word of ['cost 4', 'isolated on', 'hairpin on', 'mcast_flood off', 'learning off flood on'])
      expect(ports).toContain(word);
  }));

const LIVE = `set -e
ip netns add a; ip netns add b
ip link add lan type bridge group_fwd_mask 8; ip link set lan up; ip addr add 10.58.8.1/32 dev lan
for n in a b; do
  ip link add p-$n type veth peer name eth0 netns $n; ip link set p-$n master lan up
  ip -n $n link set lo up; ip -n $n link set eth0 up
done
ip -n a addr add 10.58.0.2/24 dev eth0; ip -n b addr add 10.58.0.3/24 dev eth0
ip link add ptp type veth peer name ptp netns a; ip link set ptp up; ip -n a link set ptp up
ip -n a addr add 10.0.0.2 peer 10.0.0.1 dev ptp; ip -n a route add 10.7.0.0/16 via 10.0.0.1
ip -n a route add 10.8.0.0/16 nexthop dev eth0 weight 3 nexthop via 10.58.0.3
ip -n a route add 10.9.0.0/16 via inet6 fe80::1 dev eth0
ip -n b link set eth0 arp off txqueuelen 77; ip -n b addr add 169.254.7.7/16 dev eth0
ip -n a neigh add proxy 10.58.0.77 dev eth0
bridge link set dev p-a isolated on; bridge link set dev p-b learning off cost 55
bridge fdb add 02:00:00:00:00:09 dev p-a master static
tc qdisc add dev p-b root handle 7: tbf rate 1mbit burst 32kbit latency 400ms
ip link set p-b alias somebody
mkdir -p /etc/netns/a; echo nameserver 192.0.2.1 >/etc/netns/a/resolv.conf`;

test('an import of the machine loses nothing silently, and what it writes is adopted and given back (F09, F11, F14, F15)', () =>
  withMachine(async (m) => {
    await m.must(LIVE);
    const before = await m.snapshot();
    const { stdout, stderr } = await runNetform(m, ['import', 'live', '--all']);
    const told = stderr
      .trim()
      .split('\n')
      .map((line) => line.replace(/^netform: (?:not understood|left out): /, ''));
    expect(told.toSorted()).toEqual(
      [
        'address 169.254.7.7/16 of eth0 of b: a link-local address',
        'link eth0 of b: arp off',
        'link eth0 of b: txqueuelen 77',
        'link lan of the machine: group_fwd_mask 8',
        'link p-b of the machine: alias somebody',
        'link p-b of the machine: qdisc tbf 7: root',
        'name files, which stay as they are: /etc/netns/a/resolv.conf',
        'neighbour 10.58.0.77 on eth0 of a: proxy',
      ].toSorted(),
    );
    expect(stdout).toMatch(/subnet: \[10.58.0.0\/24, 10.58.8.1\/32\],?\s+address: 10.58.8.1\/32/);
    expect(stdout).toContain('{ mac: "02:00:00:00:00:09", port: "a:eth0" }');
    expect(stdout).toMatch(/p-a:\s+bridge: lan\s+port: { isolated: true }\n/);
    expect(stdout).toMatch(/p-b:\s+bridge: lan\s+port: { cost: 55, learning: false }\n/);
    await runNetform(m, ['apply', '-', '--adopt'], { input: stdout });
    await runNetform(m, ['plan', '-', '--exit-code'], { input: stdout });
    await runNetform(m, ['destroy', 'imported', '--yes']);
    expect(await m.snapshot()).toBe(before);
  }));

test('a forward of one family to a name that has both is imported for that family (F43)', () =>
  withMachine(async (m) => {
    const { stdout } = await script(m, '43-forwards-of-one-family.sh');
    expect(stdout).toContain('publish: ["0.0.0.0:8080:80", "8081:81", "[::]:8082:82"]');
    expect(stdout).toContain('- 10.9.0.1:9000 -> web:80');
  }));

const FORMATS: readonly (readonly [RegExp, string])[] = [
  [/\.clab\.yml$/, 'containerlab'],
  [/\.compose\.yaml$/, 'compose'],
  [/\.sh$/, 'script'],
];

test('every file that users sent in comes out as a topology that is made, and taken away without a rest', () =>
  withMachine(async (m) => {
    const before = await m.snapshot();
    for (const name of readdirSync(join(import.meta.dirname, 'field'))) {
      const format = FORMATS.find(([pattern]) => pattern.test(name))?.[1] ?? '';
      const { stdout: input } = await runNetform(m, ['import', format, field(name), '--name', 'field']);
      await runNetform(m, ['apply', '-'], { input });
      await runNetform(m, ['plan', '-', '--exit-code'], { input });
      await runNetform(m, ['destroy', 'field', '--yes']);
      expect(await m.snapshot(), name).toBe(before);
    }
  }));
