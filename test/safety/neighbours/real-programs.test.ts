import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runNetform } from '../../labs/run-netform.ts';
import { type Machine, withMachine } from '../../support/machine.ts';
import { doctor, expectFinding, expectRemedy } from '../doctor/doctor.ts';

/**
 * A folder with the files of the Debian packages docker.io, containerd, runc and netavark: `apt-get download` them, and
 * `dpkg-deb -x` each into it. They are run from there, and never installed.
 */
const FOLDER = process.env['NETFORM_TEST_PROGRAMS'] ?? '';
const noDocker = existsSync(`${FOLDER}/usr/sbin/dockerd`) ? null : 'NETFORM_TEST_PROGRAMS is no folder with dockerd';

const LAB = `
version: 1
name: lab
bridges: { lab0: { subnet: 10.55.0.0/24, address: 10.55.0.1 } }
namespaces: { red: { interfaces: { eth0: { bridge: lab0 } }, publish: ["8080:80"] } }
nat: [{ masquerade: lab0 }]
`;

const PATH = `export PATH=${FOLDER}/usr/sbin:${FOLDER}/usr/bin:$PATH DOCKER_HOST=unix:///run/d.sock`;
const START = `${PATH}; set -e
  mountpoint -q /sys/fs/cgroup || mount -t tmpfs none /sys/fs/cgroup
  dockerd --data-root /run/dd --exec-root /run/dx -H unix:///run/d.sock -p /run/d.pid -s vfs >/run/dockerd.log 2>&1 &
  for i in $(seq 100); do docker version >/dev/null 2>&1 && exit; sleep 0.2; done; cat /run/dockerd.log >&2; exit 1`;
const STOP = 'kill $(cat /run/d.pid); while [ -e /run/d.pid ]; do sleep 0.1; done';

const apply = (m: Machine) => runNetform(m, ['apply', '-', '--yes'], { input: LAB });
const destroy = (m: Machine) => runNetform(m, ['destroy', 'lab', '--yes']);
const forwarding = (m: Machine): Promise<string> => m.must('cat /proc/sys/net/ipv4/ip_forward');
const chains = (m: Machine): Promise<string> => m.must('iptables-nft -S');

test.skipIf(noDocker !== null)(`a dockerd that comes second keeps its forwarding (D1, ${noDocker ?? 'real'})`, () =>
  withMachine(async (m) => {
    await apply(m);
    await m.must(START);
    expect((await runNetform(m, ['plan', '-'], { input: LAB })).stdout).toContain('Nothing to do');
    expect(await doctor(m)).toEqual([]);
    const { stderr } = await destroy(m);
    expect(stderr).toContain('net.ipv4.ip_forward stays 1, because Docker');
    expect(await forwarding(m)).toBe('1\n');
    await m.must(STOP);
  }),
);

test.skipIf(noDocker !== null)(
  `a dockerd that comes first lets a lab through, and gets its chains back (D2, D6, D9, ${noDocker ?? 'real'})`,
  () =>
    withMachine(async (m) => {
      await m.must(START);
      const before = await chains(m);
      await apply(m);
      const dropped = await expectFinding(m, 'forwarding-dropped');
      expect(dropped.remedy.every((line) => line.includes('-I DOCKER-USER'))).toBe(true);
      await expectRemedy(m, dropped);
      await m.must(`${PATH}; docker network create --subnet 10.55.0.0/24 second; ip -n red link set eth0 down`);
      expect((await expectFinding(m, 'subnet-conflict')).what).toContain('(Docker)');
      expect((await apply(m)).stderr).toContain('warning: subnet 10.55.0.0/24 of bridge lab0 overlaps');
      const { stderr } = await destroy(m);
      await m.must(/links that are gone; to remove them: (.*)\n/.exec(stderr)?.[1] ?? 'false');
      await m.must(`${PATH}; docker network rm second`);
      expect(await chains(m)).toBe(before);
      // What dockerd leaves when it is stopped and its rules are flushed: a chain that nothing jumps to.
      await m.must(`${STOP}; iptables-nft -F`);
      await apply(m);
      const left = await expectFinding(m, 'forwarding-dropped');
      expect(left.remedy.every((line) => line.includes('-I FORWARD'))).toBe(true);
      await expectRemedy(m, left);
      await destroy(m);
    }),
);

const noNetavark = existsSync(`${FOLDER}/usr/lib/podman/netavark`) ? null : 'NETFORM_TEST_PROGRAMS has no netavark';

/** A container `box` of Podman that publishes port 8080, as Podman describes it to netavark. */
const BOX = JSON.stringify({
  ...{ container_id: '2d0f3b3d9e1f', container_name: 'box' },
  networks: { podman: { static_ips: ['10.88.0.2'], interface_name: 'eth0' } },
  network_info: {
    podman: {
      ...{ name: 'podman', id: '2f259bab93aaaaa2542ba43ef33eb990d0999ee1b9924b557b7be53c0b7a1bb9', driver: 'bridge' },
      ...{ network_interface: 'podman0', subnets: [{ subnet: '10.88.0.0/16', gateway: '10.88.0.1' }] },
      ...{ ipv6_enabled: false, internal: false, dns_enabled: false, ipam_options: { driver: 'host-local' } },
    },
  },
  port_mappings: [{ host_ip: '', container_port: 80, host_port: 8080, range: 1, protocol: 'tcp' }],
});

const netavark = (m: Machine, verb: 'setup' | 'teardown') =>
  m.must(`${FOLDER}/usr/lib/podman/netavark ${verb} /run/netns/box`, { input: BOX });

test.skipIf(noNetavark !== null)(
  `a port of netavark is a conflict first, and a finding second (D1, D3, D4, ${noNetavark ?? 'real'})`,
  () =>
    withMachine(async (m) => {
      await m.must('ip netns add box');
      await netavark(m, 'setup');
      const { stderr } = await runNetform(m, ['plan', '-'], { input: LAB, code: 3 });
      expect(stderr).toContain('port 8080/tcp is forwarded by another program: table ip nat, chain NETAVARK-DN-');
      await netavark(m, 'teardown');
      await m.must('sysctl -qw net.ipv4.ip_forward=0');
      await apply(m);
      await netavark(m, 'setup');
      expect((await expectFinding(m, 'port-conflict')).where).toContain('chain NETAVARK-DN-');
      await m.must('ip -n red link set eth0 down');
      expect((await apply(m)).stdout).toContain('changed by hand');
      expect((await destroy(m)).stderr).toContain('net.ipv4.ip_forward stays 1, because Podman');
      expect(await forwarding(m)).toBe('1\n');
    }),
);
