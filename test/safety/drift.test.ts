import { describe, expect, test } from 'vitest';
import { runNetform } from '../labs/run-netform.ts';
import { type Machine, withMachine } from '../support/machine.ts';

const lab = `version: 1
name: one
bridges: { lan: { subnet: 10.1.0.0/24, address: 10.1.0.1 } }
namespaces:
  red:
    interfaces: { eth0: { bridge: lan, address: 10.1.0.11 } }
    routes: [{ to: 10.9.0.0/16, via: 10.1.0.12 }]
    sysctls: { net.ipv4.fib_multipath_hash_policy: 1, net.ipv4.conf.eth0.arp_ignore: 2 }
  blue: { interfaces: { eth0: { bridge: lan, address: 10.1.0.12 } } }
nat: [{ masquerade: lan }]
host: { dns: { names: true } }
`;

const apply = (m: Machine, input = lab) => runNetform(m, ['apply', '-', '--yes'], { input });
const plan = async (m: Machine, input = lab) => (await runNetform(m, ['plan', '-'], { input })).stdout;

describe.concurrent('what somebody changed by hand', () => {
  const changes: readonly (readonly [string, string, RegExp])[] = [
    ['a route was deleted', 'ip -n red route del 10.9.0.0/16', /\+ route +10\.9\.0\.0\/16 .*was removed by hand/],
    ['an MTU was changed', 'ip -n red link set dev eth0 mtu 1300', /~ veth +eth0 .*mtu 1300 → 1500, changed by hand/],
    [
      'a link was renamed',
      'ip -n red link set dev eth0 down; ip -n red link set dev eth0 name foo',
      /± veth .*eth0 was renamed to foo: replaced/,
    ],
    [
      'a link was moved',
      'ip -n red link set dev eth0 name out; ip -n red link set dev out netns blue',
      /± veth .*eth0 was moved to blue: replaced/,
    ],
    [
      'a link was moved out of sight',
      'ip netns add far; ip -n red link set dev eth0 netns far',
      /± veth .*peer of eth0 not found: replaced/,
    ],
    ['the bridge was renamed', 'ip link set dev lan name wan', /± bridge .*was renamed to wan: replaced/],
    ['a table was edited', 'nft add rule inet netform_one postrouting counter', /~ nft .*"counter" was added by hand/],
    ['a table was deleted', 'nft delete table inet netform_one', /\+ nat .*was removed by hand/],
    [
      'a sysctl was changed',
      'ip netns exec red sysctl -qw net.ipv4.ip_forward=1',
      /~ sysctl +net\.ipv4\.ip_forward .*1 → 0, changed by hand/,
    ],
    [
      'a hosts file was edited',
      `sed -i 's/^10.1.0.11 .*/10.1.0.99 red/' /etc/hosts`,
      /~ file +\/etc\/hosts .*changed by hand/,
    ],
    ['a namespace was deleted', 'ip netns del red', /\+ netns +was removed by hand/],
  ];
  test.each(changes)('%s: told as such, and healed', async (_, damage, says) => {
    await withMachine(async (m) => {
      await apply(m);
      const applied = await m.snapshot();
      await m.must(`${damage}; sleep 0.3`);
      const text = await plan(m);
      expect(text).toMatch(says);
      expect(text).toMatch(/of these undo(?:es)? (?:a change|changes) by hand/);
      const { summary } = JSON.parse((await runNetform(m, ['plan', '-', '--json'], { input: lab })).stdout);
      expect(summary.byHand).toBeGreaterThan(0);
      await runNetform(m, ['show', 'one', '--exit-code'], { code: 6 });
      await apply(m);
      await m.must('ip netns del far 2>/dev/null || true');
      expect(await m.snapshot()).toBe(applied);
    });
  });

  test('is told apart from what the file changes', async () => {
    await withMachine(async (m) => {
      await apply(m);
      await m.must('ip -n red link set dev eth0 mtu 1300; ip -n blue address del 10.1.0.12/24 dev eth0');
      const changed = lab.replace('address: 10.1.0.11 }', 'address: 10.1.0.21, mac: "02:00:00:00:00:77" }');
      const text = await plan(m, changed);
      expect(text).toMatch(/~ address +eth0 +10\.1\.0\.11\/24 → 10\.1\.0\.21\/24$/m);
      expect(text).toMatch(/~ veth .*changed by hand: mtu/);
      expect(text).toMatch(/\+ address +eth0 +10\.1\.0\.12\/24, was removed by hand/);
      const { operations } = JSON.parse((await runNetform(m, ['plan', '-', '--json'], { input: changed })).stdout);
      const causes = operations.map(({ id, cause }: { id: string; cause: string }) => `${id} ${cause}`);
      expect(causes).toContain('address:blue/eth0 drift');
      expect(causes).toContain('address:red/eth0 file');
    });
  });

  test('a block without its last line is never guessed at', async () => {
    await withMachine(async (m) => {
      await apply(m);
      await m.must(`sed -i '/^# END netform/d' /etc/hosts; echo '192.0.2.9 precious' >> /etc/hosts`);
      const broken = await m.must('cat /etc/hosts');
      const { stderr } = await runNetform(m, ['apply', '-', '--yes'], { input: lab, code: 7 });
      expect(stderr).toContain('/etc/hosts has lost its first or last line');
      expect(stderr).toContain('# BEGIN netform:v1:one:');
      const gone = await runNetform(m, ['destroy', 'one', '--yes']);
      expect(gone.stderr).toContain('names host is left as it is');
      expect(await m.must('cat /etc/hosts')).toBe(broken);
    });
  });
});

describe.concurrent('a setting that leaves the file', () => {
  test('goes back to what a new namespace and a new device have', async () => {
    await withMachine(async (m) => {
      const plain = lab.replace(/ {4}sysctls: .*\n/, '');
      expect(plain).not.toBe(lab);
      await apply(m, plain);
      const fresh = await m.snapshot();
      await apply(m);
      expect(await m.snapshot()).not.toBe(fresh);
      const text = await plan(m, plain);
      expect(text).toMatch(/~ sysctl +net\.ipv4\.fib_multipath_hash_policy +1 → 0/);
      expect(text).toMatch(/~ sysctl +net\.ipv4\.conf\.eth0\.arp_ignore +2 → 0/);
      await apply(m, plain);
      expect(await m.snapshot()).toBe(fresh);
    });
  });

  test('stays when somebody changed it since', async () => {
    await withMachine(async (m) => {
      await apply(m);
      const set = 'net.ipv4.fib_multipath_hash_policy=2 net.ipv4.conf.eth0.arp_ignore=1';
      await m.must(`ip netns exec red sysctl -qw ${set}`);
      await apply(m, lab.replace(/ {4}sysctls: .*\n/, ''));
      const read = 'sysctl -n net.ipv4.fib_multipath_hash_policy net.ipv4.conf.eth0.arp_ignore';
      expect(await m.must(`ip netns exec red ${read}`)).toBe('2\n1\n');
    });
  });
});

describe.concurrent('what nobody of ours put into a namespace of ours', () => {
  const extras = `set -e
    ip -n red link add foo type bridge
    ip -n red address add 192.0.2.1/32 dev lo
    ip -n red address add 192.0.2.2/24 dev eth0
    ip -n red route add 198.18.0.0/16 via 10.1.0.12
    ip -n red route add blackhole fd00:99::/64 metric 7
    ip -n red rule add from 192.0.2.0/24 table 9 priority 77
    ip -n red neighbour add 10.1.0.77 lladdr 02:00:00:00:00:77 dev eth0 nud permanent
    ip netns exec red nft add table ip junk`;
  const told = [
    ['link', 'foo'],
    ['address', 'eth0'],
    ['address', 'lo'],
    ['route', '198.18.0.0/16'],
    ['route', 'fd00:99::/64@7'],
    ['rule', '77'],
    ['neighbour', '10.1.0.77'],
    ['table', 'ip junk'],
  ];

  test('is told and kept; --prune removes it', async () => {
    await withMachine(async (m) => {
      await apply(m);
      const applied = await m.snapshot();
      await m.must(extras);
      const littered = await m.snapshot();
      const text = await plan(m);
      for (const [noun, name] of told) expect(text).toMatch(new RegExp(`\\? ${noun} +${name}`));
      expect(text).toContain('Nothing to do. 8 unmanaged objects are kept (--prune deletes them).');
      expect((await runNetform(m, ['show', 'one'])).stdout).toContain('8 unmanaged in its namespaces');
      await runNetform(m, ['plan', '-', '--exit-code'], { input: lab });
      await apply(m);
      expect(await m.snapshot()).toBe(littered);
      const pruning = await runNetform(m, ['plan', '-', '--prune', '--exit-code', '--json'], { input: lab, code: 10 });
      const { summary, extras: lines } = JSON.parse(pruning.stdout);
      expect(summary).toMatchObject({ delete: 8, unmanaged: 0 });
      expect(lines.map(({ noun, name }: { noun: string; name: string }) => [noun, name]).toSorted()).toEqual(
        told.toSorted(),
      );
      const both = ['apply', '-', '--prune', '--confirm', '60s', '--yes'];
      expect((await runNetform(m, both, { input: lab, code: 2 })).stderr).toContain('do not go together');
      await runNetform(m, ['apply', '-', '--prune', '--yes'], { input: lab });
      expect(await m.snapshot()).toBe(applied);
    });
  });

  const files = ['dual-stack/port-forward', 'router', 'dual-stack/two-nodes', 'cni'];
  test.each(files)('nothing of the kernel’s own is taken for that: %s', async (name) => {
    const file = `topologies/${name}.yaml`;
    await withMachine(async (m) => {
      await runNetform(m, ['apply', file]);
      const { extras: lines } = JSON.parse((await runNetform(m, ['plan', file, '--json'])).stdout);
      expect(lines).toEqual([]);
    });
  });
});

test('a run that fails leaves changes by hand as they were', async () => {
  await withMachine(async (m) => {
    await apply(m);
    await m.must(`nft add rule inet netform_one postrouting counter
      ip -n red link set dev eth0 mtu 1300
      ip netns exec red sysctl -qw net.ipv4.fib_multipath_hash_policy=2 net.ipv4.conf.all.arp_announce=1
      mount --bind /etc/netns /etc/netns; mount -o remount,bind,ro /etc/netns`);
    const changed = await m.snapshot();
    const bad = `${lab.replace('arp_ignore: 2 }', 'arp_ignore: 2, net.ipv4.conf.all.arp_announce: 2 }')}dns: { hosts: { db: 10.1.0.12 } }\n`;
    const { stderr } = await runNetform(m, ['apply', '-', '--yes'], { input: bad, code: 4 });
    expect(stderr).toContain('all changes were rolled back');
    expect(await m.snapshot()).toBe(changed);
  });
});
