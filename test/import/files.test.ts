import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runNetform } from '../labs/run-netform.ts';
import { withMachine } from '../support/machine.ts';

test('files of containerlab and of Docker Compose come out as topologies that can be applied', () =>
  withMachine(async (m) => {
    await m.must('ip link add enp0s3 type veth peer name upstream && ip link set enp0s3 up');
    const before = await m.snapshot();
    for (const [of, file, golden, lab] of [
      ['containerlab', 'frr.clab.yml', 'containerlab', 'frr01'],
      ['containerlab', 'clos.clab.yml', 'clos', 'clos01'],
      ['containerlab', 'kinds.clab.yml', 'kinds', 'kinds'],
      ['compose', 'shop.compose.yaml', 'compose', 'shop'],
      ['compose', 'stack.compose.yaml', 'stack', 'stack'],
    ] as const) {
      const { stdout, stderr } = await runNetform(m, ['import', of, join('test/import/files', file)]);
      await expect(stdout).toMatchFileSnapshot(join('golden', `${golden}.yaml`));
      const told = stdout.match(/^# left out: .*$/gm) ?? [];
      expect(told.map((line) => line.replace('# ', 'netform: '))).toEqual(stderr.trim().split('\n'));
      // The kernel of these tests may lack VLANs; test/other-kernels applies them to one in memory.
      const input = stdout.replace(/^ +eth1\.10:\n(?: {8}.*\n)+/gm, '');
      await runNetform(m, ['apply', '-'], { input });
      await runNetform(m, ['plan', '-', '--exit-code'], { input });
      if (lab === 'kinds') await m.must('ip netns exec pod ping -c1 -W2 10.1.0.4');
      if (lab === 'clos01') await m.must('ip netns exec client1 ping -c1 -W2 10.0.2.10');
      await runNetform(m, ['destroy', lab, '--yes']);
    }
    expect(await m.snapshot()).toBe(before);
  }));

test('programs of nodes and services run, and see the files that are bound into them', () =>
  withMachine(async (m) => {
    const before = await m.snapshot();
    await m.must('mkdir -p /run/lab && echo "hello from a file" >/run/lab/index.html && cd /run/lab && mkdir folder');
    const clab = `name: progs
topology:
  defaults: { network-mode: none }
  nodes:
    web:
      binds: ["index.html:/srv/index.html", "folder:/srv/folder"]
      exec:
        - ip addr add 10.9.0.1/24 dev eth1
        - sh -c "cd /srv && nohup python3 -m http.server 80 >/dev/null 2>&1 &"
        - sh -c 'while true; do echo tick; sleep 1; done &'
    client: { cmd: sleep infinity, exec: ["ip addr add 10.9.0.2/24 dev eth1", "echo done"] }
  links: [{ endpoints: ["web:eth1", "client:eth1"] }]
`;
    const compose = `services:
  web:
    command: [python3, -m, http.server, --directory, /srv, "80"]
    volumes: ["./index.html:/srv/index.html"]
  client: { command: sleep infinity }
`;
    for (const [of, file, text, told] of [
      [
        'containerlab',
        'progs.clab.yml',
        clab,
        ['web: binds folder:/srv/folder', 'client runs: echo done', 'management'],
      ],
      ['compose', 'compose.yaml', compose, []],
    ] as const) {
      await m.must(`cat >/run/lab/${file} <<'END'\n${text}END`);
      const out = `/run/lab-${of}.yaml`;
      const args = ['import', of, `/run/lab/${file}`, '-o', out, '--name', 'progs'];
      expect((await runNetform(m, args)).stderr.split('\n').filter((line) => line !== '')).toEqual(
        told.map((line) => expect.stringContaining(line)),
      );
      await runNetform(m, ['apply', out]);
      await runNetform(m, ['plan', out, '--exit-code']);
      const got = 'for i in $(seq 50); do curl -sf http://web/ && exit; sleep 0.2; done; exit 1';
      expect((await runNetform(m, ['exec', 'client', '--', 'sh', '-c', got])).stdout).toContain('hello from a file');
      if (of === 'containerlab') expect((await runNetform(m, ['logs', 'web/loop'])).stdout).toContain('tick');
      await runNetform(m, ['destroy', 'progs', '--yes']);
      await m.must(`rm ${out}`);
    }
    expect(await m.snapshot()).toBe(before);
  }));

test('a node of containerlab that is a container of others stands for it', () =>
  withMachine(async (m) => {
    await m.must('ip netns add theirs');
    const before = await m.snapshot();
    const input = `name: shop
topology:
  nodes:
    db: { kind: ext-container, exec: ["ip addr add 10.9.0.1/24 dev eth1"] }
    old: { kind: ext-container, runtime: podman }
    web: { kind: linux, network-mode: none, exec: ["ip addr add 10.9.0.2/24 dev eth1"] }
  links: [{ endpoints: ["db:eth1", "web:eth1"] }]
`;
    const { stdout } = await runNetform(m, ['import', 'containerlab', '-'], { input });
    expect(stdout).toContain('  db:\n    container: "docker:db"\n');
    expect(stdout).toContain('  old: { container: "podman:old" }\n');
    expect((await runNetform(m, ['plan', '-'], { input: stdout })).stderr).toContain('db cannot be entered: docker:db');
    // A namespace of others in the place of the container, since there is no runtime here.
    const lab = stdout.replace('docker:db', 'path:/run/netns/theirs').replace(/ {2}old: .*\n/, '');
    await runNetform(m, ['apply', '-'], { input: lab });
    expect((await m.sh('ip netns exec web ping -c1 -W2 10.9.0.1')).code).toBe(0);
    expect((await m.sh('ip netns exec web ping -c1 -W1 10.9.0.3')).code).not.toBe(0);
    await runNetform(m, ['destroy', 'shop', '--yes']);
    expect(await m.snapshot()).toBe(before);
  }));

test('an import says what is wrong with its input, and writes over nothing', () =>
  withMachine(async (m) => {
    const cases: readonly (readonly [readonly string[], string, RegExp])[] = [
      [['compose', '-'], 'services: [', /is not a Docker Compose file: .*line 1/],
      [['containerlab', '-'], 'name: x', /is not a containerlab file: it has no "topology"/],
      [['containerlab', '-'], 'a: &a [*a]', /is not a containerlab file/],
      [['compose', 'missing.yaml'], '', /cannot read missing.yaml: there is no such file/],
      [['live', '--netns', 'nobody'], '', /there is no namespace nobody/],
      [['live', '--name', '1 2'], '', /cannot be the name of a lab/],
    ];
    for (const [args, input, says] of cases) {
      const { stderr } = await runNetform(m, ['import', ...args], { input, code: 2 });
      expect(stderr).toMatch(says);
    }
    const input = 'services: {}\n';
    const out = ['import', 'compose', '-', '-o', '/run/out.yaml'];
    await runNetform(m, out, { input });
    const { stderr } = await runNetform(m, out, { input, code: 2 });
    expect(stderr).toContain('it exists already');
    await runNetform(m, [...out, '--force', '--name', 'other'], { input });
    expect(await m.must('cat /run/out.yaml')).toContain('name: other');
  }));
