import { expect, test } from 'vitest';
import { type Machine, repository, withMachine } from '../support/machine.ts';

const LAB = `version: 1
name: pair
bridges: { sw: { subnet: 10.7.0.0/24, address: 10.7.0.1 } }
namespaces:
  red: { interfaces: { eth0: { bridge: sw } }, routes: [{ to: default, via: 10.7.0.1 }] }
  blue: { interfaces: { eth0: { bridge: sw } } }
`;

const inLab = (body: (m: Machine) => Promise<void>) => () =>
  withMachine(async (m) => {
    await m.must('mkdir -p /run/work');
    await m.sh('cat > /run/work/topology.yaml', { input: LAB });
    expect((await m.netform(['apply'], { cwd: '/run/work' })).code).toBe(0);
    await body(m);
  });

const netform = `${process.execPath} ${repository}bin/run.js`;

test(
  'exec runs what it is given inside the namespace, and nothing of it is changed on the way',
  inLab(async (m) => {
    const exec = (...args: readonly string[]) => m.netform(['exec', ...args], { cwd: '/run/work', input: 'in\n' });
    await m.must('mkdir -p /etc/netns/red && echo nameserver 192.0.2.7 > /etc/netns/red/resolv.conf');

    const look =
      'ls /sys/class/net; grep nameserver /etc/resolv.conf; grep -c blue /etc/hosts; pwd; cat; echo "$1|$NETFORM_X"';
    const looked = await m.netform(['exec', 'red', '--', 'sh', '-c', look, 'sh', '--json $(x) "'], {
      ...{ cwd: '/run/work', input: 'in\n', env: { NETFORM_X: 'handed on' } },
    });
    expect(looked).toMatchObject({ code: 0, stderr: '' });
    expect(looked.stdout).toBe('eth0\nlo\nnameserver 192.0.2.7\n1\n/run/work\nin\n--json $(x) "|handed on\n');
    // As if the shell had started it: no signal is ignored, no descriptor is left open.
    const clean = await exec('red', '--', 'sh', '-c', 'grep -E "Sig(Ign|Blk)" /proc/self/status; ls /proc/self/fd');
    expect(clean.stdout).toBe('SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n0\n1\n2\n3\n');

    expect((await exec('blue', '--', 'sh', '-c', 'exit 7')).code).toBe(7);
    expect((await m.sh(`${netform} exec blue -- sh -c 'kill -TERM $$'; echo $?`)).stdout).toBe('143\n');
    expect(await exec('host', '--', 'ip', '-br', 'link', 'show', 'sw')).toMatchObject({ code: 0 });
    expect(await exec('red', '--', 'nope')).toMatchObject({
      code: 127,
      stderr: expect.stringContaining('there is no program nope'),
    });
    expect((await exec('red', '--', '/etc/passwd')).code).toBe(126);
    expect(await exec('rde', '--', 'true')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean red?'),
    });
    expect(await exec('red', 'true')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('exec needs -- before the program'),
    });
    expect((await exec('--', 'true')).code).toBe(2);
    expect((await m.sh('cat /etc/resolv.conf; findmnt -n /etc/hosts')).stdout, 'outside').not.toContain('192.0.2.7');
  }),
);

test(
  'exec --all runs it everywhere, labels what it says, fails with the first that fails, and hands signals on',
  inLab(async (m) => {
    const exec = (...args: readonly string[]) => m.netform(['exec', '--all', ...args], { cwd: '/run/work' });
    const said = await exec(
      '--',
      'sh',
      '-c',
      'cd /sys/class/net; ls -d eth0; echo no >&2; printf last; grep -c . /etc/hosts',
    );
    expect(said.code).toBe(0);
    expect(said.stdout.split('\n').toSorted()).toEqual([
      '',
      'blue | eth0',
      'blue | last8',
      'red  | eth0',
      'red  | last8',
    ]);
    expect(said.stderr.split('\n').toSorted()).toEqual(['', 'blue | no', 'red  | no']);

    const failing = 'ip -br addr show eth0 | grep -q 10.7.0.3 && exit 5; exit 6';
    const json = await exec('--lab', 'pair', '--json', '--', 'sh', '-c', failing);
    expect(json.code).toBe(6);
    expect(JSON.parse(json.stdout)).toMatchObject({
      results: [
        { namespace: 'red', exitCode: 6 },
        { namespace: 'blue', exitCode: 5 },
      ],
    });
    expect((await exec('--', 'nope')).code).toBe(127);

    const waiting = 'trap "echo told; exit 3" TERM; echo ready; while :; do sleep 0.1; done';
    const { stdout } = await m.sh(
      `${netform} exec --lab pair --all -- sh -c '${waiting}' > /run/out & p=$!
      until [ "$(grep -c ready /run/out)" = 2 ]; do sleep 0.05; done
      kill -TERM $p; wait $p; echo ended $?; cat /run/out`,
    );
    expect(stdout).toContain('ended 3\n');
    expect(stdout).toContain('red  | told\n');
    expect(stdout).toContain('blue | told\n');
  }),
);

test(
  'shell says in its prompt where it is',
  inLab(async (m) => {
    await m.must(`mkdir -p /run/home && echo "PS1='mine> '; TRIED=yes" > /run/home/.bashrc`);
    const asked = 'echo "$NETFORM_NAMESPACE $TRIED $(ls /sys/class/net | tr "\\n" " ")"; exit 5\n';
    const shell = (name: string) =>
      m.sh(`HOME=/run/home SHELL=${name} script -qec '${netform} shell red' /dev/null`, { input: asked });
    const bash = await shell('/bin/bash');
    expect(bash).toMatchObject({ code: 5 });
    expect(bash.stdout).toContain('[red] mine> ');
    expect(bash.stdout).toContain('red yes eth0 lo');
    const sh = await shell('/bin/sh');
    expect(sh.stdout).toContain('[red] # ');
    expect(sh.code).toBe(5);
  }),
);

test(
  'capture gives what passes: lines, objects, or a pcap file that tcpdump reads',
  inLab(async (m) => {
    m.start(['ip', 'netns', 'exec', 'red', 'ping', '-n', '-i0.2', '10.7.0.3']);
    const capture = (...args: readonly string[]) => m.netform(['capture', ...args]);
    const text = await capture('blue:eth0', '--text', '--count', '8');
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(/^\d\d:\d\d:\d\d\.\d{6} {2}10\.7\.0\.2 > 10\.7\.0\.3 {2}ICMP echo request, 98 bytes$/m);
    expect(text.stdout).toMatch(/10\.7\.0\.3 > 10\.7\.0\.2 {2}ICMP echo reply/);

    const json = await capture('host:sw', '--json', '--count', '1');
    expect(JSON.parse(json.stdout)).toMatchObject({ length: expect.any(Number), text: expect.any(String) });

    const pcap = await m.must(`${netform} capture blue:eth0 --count 12 2>/dev/null | tcpdump -nttr - icmp 2>/dev/null`);
    expect(pcap).toMatch(/^(\d+)\.\d{6} IP 10\.7\.0\.2 > 10\.7\.0\.3: ICMP echo request, id \d+, seq \d+, length 64$/m);
    const seconds = Number(/^\d+/.exec(pcap)?.[0]);
    expect(Math.abs(seconds - Date.now() / 1000), 'the clock of the machine').toBeLessThan(60);

    const ended = await m.sh(`${netform} capture blue:eth0 | head -c 24 | od -An -tx4; echo`);
    expect(ended.stdout, 'its reader ends').toContain('a1b23c4d');
    expect(await capture('red:eth9')).toMatchObject({ code: 2, stderr: expect.stringContaining('no link eth9') });

    const gone = m.sh(`${netform} capture red:eth0 --text`);
    const destroyed = await m.netform(['destroy', 'pair', '--yes']);
    expect(destroyed.code).toBe(0);
    expect((await gone).code, 'the link goes').toBeLessThan(3);
  }),
);

test(
  'link cuts an interface, plan tells, apply heals',
  inLab(async (m) => {
    const run = (...args: readonly string[]) => m.netform(args, { cwd: '/run/work' });
    const reaches = async () => (await m.sh('ip netns exec red ping -c1 -W1 10.7.0.1')).code === 0;
    expect(await reaches()).toBe(true);
    expect((await run('link', 'down', 'red:eth0')).stdout).toBe('red:eth0 is down; netform apply repairs it.\n');
    expect(await reaches()).toBe(false);
    const plan = await run('plan', '--exit-code');
    expect(plan.code).toBe(10);
    expect(plan.stdout).toMatch(/~ veth .*state down → up, changed by hand[\s\S]*\+ route .*removed by hand/);
    expect((await run('link', 'down', 'red:eth0')).stdout).toBe('red:eth0 is down already.\n');
    expect((await run('apply')).code).toBe(0);
    expect(await reaches()).toBe(true);
    expect((await run('plan', '--exit-code')).code).toBe(0);

    // Another run has the lock until this one says that it waits.
    const waited = await m.sh(
      `touch /run/said; (flock 9; until grep -q waiting /run/said; do sleep 0.1; done) 9>/run/netform/lock &
      until ! flock -n /run/netform/lock true; do sleep 0.05; done
      script -qec '${netform} link down red:eth0 --lock-timeout 50' /dev/null > /run/said; cat /run/said`,
    );
    expect(waited.stdout).toMatch(/waiting for another run to end[\s\S]*red:eth0 is down; netform apply repairs it\./);

    expect(await run('link', 'down', 'host:lo')).toMatchObject({ code: 7 });
    expect((await m.sh('ip link show lo')).stdout).toContain('UP');
    expect(await run('link', 'up', 'red:eth1')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean red:eth0?'),
    });
    for (const words of [
      ['link', 'down', 'red'],
      ['capture', 'red:'],
    ]) {
      expect(await run(...words)).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(
          /red is a namespace, not an interface .*\n {2}= its interfaces are red:eth0 and red:lo\n/,
        ),
      });
    }
    expect(await run('exec', 'nosuchname', '--', 'true')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/\n {2}= there are [a-z, ]+ and [a-z]+; host is this machine\n/),
    });
  }),
);
