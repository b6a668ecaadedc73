import { describe, expect, test } from 'vitest';
import { runNetform } from '../labs/run-netform.ts';
import { type Machine, withMachine } from '../support/machine.ts';

/** A namespace that another made: links, ports, queues and entries with what the language has no word for. */
const HAND = `set -e
ip netns add red; ip -n red link set lo up
ip -n red link add eth0 type veth peer name far
ip -n red link add eth1 type veth peer name p1
ip -n red link add br0 type bridge hello_time 100 group_fwd_mask 8 no_linklocal_learn 1
ip -n red link add br1 type bridge
ip -n red link set p1 master br0
for link in eth0 far eth1 p1 br0 br1; do ip -n red link set $link up; done
ip -n red address add 10.1.0.2/24 dev eth0; ip -n red route add 10.9.0.0/16 via 10.1.0.9
ip -n red link set eth0 alias mine txqueuelen 77 promisc on multicast off group 5
ip -n red link set far arp off allmulticast on gso_max_segs 9
ip -n red link property add dev far altname distant
ip -n red link set p1 type bridge_slave isolated on learning off flood off cost 9 priority 5 guard on fastleave on mcast_router 2
bridge -n red fdb add 02:00:00:00:00:55 dev p1 master static
bridge -n red fdb add 02:00:00:00:00:56 dev p1 master extern_learn
ip -n red neighbour add 10.1.0.9 lladdr 02:00:00:00:00:07 dev eth0 nud permanent
ip -n red neighbour add proxy 10.1.0.9 dev eth0; ip -n red -6 neighbour add proxy fd01::9 dev eth0
tc -n red qdisc add dev eth0 root handle 7: tbf rate 1mbit burst 32kbit latency 400ms
tc -n red qdisc add dev eth0 clsact
ip -n red link add vx0 type vxlan id 5 remote 10.1.0.8 dev eth0 dstport 4789 ageing 100; ip -n red link set vx0 up
bridge -n red mdb add dev br0 port p1 grp 239.7.7.7 permanent; bridge -n red mdb add dev br0 port p1 grp ff15::7 permanent
bridge -n red fdb append 00:00:00:00:00:00 dev vx0 dst 10.1.0.7 self port 8472`;

/** All of it in all detail, without timers, what follows from the carrier, and what bridges learn. */
const seen = async (m: Machine): Promise<string> =>
  (
    await m.must(`ip -n red -d link; bridge -n red -d link; bridge -n red -d fdb | sort; bridge -n red mdb | grep permanent; tc -n red -d qdisc; ip -n red neighbour show nud permanent; ip -n red neighbour show proxy
      ip -n red -6 neighbour show proxy`)
  )
    .replace(/\w+_timer +[\d.]+/g, '')
    .replace(/NO-CARRIER,|state (?:UNKNOWN|UP|DOWN) /g, '')
    .split('\n')
    .filter((line) => !/^(?:33:33|01:00:5e)|master br\d $/.test(line))
    .join('\n');

type Parts = { readonly eth0?: string; readonly eth1?: string; readonly bridge?: string; readonly vxlan?: string };

const topology = ({ eth0 = '', eth1 = '', bridge = 'br0', vxlan = '10.1.0.8' }: Parts = {}): string => `version: 1
name: lab
namespaces:
  red:
    bridges: { br0: { gateway: none }, br1: { gateway: none } }
    interfaces:
      eth0: { address: 10.1.0.2/24${eth0} }
      far: { address: none }
      eth1: { address: none${eth1} }
      p1: { bridge: ${bridge} }
      vx0: { address: none, mtu: 1450, vxlan: { id: 5, remote: ${vxlan}, dev: eth0 } }
links: [red:eth0 -- red:far, red:eth1 -- red:p1]
dns: { names: false }
`;

describe.concurrent('what links have that netform has no word for', () => {
  test('is said, stays in an adopted lab, and is given back with it (F02)', async () => {
    await withMachine(async (m) => {
      await m.must(HAND);
      const before = await seen(m);
      const adopting = await runNetform(m, ['plan', '-', '--adopt'], { input: topology() });
      for (const line of SAID) expect(adopting.stdout).toMatch(line);
      expect(adopting.stdout).toContain(KEPT);
      await runNetform(m, ['apply', '-', '--adopt'], { input: topology() });
      const asMarked = (text: string): string =>
        text.replace(/\n +alias .*/g, '').replace(/ group (?:default|5|20038)/g, '');
      expect(asMarked(await seen(m))).toBe(asMarked(before));
      for (const command of [
        ['plan', '-'],
        ['show', 'lab'],
      ]) {
        const { stdout } = await runNetform(m, command, { input: topology() });
        for (const line of SAID.slice(1)) expect(stdout).toMatch(line);
        if (command[0] === 'plan') expect(stdout).toContain(KEPT);
      }
      const pruned = await runNetform(m, ['apply', '-', '--prune'], { input: topology() });
      expect(pruned.stdout).not.toMatch(/^ +- /m);
      await runNetform(m, ['destroy', 'lab', '--yes']);
      expect(await seen(m)).toBe(before);
    });
  });

  test('keeps a link from being adopted that would lose it by what the file wants (F02)', async () => {
    await withMachine(async (m) => {
      await m.must(HAND);
      const before = await seen(m);
      for (const [parts, message] of CONFLICTS) {
        const { stderr } = await runNetform(m, ['apply', '-', '--adopt'], { input: topology(parts), code: 7 });
        expect(stderr).toContain(message);
      }
      expect(await seen(m)).toBe(before);
      await m.must('ip -n red link set vx0 type vxlan ttl 9');
      const { stderr } = await runNetform(m, ['apply', '-', '--adopt'], { input: topology(), code: 7 });
      expect(stderr).toContain("vxlan red/vx0 already exists: no mark of netform's, with ttl 9, ageing 100");
      await m.must('ip -n red link set vx0 type vxlan ttl auto');
      // An adopted link is not replaced either: netform could not make it again as it was.
      await runNetform(m, ['apply', '-', '--adopt'], { input: topology() });
      const other = topology().replace('id: 5', 'id: 6');
      const replaced = await runNetform(m, ['apply', '-'], { input: other, code: 7 });
      expect(replaced.stderr).toContain('vxlan red/vx0 already exists: adopted, with ageing 100; it would be replaced');
      await runNetform(m, ['destroy', 'lab', '--yes']);
      expect(await seen(m)).toBe(before);
    });
  });

  test('is said of the links of a lab, stays with every apply, and is pruned exactly (F04)', async () => {
    await withMachine(async (m) => {
      const lab = `version: 1
name: lab
bridges: { lan: { subnet: 10.1.0.0/24, address: 10.1.0.1 } }
namespaces:
  red: { interfaces: { eth0: { bridge: lan, address: 10.1.0.2 } } }
  blue: { interfaces: { eth0: { bridge: lan, address: 10.1.0.3 } } }
dns: { names: false }
`;
      await runNetform(m, ['apply', '-'], { input: lab });
      expect((await runNetform(m, ['plan', '-'], { input: lab })).stdout).not.toContain('?');
      const port = (await m.must("ip -o link show master lan | sed -n '1s/^[0-9]*: \\([^@]*\\)@.*/\\1/p'")).trim();
      await m.must(`set -e
        ip link set ${port} type bridge_slave mcast_router 2; bridge fdb add 02:00:00:00:00:55 dev ${port} master static
        ip -n red link set eth0 txqueuelen 9; tc -n red qdisc add dev eth0 root handle 7: tbf rate 1mbit burst 32kbit latency 9ms
        ip -n red neighbour add 10.1.0.9 lladdr 02:00:00:00:00:07 dev eth0
        ip -n red neighbour add proxy 10.1.0.9 dev eth0`);
      const { stdout } = await runNetform(m, ['plan', '-'], { input: lab });
      expect(stdout).toMatch(new RegExp(`\\? link +${port} +mcast_router 2, stays as it is`));
      expect(stdout).toMatch(new RegExp(`\\? fdb +${port} +02:00:00:00:00:55, static, unmanaged`));
      expect(stdout).toMatch(/\? +link +eth0 +txqueuelen 9, qdisc tbf, stays as it is/);
      expect(stdout).toMatch(/\? neighbour +10\.1\.0\.9 +on eth0, proxy, unmanaged/);
      await runNetform(m, ['apply', '-', '--prune'], { input: lab.replace('10.1.0.3', '10.1.0.4') });
      const after = await m.must(`ip -d link show ${port}; bridge fdb show dev ${port}; ip -n red link show eth0
        tc -n red qdisc; ip -n red neighbour show nud permanent; ip -n red neighbour show proxy`);
      for (const kept of ['mcast_router 2', '02:00:00:00:00:55', 'qlen 9', 'tbf 7:']) expect(after).toContain(kept);
      expect(after).not.toContain('10.1.0.9');
    });
  });
});

/** What the language has words for, and the file says nothing of. */
const KEPT = 'priority 5, cost 9, guard on, fastLeave on, learning off, flood off, isolated on, mcast_router 2';

/** The lines of a plan; the first only while the links are adopted. */
const SAID = [
  /\? +link +eth0 +alias mine \(restored by destroy\), group 5 \(restored by destroy\), txqueuelen 77, multicast off, promisc on, qdisc tbf/,
  /\? +link +br0 +hello_time 100, group_fwd_mask 8, no_linklocal_learn 1, stays as it is/,
  /\? +link +eth0 +.*txqueuelen 77, multicast off, promisc on, qdisc tbf, stays as it is/,
  /\? +link +far +gso_max_segs 9, altname distant, arp off, allmulticast on, stays as it is/,
  /\? +link +p1 +(?:.*, )?mcast_router 2, stays as it is/,
  /\? +link +vx0 +ageing 100, stays as it is/,
];

const CONFLICTS: readonly (readonly [parts: Parts, message: string])[] = [
  [{ eth0: ', mac: "02:00:00:00:99:99"' }, "no mark of netform's; adopted, it would lose neighbour 10.1.0.9 ["],
  [
    { eth0: ', state: down' },
    'it would lose neighbour 10.1.0.9, proxy neighbour 10.1.0.9, proxy neighbour fd01::9, route 10.9.0.0/16 [',
  ],
  [{ bridge: 'br1' }, 'mcast_router 2, fdb 02:00:00:00:00:5'],
  [{ bridge: 'br1' }, 'mdb ff15::7, mdb 239.7.7.7'],
];
