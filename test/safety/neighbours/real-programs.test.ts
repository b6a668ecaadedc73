import { expect, test } from 'vitest';
import { runNetform } from '../../labs/run-netform.ts';
import type { Machine } from '../../support/machine.ts';
import { doctor, expectFinding, expectRemedy } from '../doctor/doctor.ts';
import { missing, until, withPrograms } from './programs.ts';

const LAB = `
version: 1
name: lab
bridges: { lab0: { subnet: 10.55.0.0/24, address: 10.55.0.1 } }
namespaces: { red: { interfaces: { eth0: { bridge: lab0 } }, publish: ["8080:80"] } }
nat: [{ masquerade: lab0 }]
`;

const DOCKER = 'export DOCKER_HOST=unix:///run/d.sock';
const START = `${DOCKER}; set -e
  mountpoint -q /sys/fs/cgroup || mount -t tmpfs none /sys/fs/cgroup
  dockerd --data-root /run/dd --exec-root /run/dx -H unix:///run/d.sock -p /run/d.pid -s vfs >/run/dockerd.log 2>&1 &
  ${until('docker version', '/run/dockerd.log')}`;
const STOP = 'kill $(cat /run/d.pid); while [ -e /run/d.pid ]; do sleep 0.1; done';

const apply = (m: Machine) => runNetform(m, ['apply', '-', '--yes'], { input: LAB });
const destroy = (m: Machine) => runNetform(m, ['destroy', 'lab', '--yes']);
const forwarding = (m: Machine): Promise<string> => m.must('cat /proc/sys/net/ipv4/ip_forward');
const chains = (m: Machine): Promise<string> => m.must('iptables-nft -S');

const noDocker = missing('sbin/dockerd');
test.skipIf(noDocker !== null)(`a dockerd that comes second keeps its forwarding (D1, ${noDocker ?? 'real'})`, () =>
  withPrograms(async (m) => {
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
    withPrograms(async (m) => {
      await m.must(START);
      const before = await chains(m);
      await apply(m);
      const dropped = await expectFinding(m, 'forwarding-dropped');
      expect(dropped.remedy.every((line) => line.includes('-I DOCKER-USER'))).toBe(true);
      await expectRemedy(m, dropped);
      await m.must(`${DOCKER}; docker network create --subnet 10.55.0.0/24 second; ip -n red link set eth0 down`);
      expect((await expectFinding(m, 'subnet-conflict')).what).toContain('(Docker)');
      expect((await apply(m)).stderr).toContain('warning: subnet 10.55.0.0/24 of bridge lab0 overlaps');
      const { stderr } = await destroy(m);
      await m.must(/links that are gone; to remove them: (.*)\n/.exec(stderr)?.[1] ?? 'false');
      await m.must(`${DOCKER}; docker network rm second`);
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

/** A podman that keeps everything below /run, with the one kind of cgroup that its runtime takes, and the root of `box`. */
const PODMAN = 'podman --root /run/pod --runroot /run/podrun --storage-driver vfs --cgroup-manager cgroupfs';
const READY = `set -e
  umount -l /sys/fs/cgroup 2>/dev/null || true; mount -t cgroup2 none /sys/fs/cgroup
  mkdir -p /run/box; cd /run/box; mkdir usr proc sys dev etc run tmp; mount --rbind /usr usr
  ln -s usr/bin usr/lib usr/lib64 usr/sbin .`;
const run = (m: Machine, words: string) =>
  m.must(
    `${PODMAN} run -d --cgroups=disabled ${words} --rootfs /run/box sleep 1000 >/run/podman.log 2>&1 </dev/null || { cat /run/podman.log >&2; false; }`,
  );

const noPodman = missing('bin/podman');
test.skipIf(noPodman !== null)(
  `a port and a network of podman, second and first (D1, D3, D4, D6, ${noPodman ?? 'real'})`,
  () =>
    withPrograms(async (m) => {
      await m.must(READY);
      // Only written down: podman makes its bridge with the first container.
      await m.must(`${PODMAN} network create --subnet 10.55.0.0/24 second`);
      await apply(m);
      await run(m, '--name box -p 8080:80 --network podman --network second');
      const found = (await doctor(m)).map(({ name, where }) => `${name}: ${where}`);
      expect(found.filter((one) => /port-conflict.*chain NETAVARK-DN-/.test(one)).length).toBeGreaterThan(0);
      expect(found).toContain('port-conflict: the socket 0.0.0.0:8080');
      expect(found.join('\n')).toMatch(/subnet-conflict: 10\.55\.0\.1\/24 of podman\d \(Podman\)/);
      await m.must('ip -n red link set eth0 down');
      const healed = await apply(m);
      expect(healed.stdout).toContain('changed by hand');
      for (const words of ['port 8080/tcp is in use by a program', 'subnet 10.55.0.0/24 of bridge lab0 overlaps'])
        expect(healed.stderr).toContain(`warning: ${words}`);
      expect((await destroy(m)).stderr).toContain('net.ipv4.ip_forward stays 1, because Podman');
      expect(await forwarding(m)).toBe('1\n');

      const before = await m.snapshot();
      const { stderr } = await runNetform(m, ['plan', '-'], { input: LAB, code: 3 });
      expect(stderr).toMatch(/subnet 10\.55\.0\.0\/24 of bridge lab0 overlaps 10\.55\.0\.1\/24 of podman\d \(Podman\)/);
      // What forwards the port is found also where no program holds it.
      await m.must('kill -9 $(pidof conmon); while ss -Hlt sport = 8080 | grep -q .; do sleep 0.1; done');
      const again = await runNetform(m, ['plan', '-'], { input: LAB, code: 3 });
      expect(again.stderr).toContain('port 8080/tcp is forwarded by another program: table ip nat, chain NETAVARK-DN-');
      expect(await m.snapshot()).toBe(before);
    }),
);
