import { expect, test } from 'vitest';
import { runNetform } from '../../labs/run-netform.ts';
import type { Machine } from '../../support/machine.ts';
import { doctor, expectFinding } from '../doctor/doctor.ts';
import { missing, until, withPrograms } from './programs.ts';

const lab = (subnet: string): string => `
version: 1
name: lab
bridges: { lab0: { subnet: ${subnet}.0/24, address: ${subnet}.1 } }
namespaces: { red: { interfaces: { eth0: { bridge: lab0 } }, publish: ["8080:80"] } }
nat: [{ masquerade: lab0 }]
`;
const LAB = lab('10.55.0');
const apply = (m: Machine, text = LAB) => runNetform(m, ['apply', '-', '--yes'], { input: text });
const destroy = (m: Machine) => runNetform(m, ['destroy', 'lab', '--yes']);
const FORWARDING = 'cat /proc/sys/net/ipv4/ip_forward';
const RULES = 'for v in iptables ip6tables; do for t in filter nat mangle; do $v-nft -t $t -S; done; done';

/** The users that the package makes, its default network, and the program. */
const START = `set -e
  mkdir -p /var/lib/libvirt/dnsmasq /etc/libvirt/qemu/networks
  cp /usr/share/libvirt/networks/default.xml /etc/libvirt/qemu/networks
  echo libvirt-qemu:x:64055:64055::/:/bin/false >>/etc/passwd
  printf '%s\\n' libvirt-qemu:x:64055: kvm:x:64056: >>/etc/group
  libvirtd >/run/libvirtd.log 2>&1 &
  ${until('virsh -c network:///system net-list', '/run/libvirtd.log')}`;
const virsh = (m: Machine, command: string) => m.must(`virsh -q -c network:///system ${command}`);
const define = (m: Machine, xml: string) =>
  m.must('cat >/run/n.xml && virsh -q -c network:///system net-define /run/n.xml', { input: xml });

const noLibvirt = missing('sbin/libvirtd');
test.skipIf(noLibvirt !== null)(`libvirt's networks, second and first (D1, D6, D7, D9, ${noLibvirt ?? 'real'})`, () =>
  withPrograms(async (m) => {
    await m.must(START);
    await apply(m);
    await virsh(m, 'net-start default');
    expect((await runNetform(m, ['plan', '-'], { input: LAB })).stdout).toContain('Nothing to do');
    expect(await doctor(m)).toEqual([]);
    // A network of guests that are ports of the lab's bridge, and one over the lab's subnet.
    await define(m, '<network><name>guests</name><forward mode="bridge"/><bridge name="lab0"/></network>');
    await virsh(m, 'net-start guests');
    await m.must('ip link add vnet0 type veth peer name guest0; ip link set vnet0 master lab0');
    await define(
      m,
      '<network><name>wide</name><forward/><bridge name="virbr5"/><ip address="10.55.0.1" netmask="255.255.0.0"/></network>',
    );
    await virsh(m, 'net-start wide');
    expect((await expectFinding(m, 'subnet-conflict')).what).toContain('10.55.0.1/16 of virbr5 (libvirt)');
    await m.must('ip -n red link set eth0 down');
    const healed = await apply(m);
    expect(healed.stderr).toContain(
      'warning: subnet 10.55.0.0/24 of bridge lab0 overlaps 10.55.0.1/16 of virbr5 (libvirt)',
    );
    expect(healed.stdout.replaceAll(/ +/g, ' ')).toContain('? link vnet0 port of lab0, unmanaged');
    const rules = await m.must(RULES);
    expect((await destroy(m)).stderr).toContain('net.ipv4.ip_forward stays 1, because libvirt (table ip');
    expect(await m.must(FORWARDING)).toBe('1\n');
    expect(await m.must(RULES)).toBe(rules);

    // The other order: forwarding is what libvirt turned on, and its addresses are taken.
    await virsh(m, 'net-destroy wide');
    const before = await m.snapshot();
    const { stderr } = await runNetform(m, ['plan', '-'], { input: lab('192.168.122'), code: 3 });
    expect(stderr).toContain('subnet 192.168.122.0/24 of bridge lab0 overlaps 192.168.122.1/24 of virbr0 (libvirt)');
    await apply(m);
    expect(await doctor(m)).toEqual([]);
    expect((await destroy(m)).stderr).not.toContain('stays');
    expect(await m.snapshot()).toBe(before);
    // A default network that finds a lab in its place says so itself.
    await virsh(m, 'net-destroy default');
    await apply(m, lab('192.168.122'));
    await expect(virsh(m, 'net-start default')).rejects.toThrow('Network is already in use by interface lab0');
  }),
);
