import { expect, test } from 'vitest';
import { withMachine } from '../support/machine.ts';
import { pings, silent } from '../support/traffic.ts';
import { runNetform } from './run-netform.ts';

const topology = `version: 1
name: office
bridges: { lan: { subnet: [192.168.7.0/24, "fd00:7::/64"], address: [192.168.7.1, "fd00:7::1"] } }
namespaces:
  web: { interfaces: { eth0: { bridge: lan, address: [192.168.7.10, "fd00:7::10"] } } }
host: { forwarding: true, interfaces: { nic0: { existing: true, bridge: lan } } }
dns: { names: false }
`;

test('a NIC of the machine is a port of a bridge of the lab, and goes back to its former bridge', async () => {
  await withMachine(async (m) => {
    await m.must(`set -e
      echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad
      ip netns add far && ip link add nic0 up type veth peer name e0 netns far && ip -n far link set e0 up
      ip -n far addr add 192.168.7.99/24 dev e0 && ip -n far addr add fd00:7::99/64 dev e0 nodad
      ip link add old up type bridge && ip link set nic0 master old && ip addr add 10.99.0.1/24 dev nic0`);
    const before = await m.must('ip link show nic0; ip addr show nic0');
    const applied = await runNetform(m, ['apply', '-', '--yes'], { input: topology });
    expect(applied.stdout).toMatch(/~ port +nic0 +of lan, not of old/);
    expect(applied.stderr).toContain('nic0 has 10.99.0.1/24, where nothing answers once it is a port of lan');
    for (const far of ['192.168.7.99', 'fd00:7::99']) expect(await pings(m, 'web', far)).toBe(true);
    const again = await runNetform(m, ['plan', '-'], { input: topology });
    expect(again.stdout).toMatch(/Nothing to do\.$/m);
    await m.must('ip link set nic0 nomaster');
    expect(await silent(m, 'web', '192.168.7.99')).toBe(true);
    const drift = await runNetform(m, ['apply', '-', '--yes'], { input: topology });
    expect(drift.stdout).toMatch(/~ port +nic0 +of lan, changed by hand/);
    expect(await pings(m, 'web', '192.168.7.99')).toBe(true);
    await runNetform(m, ['destroy', 'office', '--yes']);
    expect(await m.must('ip link show nic0; ip addr show nic0')).toBe(before);
  });
});

/** The kernel says up to a second later that a link which was set up by hand has a carrier. */
const carrierOf = (dev: string): string => `until ip -o link show dev ${dev} | grep -q 'state UP'; do sleep 0.05; done`;

const FILE = 'topologies/nics/nic-in-bridge.yaml';
const MAC = '52:54:00:00:07:01';

test('a NIC is found by its MAC whatever its name is, and the lab calls it by another', async () => {
  await withMachine(async (m) => {
    await m.must(`set -e
      echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad
      ip netns add far && ip link add ens7 up address ${MAC} type veth peer name e0 netns far && ip -n far link set e0 up
      ip -n far addr add 192.168.7.99/24 dev e0 && ip -n far addr add fd00:7::99/64 dev e0 nodad`);
    const before = await m.snapshot();
    const planned = await runNetform(m, ['plan', FILE, '--commands', '--exit-code'], { code: 10 });
    expect(planned.stdout).toContain('ip link set dev ens7 master lan');
    await runNetform(m, ['apply', FILE]);
    for (const far of ['192.168.7.99', 'fd00:7::99']) {
      expect(await pings(m, 'web', far)).toBe(true);
      expect(await pings(m, 'host', far)).toBe(true);
      expect(await silent(m, 'guest', far)).toBe(true);
    }
    expect((await runNetform(m, ['plan', FILE])).stdout).toMatch(/Nothing to do\.$/m);
    expect((await runNetform(m, ['graph', FILE])).stdout).toMatch(/office|ens7/);
    // The kernel gave it another name, as after a boot.
    await m.must(
      `ip link set ens7 down && ip link set ens7 name eth9 && ip link set eth9 nomaster up; ${carrierOf('eth9')}`,
    );
    await runNetform(m, ['apply', FILE]);
    expect(await pings(m, 'web', '192.168.7.99')).toBe(true);
    await m.must(`ip link set eth9 down && ip link set eth9 name ens7 && ip link set ens7 up; ${carrierOf('ens7')}`);
    await runNetform(m, ['destroy', 'nic-in-bridge', '--yes']);
    expect(await m.snapshot()).toBe(before);

    await m.must(`ip link add twin type veth peer name t1 && ip link set twin address ${MAC}`);
    const two = await runNetform(m, ['plan', FILE], { code: 3 });
    expect(two.stderr).toMatch(/(?:ens7 and twin|twin and ens7) have the MAC 52:54:00:00:07:01 \[NF3003\]/);
    await m.must('ip link del twin && ip link set ens7 address 52:54:00:00:07:02');
    const none = await runNetform(m, ['plan', FILE], { code: 3 });
    expect(none.stderr).toContain('no link of this machine has the MAC 52:54:00:00:07:01 [NF3003]');
  });
});
