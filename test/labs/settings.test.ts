import { expect, test } from 'vitest';
import { type Machine, withMachine } from '../support/machine.ts';
import { pings } from '../support/traffic.ts';

/** Applies a text and gives the output; throws unless the command exits with `code`. */
async function netform(m: Machine, args: readonly string[], input: string, code = 0): Promise<string> {
  const ended = await m.netform([...args, '-'], { input });
  expect(ended.code, ended.stdout + ended.stderr).toBe(code);
  return ended.stdout + ended.stderr;
}

const NOTHING = /Nothing to do/;

const smallMtus = (mtu: number) => `version: 1
name: small
bridges: { lan: { subnet: 10.1.0.0/24, address: 10.1.0.1, mtu: ${mtu} }, other: { subnet: 10.2.0.0/24, address: 10.2.0.1 } }
host: { interfaces: { h0: { address: 10.3.0.1/24, mtu: ${mtu} } } }
namespaces:
  a: { interfaces: { eth0: { bridge: lan } } }
  b: { interfaces: { eth0: { bridge: other, mtu: ${mtu} }, eth1: { address: 10.3.0.2/24, mtu: ${mtu} } } }
links: ["host:h0 -- b:eth1"]
`;

/** One namespace with IPv6 on one link only, one without IPv6, and links above a NIC with a small MTU. */
const switches = (mtu: string) => `version: 1
name: switches
bridges: { lan: { subnet: [10.1.0.0/24, "fd01::/64"], address: [10.1.0.254, "fd01::fe"] } }
host:
  interfaces: { nic: { existing: true, address: 10.6.0.1/24 }, mv1: { macvlan: { parent: nic }, address: 10.6.1.1/24${mtu} } }
  sysctls: { net.ipv6.conf.lan.disable_ipv6: 0 }
namespaces:
  a:
    interfaces: { eth0: { bridge: lan } }
    sysctls: { net.ipv6.conf.default.disable_ipv6: 1, net.ipv6.conf.eth0.disable_ipv6: 0 }
  b: { interfaces: { eth0: { bridge: lan, address: 10.1.0.77 } }, sysctls: { net.ipv6.conf.all.disable_ipv6: 1 } }
`;

const settings = (sysctls: string) => `version: 1
name: settings
namespaces: { a: { sysctls: { ${sysctls} } } }
`;

test('F05, F07, F40: links without IPv6, values in other forms, and sysctls that the kernel refuses', async () => {
  await withMachine(async (m) => {
    const before = await m.snapshot();
    await netform(m, ['apply', '--yes'], smallMtus(576));
    for (const address of ['10.1.0.1', '10.2.0.1']) {
      const [from] = address === '10.1.0.1' ? ['a'] : ['b'];
      expect(await pings(m, from ?? '', address), `${from} reaches ${address}`).toBe(true);
    }
    expect(await pings(m, 'b', '10.3.0.1'), 'b reaches the host through its cable').toBe(true);
    expect(await netform(m, ['plan'], smallMtus(576))).toMatch(NOTHING);
    // With a larger MTU the kernel gives IPv6 back, with the machine's defaults, which listen to routers.
    await netform(m, ['apply', '--yes'], smallMtus(1400));
    expect(await m.must('cat /proc/sys/net/ipv6/conf/lan/accept_ra /proc/sys/net/ipv6/conf/h0/accept_ra')).toBe(
      '0\n0\n',
    );
    expect(await netform(m, ['plan'], smallMtus(1400))).toMatch(NOTHING);
    await netform(m, ['apply', '--yes'], smallMtus(600));
    expect(await pings(m, 'a', '10.1.0.1'), 'after the change in place').toBe(true);
    expect((await m.netform(['destroy', 'small', '--yes'])).code).toBe(0);
    expect(await m.snapshot()).toBe(before);

    const forms =
      'net.ipv4.ip_local_reserved_ports: "30000-32767,10250", net.ipv4.ip_local_port_range: "0x7d0  3000", net.ipv4.tcp_sack: "0x1"';
    await netform(m, ['apply', '--yes'], settings(forms));
    expect(await m.must('ip netns exec a cat /proc/sys/net/ipv4/ip_local_reserved_ports')).toBe('10250,30000-32767\n');
    expect(await netform(m, ['plan'], settings(forms))).toMatch(NOTHING);
    await m.must('ip netns exec a sh -c "echo 10250 >/proc/sys/net/ipv4/ip_local_reserved_ports"');
    expect(await netform(m, ['plan'], settings(forms))).toContain('ip_local_reserved_ports');
    expect((await m.netform(['destroy', 'settings', '--yes'])).code).toBe(0);

    const said = await netform(m, ['apply', '--yes'], settings('net.ipv4.no_such_thing: 1, net.ipv4.tcp_sack: yes'), 3);
    expect(said).toContain('3:31: this kernel has no net.ipv4.no_such_thing in a namespace');
    expect(said).toContain('this kernel refuses the value "yes" of net.ipv4.tcp_sack');
    expect(await m.snapshot()).toBe(before);
  });
});

test('F41: IPv6 is on and off where the file says so, also where the machine has it off; links above a small NIC', async () => {
  await withMachine(async (m) => {
    await m.must('ip link add nic type veth peer name cable; ip link set nic up; ip link set cable up');
    await m.must('sysctl -qw net.ipv6.conf.default.disable_ipv6=1; ip link set nic mtu 900');
    const before = await m.snapshot();
    expect(await netform(m, ['plan'], switches(''), 3)).toContain(
      'mtu 1500 of host:mv1, a macvlan, is larger than nic allows, which has 900',
    );
    await netform(m, ['apply', '--yes'], switches(', mtu: 900'));
    expect(await pings(m, 'a', 'fd01::fe'), 'IPv6 of a').toBe(true);
    expect(await m.must('ip -n b -6 addr')).toBe('');
    expect(await netform(m, ['plan'], switches(', mtu: 900'))).toMatch(NOTHING);
    expect((await m.netform(['destroy', 'switches', '--yes'])).code).toBe(0);
    expect(await m.snapshot()).toBe(before);
    const without = switches(', mtu: 900').replace(/ {2}sysctls: .*lan.*\n/, '');
    expect(await netform(m, ['plan'], without, 3)).toContain('this machine has IPv6 turned off for new links');
  });
});
