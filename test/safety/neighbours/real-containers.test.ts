import { expect, test } from 'vitest';
import { runNetform } from '../../labs/run-netform.ts';
import type { Machine } from '../../support/machine.ts';
import { fencesOf, wordOf } from '../../support/page.ts';
import { textOf } from '../../support/pages.ts';
import { doctor, expectFinding } from '../doctor/doctor.ts';
import { NETFORM } from '../interrupt.ts';
import { missing, until, withPrograms } from './programs.ts';

/** Whatever is missing of the programs of a test; null: nothing. */
const lacking = (...programs: readonly string[]): string | null =>
  ['bin/busybox', ...programs].map(missing).find((why) => why !== null) ?? null;

/** An image of busybox with a page: /run/box.tar. */
const IMAGE = `set -e
  mkdir -p /run/box/bin /run/box/www; cp /usr/bin/busybox /run/box/bin; echo hello >/run/box/www/index.html
  for name in sh httpd sleep ip wget; do ln -s busybox /run/box/bin/$name; done
  tar -C /run/box -cf /run/box.tar .`;

const DOCKER = `${IMAGE}
  mountpoint -q /sys/fs/cgroup || mount -t tmpfs none /sys/fs/cgroup
  dockerd --data-root /run/dd --exec-root /run/dx -p /run/d.pid -s vfs >/run/dockerd.log 2>&1 </dev/null &
  ${until('docker version', '/run/dockerd.log')}
  docker import /run/box.tar lab/box >/dev/null`;
const STOP = 'kill $(cat /run/d.pid); while [ -e /run/d.pid ]; do sleep 0.1; done';

/** A podman that keeps everything below /run, with the one kind of cgroup that its runtime takes, and networks of CNI. */
const PODMAN = `${IMAGE}
  umount -l /sys/fs/cgroup 2>/dev/null || true; mount -t cgroup2 none /sys/fs/cgroup
  mkdir -p /etc/containers
  printf '[storage]\\ndriver = "vfs"\\ngraphroot = "/run/pod"\\nrunroot = "/run/podrun"\\n' >/etc/containers/storage.conf
  printf '[network]\\nnetwork_backend = "cni"\\ncni_plugin_dirs = ["/usr/lib/cni"]\\n[engine]\\ncgroup_manager = "cgroupfs"\\nruntime = "crun"\\n[containers]\\ncgroups = "disabled"\\n' >/etc/containers/containers.conf
  podman import -q /run/box.tar lab/box >/dev/null`;

/** Plays the blocks of a page that carry `key=value`, with its files; gives what they printed. */
async function playBlocks(m: Machine, page: string, key: string, value: string): Promise<string> {
  const fences = fencesOf(textOf(page));
  const files = fences.flatMap((fence) => {
    const name = wordOf(fence, 'file');
    return name === null ? [] : [`cat >/run/${name} <<'END'\n${fence.body}END`];
  });
  const blocks = fences.filter((fence) => fence.language === 'sh' && wordOf(fence, key) === value);
  expect(blocks.length).toBeGreaterThan(0);
  const body = blocks.map(({ body }) => body.replaceAll(/(?<=apply )(?=[a-z]+\.yaml)/g, '/run/')).join('');
  return m.must(`set -e\n${files.join('\n')}\nnetform() { ${NETFORM} "$@"; }\n${body}`);
}

const CURL = 'curl -s --max-time 3';
/** What a page answers to the machine, or to a namespace of it; empty: nothing. */
const fetched = async (m: Machine, url: string, netns?: string): Promise<string> =>
  (await m.sh(`${netns === undefined ? '' : `ip netns exec ${netns} `}${CURL} '${url}'`)).stdout;

/** Lets a lab through the firewall of Docker, as the doctor says. */
async function letThrough(m: Machine): Promise<void> {
  for (let round = 0; round < 2; round++) {
    const found = (await doctor(m)).find(({ name }) => name === 'forwarding-dropped');
    if (found === undefined) return;
    for (const line of (await expectFinding(m, 'forwarding-dropped')).remedy) await m.must(line);
  }
}

/** Without the numbers of links, which are others after each start. */
const INSIDE = "docker exec db ip -o address | sed 's/^[0-9]*: //'; docker exec db ip route";

const noDocker = lacking('sbin/dockerd');
test.skipIf(noDocker !== null)(`none, host and bridge of Docker, and those of netform (${noDocker ?? 'real'})`, () =>
  withPrograms(async (m) => {
    await m.must(DOCKER);
    await playBlocks(m, 'docs/docker.md', 'docker', 'side');
    const names = async (command: string) =>
      (await m.must(command)).split('\n').flatMap((line) => /^\d+: ([^:@]+)/.exec(line)?.[1] ?? []);
    expect(await names('docker exec none ip -o link')).toEqual(await names('ip -n lonely -o link'));
    expect(await names('docker exec host ip -o link')).toEqual(await names('ip -o link'));
    for (const command of ['docker exec bridge ip route', 'ip -n web route'])
      expect(await m.must(command)).toMatch(/^default via 172\.\d+\.0\.1 dev eth0/);
    expect(await names('docker exec bridge ip -o link')).toEqual(await names('ip -n web -o link'));
    m.start(['ip', 'netns', 'exec', 'web', 'busybox', 'httpd', '-f', '-p', '80', '-h', '/run/box/www']);
    await m.must(until(`${CURL} http://127.0.0.1:8080/`, '/run/dockerd.log'));
    for (const port of [8080, 8081]) expect(await fetched(m, `http://127.0.0.1:${port}/`)).toBe('hello\n');
    for (const url of ['http://127.0.0.1:80/', 'http://127.0.0.1:8079/']) expect(await fetched(m, url)).toBe('');
    await runNetform(m, ['destroy', 'side', '--yes']);
    expect(await fetched(m, 'http://127.0.0.1:8081/')).toBe('hello\n');
    await m.must(STOP);
  }),
);

test.skipIf(noDocker !== null)(`a container of Docker in a lab, started again (${noDocker ?? 'real'})`, () =>
  withPrograms(async (m) => {
    await m.must(DOCKER);
    const lab = 'topologies/containers/docker.yaml';
    await runNetform(m, ['validate', lab]);
    expect((await runNetform(m, ['apply', lab, '--yes'], { code: 3 })).stderr).toContain('docker has no container db');
    await m.must('docker run -d --name db lab/box httpd -f -p 80 -h /www');
    const before = await m.must(INSIDE);
    await m.must('mkdir -p /run/netns; ln -s "$(docker inspect -f {{.NetworkSettings.SandboxKey}} db)" /run/netns/db');
    const live = await runNetform(m, ['import', 'live', '--all']);
    expect(live.stderr).toContain(
      'left out: the container docker:db; container: "docker:db" has a namespace stand for it',
    );
    expect(live.stdout).not.toContain('eth0');
    await m.must('rm /run/netns/db');
    await runNetform(m, ['apply', lab, '--yes']);
    await letThrough(m);
    const answers = async () => [
      await fetched(m, 'http://db/', 'client'),
      await fetched(m, 'http://10.20.0.10/', 'client'),
      await fetched(m, 'http://[fd00:20::10]/', 'client'),
      await fetched(m, 'http://127.0.0.1:8080/'),
      await fetched(m, 'http://10.20.0.1:8080/', 'client'),
      await fetched(m, 'http://[fd00:20::1]:8080/', 'client'),
    ];
    expect(await answers()).toEqual(Array(6).fill('hello\n'));
    for (const url of ['http://10.20.0.10:81/', 'http://10.20.0.1:8081/', 'http://[fd00:20::1]:81/'])
      expect(await fetched(m, url, 'client')).toBe('');
    expect((await runNetform(m, ['exec', 'db', '--', 'getent', 'hosts', 'client'])).stdout).toContain('client');
    await m.must('docker restart -t 0 db');
    expect(await answers()).toEqual(Array(6).fill(''));
    const { stdout, stderr } = await runNetform(m, ['plan', lab]);
    expect(stderr).toContain('docker:db was started again since the last apply: 3 objects of db to create again');
    expect(stdout).toContain('3 to add, 1 to change, 0 to replace, 0 to delete');
    await runNetform(m, ['apply', lab, '--yes']);
    expect(await answers()).toEqual(Array(6).fill('hello\n'));
    await m.must('docker stop -t 0 db');
    expect((await runNetform(m, ['plan', lab])).stderr).toContain('docker:db: it is exited');
    await m.must('docker start db');
    await runNetform(m, ['apply', lab, '--yes']);
    await runNetform(m, ['destroy', 'container', '--yes']);
    expect(await m.must(INSIDE)).toBe(before);
    expect(await m.must('ls /run/netns')).toBe('');
    await m.must(STOP);
  }),
);

const CONTAINERD = 'export CONTAINERD_ADDRESS=/run/dx/containerd/containerd.sock';
const noCtr = lacking('sbin/dockerd', 'bin/ctr');
test.skipIf(noCtr !== null)(
  `containerd with a network of the lab's file, and its container in a lab (${noCtr ?? 'real'})`,
  () =>
    withPrograms(async (m) => {
      await m.must(`${DOCKER}
      mount -t tmpfs -o mode=755 none /opt; mkdir -p /opt/cni; ln -s /usr/lib/cni /opt/cni/bin
      ${CONTAINERD}; docker save -o /run/image.tar lab/box; ctr image import /run/image.tar`);
      await runNetform(m, ['apply', '-', '--yes'], { input: NETWORK });
      await m.must(
        `${CONTAINERD}; ctr run --cni -d --snapshotter native docker.io/lab/box:latest c1 httpd -f -p 80 -h /www`,
      );
      const inside = await m.must(`${CONTAINERD}; ctr task exec --exec-id a c1 ip -o address`);
      expect(inside).toMatch(/10\.88\.7\.2\/24[\s\S]*fd00:88::2\/64/);
      expect(await fetched(m, 'http://10.88.7.2/')).toBe('hello\n');
      const env = { CONTAINERD_ADDRESS: '/run/dx/containerd/containerd.sock' };
      await runNetform(m, ['apply', '-', '--yes'], { input: joined('containerd:c1'), env });
      await letThrough(m);
      for (const url of ['http://b/', 'http://10.30.0.2/', 'http://[fd00:30::2]/'])
        expect(await fetched(m, url, 'pc')).toBe('hello\n');
      await m.must(`${CONTAINERD}; ctr task kill -s 9 c1; ${until('ctr task ls | grep STOPPED', '/run/dockerd.log')}`);
      const { stderr } = await runNetform(m, ['plan', '-'], { input: joined('containerd:c1'), env });
      expect(stderr).toContain('containerd:default/c1: its task is STOPPED');
      await runNetform(m, ['destroy', 'joined', '--yes'], { env });
      await runNetform(m, ['destroy', 'network', '--yes']);
      await m.must(STOP);
    }),
);

/** A network of CNI, in both families. */
const NETWORK = `
version: 1
name: network
cni:
  mynet:
    cniVersion: 0.4.0
    plugins:
      - type: bridge
        bridge: cni-lab0
        isGateway: true
        ipam: { type: host-local, ranges: [[{ subnet: 10.88.7.0/24 }], [{ subnet: "fd00:88::/64" }]], routes: [{ dst: 0.0.0.0/0 }, { dst: "::/0" }] }
      - { type: portmap, capabilities: { portMappings: true } }
`;

/** A lab with a container of another program on its LAN. */
const joined = (container: string) => `
version: 1
name: joined
bridges: { lan2: { subnet: [10.30.0.0/24, "fd00:30::/64"], address: [10.30.0.1, "fd00:30::1"] } }
namespaces:
  b: { container: "${container}", interfaces: { eth7: { bridge: lan2, address: [10.30.0.2, "fd00:30::2"] } }, publish: ["8082:80"] }
  pc: { interfaces: { eth0: { bridge: lan2 } } }
`;

const noPodman = lacking('bin/podman', 'bin/crun');
test.skipIf(noPodman !== null)(
  `podman in a namespace and on a network of netform, and in a lab (${noPodman ?? 'real'})`,
  () =>
    withPrograms(async (m) => {
      await m.must(PODMAN);
      expect(await playBlocks(m, 'docs/kubernetes.md', 'podman', 'pod')).toMatch(/hello\nhello\n$/);
      expect(await fetched(m, 'http://[fd00:21::10]/', 'client')).toBe('hello\n');
      expect(await fetched(m, 'http://pod:81/', 'client')).toBe('');
      await runNetform(m, ['apply', '-', '--yes'], { input: NETWORK });
      await m.must('podman run -d --name b --network mynet -p 8081:80 lab/box httpd -f -p 80 -h /www');
      expect(await fetched(m, 'http://127.0.0.1:8081/')).toBe('hello\n');
      await runNetform(m, ['apply', '-', '--yes'], { input: joined('podman:b') });
      for (const url of ['http://b/', 'http://10.30.0.2/', 'http://[fd00:30::2]/', 'http://10.30.0.1:8082/'])
        expect(await fetched(m, url, 'pc')).toBe('hello\n');
      // Its network has a name under /run/netns, too: what is in it is not an orphan.
      expect((await runNetform(m, ['recover', '--orphans'])).stdout).not.toContain('eth7');
      await m.must('podman restart -t 0 b');
      expect(await fetched(m, 'http://b/', 'pc')).toBe('');
      await runNetform(m, ['apply', '-', '--yes'], { input: joined('podman:b') });
      expect(await fetched(m, 'http://b/', 'pc')).toBe('hello\n');
      await runNetform(m, ['destroy', 'joined', '--yes']);
      expect(await fetched(m, 'http://127.0.0.1:8081/')).toBe('hello\n');
      await m.must('podman rm -f -t 0 b web');
      await runNetform(m, ['destroy', 'network', '--yes']);
      await runNetform(m, ['destroy', 'pod', '--yes']);
      expect(await m.must('ls /run/netns')).toBe('');
    }),
);
