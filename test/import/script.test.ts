import { expect, test } from 'vitest';
import { runNetform } from '../labs/run-netform.ts';
import { type Machine, withMachine } from '../support/machine.ts';

const importOf = async (m: Machine, script: string, args: readonly string[] = []) =>
  runNetform(m, ['import', 'script', '-', ...args], { input: script });

test('a script changes nothing outside of its own machine', () =>
  withMachine(async (m) => {
    await m.must('mkdir -p /run/keep /etc/netns && echo here > /run/keep/file && ip netns add mine');
    const before = await m.snapshot();
    const { stdout, stderr } = await importOf(
      m,
      `touch /usr/left /var/left; touch /etc/left /run/left /tmp/left /root/left
      ls /run/keep; ip netns del mine; echo 1 > /proc/sys/kernel/panic; sysctl -w net.ipv4.ip_forward=1
      sudo -E -u root ip netns add red; echo done; sleep 100 & `,
    );
    expect(stderr).toMatch(/^netform: \d+ commands of the script failed/);
    expect(stdout).toContain('namespaces:\n  red: {}\n');
    expect(await m.snapshot()).toBe(before);
    const left =
      'ls /usr/left /var/left /etc/left /run/left /tmp/left /root/left 2>/dev/null; pgrep -x sleep; cat /run/keep/file';
    expect((await m.sh(left)).stdout).toBe('here\n');
  }));

test('a script that fails, or takes too long, is imported as far as it came', () =>
  withMachine(async (m) => {
    const failed = await importOf(m, 'set -e\nip netns add red\nip link add type nonsense\nip netns add blue\n');
    expect(failed.stdout).toContain('# The script ended with exit code 2: this is what was there then.');
    expect(failed.stdout).toContain('red: {}');
    expect(failed.stdout).not.toContain('blue');
    expect(failed.stderr).toContain('Unknown device type');
    const slow = await importOf(m, '#!/bin/bash\nip netns add red\nsleep 100\nip netns add blue\n', [
      '--timeout',
      '1',
      '--json',
    ]);
    const { ok, topology, notes } = JSON.parse(slow.stdout);
    expect(ok).toBe(true);
    expect(topology).toContain('red: {}');
    expect(topology).not.toContain('blue');
    expect(notes[0]).toBe('The script took longer than 1 s and was ended: this is what was there then.');
  }));

test('entries of the tables of bridges, and the settings of their ports', () =>
  withMachine(async (m) => {
    const { stdout, stderr } = await importOf(
      m,
      `set -e
      ip link add lan type bridge; ip link set lan up; ip netns add red; ip netns add blue
      for n in red blue; do
        ip link add p-$n type veth peer name eth0 netns $n; ip link set p-$n master lan up; ip -n $n link set eth0 up
      done
      bridge fdb add 02:00:00:00:00:05 dev p-red master static
      bridge fdb add 02:00:00:00:00:06 dev lan self permanent
      bridge mdb add dev lan port p-blue grp 239.1.1.1 permanent
      bridge mdb add dev lan port p-blue grp 239.1.1.2 src 10.0.0.1 permanent
      ip link set p-red type bridge_slave isolated on learning off
      ip link set dev p-blue type bridge_slave cost 50`,
    );
    const said = stdout.replace(/\s+/g, ' ');
    expect(said).toContain('- mac: "02:00:00:00:00:06"');
    expect(said).toContain('- { mac: "02:00:00:00:00:05", port: "red:eth0" }');
    expect(said).toContain('mdb: - { group: 239.1.1.1, port: "blue:eth0" }');
    expect(said).toMatch(/port: \{ (?:isolated: true, learning: false|learning: false, isolated: true) \}/);
    expect(said).toContain('port: { cost: 50 }');
    expect(stderr).toContain('left out: link p-blue of the machine: mdb 239.1.1.2 src 10.0.0.1');
    await runNetform(m, ['apply', '-', '--yes'], { input: stdout });
    expect(await m.must('bridge mdb')).toContain('grp 239.1.1.1 permanent');
    expect(await m.must('bridge fdb')).toContain('02:00:00:00:00:05');
  }));

test('what else tutorials build', () =>
  withMachine(async (m) => {
    const { stdout, stderr } = await importOf(
      m,
      `#!/bin/bash
      set -e
      ip link add sw type bridge priority 4096 mcast_snooping 0 && ip link set sw up mtu 1400
      ip netns add r1; ip netns add r2
      for r in r1 r2; do
        ip link add p-$r type veth peer name eth0 netns $r && ip link set p-$r master sw mtu 1400 up
        ip -n $r link set eth0 mtu 1400 && ip -n $r link set lo up && ip -n $r link set eth0 up
      done
      ip link set dev p-r1 down && ip link set dev p-r1 up
      ip -n r1 link set eth0 address 02:00:00:00:00:01
      ip -n r1 addr add 10.1.0.1/24 dev eth0 && ip -n r1 addr add fd00:1::1/64 dev eth0 nodad
      ip -n r2 addr add 10.1.0.2/24 dev eth0 && ip -n r2 addr add fd00:1::2/64 dev eth0 nodad
      ip -n r1 addr add 10.9.9.9/32 dev lo
      ip -n r2 route add 10.9.9.9 via 10.1.0.1 metric 50
      ip -n r2 route add default via 10.1.0.1
      ip -n r2 -6 route add default via fd00:1::1
      ip -n r2 route add blackhole 172.16.0.0/12
      ip -n r1 route add 10.8.0.0/16 nexthop via 10.1.0.2 weight 2 nexthop via 10.1.0.3
      ip -n r1 rule add from 10.1.0.0/24 table 100 priority 1000
      ip -n r1 route add default via 10.1.0.2 table 100
      ip -n r1 neigh add 10.1.0.9 lladdr 02:00:00:00:00:09 dev eth0
      ip netns exec r1 sysctl -w net.ipv4.ip_forward=1 net.ipv4.fib_multipath_hash_policy=1 net.ipv4.conf.eth0.proxy_arp=1
      ip netns exec r1 iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE
      ip netns exec r1 iptables -A FORWARD -s 10.66.0.0/16 -j DROP
      mkdir -p /etc/netns/r2 && echo nameserver 10.1.0.1 > /etc/netns/r2/resolv.conf`,
      ['--name', 'more'],
    );
    await expect(stdout).toMatchFileSnapshot('golden/more.yaml');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    await runNetform(m, ['apply', '-'], { input: stdout });
    await runNetform(m, ['plan', '-', '--exit-code'], { input: stdout });
  }));
