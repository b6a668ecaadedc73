import { describe, expect, test } from 'vitest';
import { objectPhrase } from '../../src/model/values/object-phrase.ts';
import { createForeignObjects } from '../labs/foreign-objects.ts';
import { runNetform } from '../labs/run-netform.ts';
import { type Machine, withMachine } from '../support/machine.ts';
import { serving, tcp } from '../support/traffic.ts';

/** One of everything that can be taken over, on a machine where all of that is somebody else's already. */
const topology = `version: 1
name: lab
bridges: { br0: { subnet: 10.1.0.0/24, address: 10.1.0.1, mtu: 1400, stp: true, ageing: 60 } }
namespaces:
  red:
    interfaces: { eth0: { bridge: br0, address: 10.1.0.11 } }
    forwarding: true
    routes: [{ to: 10.9.0.0/16, via: 10.1.0.12 }, { to: 10.8.0.0/16, type: blackhole }]
    rules: [{ from: 10.9.0.0/16, table: 100, priority: 1000 }]
    neighbours: [{ to: 10.1.0.12, mac: "02:00:00:00:00:0c", dev: eth0 }]
host:
  interfaces: { ext0: { existing: true, address: [198.51.100.1/24, "2001:db8:ffff::1/64"] } }
routes: [{ to: 203.0.113.0/24, via: 198.51.100.9 }]
cni: { mynet: { cniVersion: 1.0.0, plugins: [{ type: loopback }] } }
`;

/** What makes the machine such a one. `host` is what the lab's names for the two ends of red's cable are. */
const hand = `set -e
ip link add name br0 address 02:11:00:00:00:01 group 7 mtu 1450 type bridge ageing_time 12300
ip link set dev br0 alias 'made by hand'
ip address add 10.1.0.1/24 dev br0
ip link set dev br0 up; ip link set dev br0 down
ip netns add red
ip -n red link set dev lo up; ip -n red link set dev lo down; ip -n red address flush dev lo
ip netns exec red sysctl -qw net.ipv4.conf.all.rp_filter=2 net.ipv6.conf.all.accept_ra=2
ip link add name red-eth0 address 02:11:00:00:00:02 mtu 1450 type veth peer name eth0 address 02:11:00:00:00:03 netns red
ip link set dev red-eth0 alias cable
ip -n red link set dev eth0 group 9 up
ip link set dev red-eth0 up
ip -n red address add 10.1.0.11/24 dev eth0
ip -n red route add 10.9.0.0/16 via 10.1.0.12 proto static
ip -n red route add blackhole 10.8.0.0/16 proto 99
ip -n red rule add from 10.9.0.0/16 table 100 priority 1000
ip -n red neighbour add 10.1.0.12 lladdr 02:00:00:00:00:aa dev eth0 nud permanent
ip route add 203.0.113.0/24 via 198.51.100.9
echo '{ "cniVersion": "0.4.0", "name": "mynet" }' > /etc/cni/net.d/10-mynet.conflist
chmod 640 /etc/cni/net.d/10-mynet.conflist
sleep 0.3`;

const taken = [
  ...['netns:red', 'bridge:host/br0', 'veth:red/eth0', 'address:host/br0', 'address:host/ext0', 'address:red/eth0'],
  ...['route:red/main/10.9.0.0/16', 'route:red/main/10.8.0.0/16', 'route:host/main/203.0.113.0/24', 'rule:red/1000'],
  ...['neighbour:red/eth0/10.1.0.12', 'conflist:mynet'],
];

async function handMade(m: Machine): Promise<string> {
  await createForeignObjects(m);
  await m.must(hand);
  return m.snapshot();
}

describe.concurrent('taking over what somebody else made', () => {
  test('is refused, and told, thing by thing', async () => {
    await withMachine(async (m) => {
      const before = await handMade(m);
      const { stdout } = await runNetform(m, ['plan', '-', '--json'], { input: topology, code: 7 });
      const messages: readonly { message: string; code: string }[] = JSON.parse(stdout).diagnostics;
      const told = messages
        .filter(({ code }) => code === 'NF3001')
        .map(({ message }) => message.split(/ (?:already exists|no longer)/)[0]);
      expect(told.toSorted()).toEqual(taken.map(objectPhrase).toSorted());
      await runNetform(m, ['apply', '-'], { input: topology, code: 7 });
      expect(await m.snapshot()).toBe(before);
    });
  });

  test('is shown, done, and given back exactly', async () => {
    await withMachine(async (m) => {
      const before = await handMade(m);
      const plan = JSON.parse((await runNetform(m, ['plan', '-', '--adopt', '--json'], { input: topology })).stdout);
      const operations: readonly { id: string; actions: readonly string[]; takenFrom: string | null }[] =
        plan.operations;
      expect(
        operations
          .filter(({ takenFrom }) => takenFrom)
          .map(({ id }) => id)
          .toSorted(),
      ).toEqual(taken.toSorted());
      expect(operations.flatMap(({ actions }) => actions)).not.toContain('delete');
      expect(plan.summary.adopt).toBe(taken.length);
      const { stdout } = await runNetform(m, ['apply', '-', '--adopt'], { input: topology });
      expect(stdout).toMatch(/, adopted$/m);
      expect(stdout).toContain(`${taken.length} adopted.`);
      await runNetform(m, ['plan', '-', '--exit-code'], { input: topology });
      expect(await m.must('ip -o link show br0')).toContain('netform:v1:lab:');
      await runNetform(m, ['destroy', 'lab', '--yes']);
      expect(await m.snapshot()).toBe(before);
    });
  });

  test('is given back too when the file no longer names it', async () => {
    await withMachine(async (m) => {
      const before = await handMade(m);
      await runNetform(m, ['apply', '-', '--adopt'], { input: topology });
      const { stdout } = await runNetform(m, ['apply', '-', '--yes'], { input: 'version: 1\nname: lab\n' });
      expect(stdout).toContain('restored');
      expect(await m.snapshot()).toBe(before);
    });
  });

  test('leaves no mark when it is rolled back', async () => {
    await withMachine(async (m) => {
      await handMade(m);
      await m.must('mkdir -p /etc/netns; mount -t tmpfs -o ro none /etc/netns');
      const before = await m.snapshot();
      const { stderr } = await runNetform(m, ['apply', '-', '--adopt'], { input: topology, code: 4 });
      expect(stderr).toContain('all changes were rolled back');
      expect(await m.snapshot()).toBe(before);
    });
  });
});

test('a port that is taken over gets what a forward of the file needs of it, and loses it again', async () => {
  await withMachine(async (m) => {
    await m.must(`set -e
ip link add name lan type bridge && ip link set lan up && ip address add 10.1.0.1/24 dev lan
ip netns add red && ip -n red link set lo up
ip link add name red-eth0 master lan type veth peer name eth0 netns red
ip link set red-eth0 up && ip -n red link set eth0 up && ip -n red address add 10.1.0.2/24 dev eth0
ip -n red route add default via 10.1.0.1
[ ! -e /proc/sys/net/bridge ] || sysctl -qw net.bridge.bridge-nf-call-iptables=1
sleep 1.5`);
    const before = await m.snapshot();
    const input = `version: 1
name: lab
bridges: { lan: { subnet: 10.1.0.0/24, address: 10.1.0.1 } }
namespaces: { red: { interfaces: { eth0: { bridge: lan, address: 10.1.0.2 } } } }
portForwards: ["8080 -> red:80"]
`;
    await runNetform(m, ['apply', '-', '--adopt'], { input });
    await runNetform(m, ['plan', '-', '--exit-code'], { input });
    await serving(m, { netns: 'red', port: 80 }, async () => {
      expect(await tcp(m, 'host', { to: '127.0.0.1', port: 8080 })).toMatch(/^red /);
      // Where frames between ports of a bridge pass the NAT, too, the answer leaves by the port that the question came by.
      expect(await tcp(m, 'red', { to: '10.1.0.1', port: 8080 })).toBe('red 10.1.0.1');
    });
    await runNetform(m, ['apply', '-'], { input: input.replace(/portForwards.*/, '') });
    expect(await m.must('bridge -d link show dev red-eth0')).toContain('hairpin off');
    await runNetform(m, ['destroy', 'lab', '--yes']);
    expect(await m.snapshot()).toBe(before);
  });
});

describe.concurrent('what is too different cannot be taken over', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['a device that is no bridge', 'ip link add name br0 type veth peer name x', /veth, not a bridge/],
    [
      'a cable that leads elsewhere',
      'ip link add name red-eth0 type veth peer name x',
      /too different to be taken over/,
    ],
    ['a dead file', 'mkdir -p /run/netns && touch /run/netns/red', /ip netns del red removes it/],
    ['a table of our name', 'nft add table inet netform_lab', /nft delete table inet netform_lab removes it/],
  ];
  test.each(cases)('refuses to adopt %s', async (_, make, says) => {
    await withMachine(async (m) => {
      await m.must(make);
      const before = await m.snapshot();
      const input = topology.replace(/^host:[\s\S]*/m, 'nat: [{ masquerade: br0 }]\n');
      const { stderr } = await runNetform(m, ['apply', '-', '--adopt'], { input, code: 7 });
      expect(stderr).toMatch(says);
      expect(await m.snapshot()).toBe(before);
    });
  });
});
