import { expect, test } from 'vitest';
import { NETFORM } from '../safety/interrupt.ts';
import { withMachine } from '../support/machine.ts';
import { expectNothingLeft, pidOf } from './programs.ts';
import { runNetform } from './run-netform.ts';

const ANSWERING = (port: number) =>
  `{ command: "ncat --listen --keep-open ${port} --exec '/bin/cat /etc/answer'", ports: [${port}] }`;

const FROM = `version: 1
name: from
namespaces:
  red:
    interfaces: { lo: [10.9.0.1/32, "fd00:9::1/128"] }
    run: { first: ${ANSWERING(71)}, second: ${ANSWERING(72)} }
    files: { /etc/answer: { from: answer.bin } }
  blue:
    run: { other: sleep 1d }
`;

test('a file beside the topology is seen with its bytes by all programs of its namespace, which a change starts again', () =>
  withMachine(async (m) => {
    const before = await m.snapshot();
    const file = '/run/beside/from.yaml';
    await m.must('mkdir /run/beside; cat >/run/beside/from.yaml', { input: FROM });
    const missing = await runNetform(m, ['plan', file], { code: 3 });
    expect(missing.stderr).toContain('/run/beside/answer.bin cannot be read');
    await m.must("printf 'one\\0\\377\\r\\n' >/run/beside/answer.bin");
    await runNetform(m, ['apply', file, '--yes']);
    const ask = (host: string, port: number) =>
      m.must(`ip netns exec red timeout 5 ncat --recv-only ${host} ${port} | od -An -tx1`);
    expect(await ask('10.9.0.1', 71)).toBe(' 6f 6e 65 00 ff 0d 0a\n');
    expect(await ask('fd00:9::1', 72)).toBe(' 6f 6e 65 00 ff 0d 0a\n');
    expect((await m.sh('test -e /etc/answer || ip netns exec blue test -e /etc/answer')).code).toBe(1);
    const programs = ['from red.first', 'from red.second', 'from blue.other'];
    const pids = async () => await Promise.all(programs.map((name) => pidOf(m, name)));
    const [first, second, other] = await pids();

    await m.must('echo two >/run/beside/answer.bin');
    const planned = (await runNetform(m, ['plan', file])).stdout;
    for (const name of ['first', 'second'])
      expect(planned).toMatch(
        new RegExp(`~ process +${name} +another /etc/answer in its namespace: started again, connections lost`),
      );
    expect(planned).not.toContain('blue');
    await runNetform(m, ['apply', file, '--yes']);
    expect(await ask('fd00:9::1', 71)).toBe(' 74 77 6f 0a\n');
    const now = await pids();
    expect([now[0] === first, now[1] === second, now[2] === other]).toEqual([false, false, true]);

    // A program that changed is started again alone.
    await m.must(`sed -i 's/keep-open 72/keep-open 73/; s/\\[72\\]/[73]/' ${file}`);
    await runNetform(m, ['apply', file, '--yes']);
    expect(await ask('10.9.0.1', 73)).toBe(' 74 77 6f 0a\n');
    const last = await pids();
    expect([last[0] === now[0], last[1] === now[1], last[2] === now[2]]).toEqual([true, false, true]);
    await m.must('rm /run/beside/answer.bin');
    await runNetform(m, ['destroy', 'from', '--yes']);
    await m.must('rm -r /run/beside');
    await expectNothingLeft(m, before);
  }));

/** A lab whose machine answers at a port, and whose client asks. */
const onTheHost = (lab: string, port: number) => `version: 1
name: ${lab}
bridges: { ${lab}-lan: { subnet: [10.${port}.0.0/24, "fd00:${port}::/64"], address: [10.${port}.0.254, "fd00:${port}::fe"] } }
host:
  run: { echo: { command: "ncat --listen --keep-open 70${port} --exec '/bin/echo ${lab}'", ports: [70${port}] } }
namespaces: { ${lab}-client: { interfaces: { eth0: { bridge: ${lab}-lan } } } }
`;

test('a program of the machine answers the clients of its lab, and two labs can have one of the same name', () =>
  withMachine(async (m) => {
    const before = await m.snapshot();
    for (const [lab, port] of [
      ['one', 11],
      ['two', 12],
    ] as const)
      await runNetform(m, ['apply', '-', '--yes'], { input: onTheHost(lab, port) });
    const ask = (lab: string, host: string, port: number) =>
      m.must(`ip netns exec ${lab}-client timeout 5 ncat --recv-only ${host} ${port} 2>/dev/null || true`);
    for (const [lab, port] of [
      ['one', 11],
      ['two', 12],
    ] as const) {
      for (const host of [`10.${port}.0.254`, `fd00:${port}::fe`]) {
        expect(await ask(lab, host, 7000 + port), host).toBe(`${lab}\n`);
        expect(await ask(lab, host, 7013), host).toBe('');
      }
    }
    const [one, two] = [await pidOf(m, 'one host.echo'), await pidOf(m, 'two host.echo')];
    const which = await runNetform(m, ['restart', 'host/echo'], { code: 2 });
    expect(which.stderr).toContain('one and two have programs called host/echo');
    expect(which.stderr).toContain('name the lab: --lab one');
    await runNetform(m, ['restart', 'host/echo', '--lab', 'two']);
    expect(await pidOf(m, 'one host.echo')).toBe(one);
    expect(await pidOf(m, 'two host.echo')).not.toBe(two);
    expect(await ask('two', '10.12.0.254', 7012)).toBe('two\n');
    await runNetform(m, ['destroy', 'one', '--yes']);
    expect(await ask('two', 'fd00:12::fe', 7012)).toBe('two\n');
    await runNetform(m, ['destroy', 'two', '--yes']);
    await expectNothingLeft(m, before);
  }));

const SPEAKING = `version: 1
name: speaking
namespaces:
  red:
    run: { mouth: { command: [sh, -c, "echo begun; while read line </run/words; do echo \\"heard $line\\"; done"] } }
`;

test('logs -f goes on with what a program writes, also when it was started again', () =>
  withMachine(async (m) => {
    await m.must('mkfifo /run/words');
    await runNetform(m, ['apply', '-', '--yes'], { input: SPEAKING });
    await m.must(`${NETFORM} logs red/mouth -f >/run/followed 2>&1 & echo $! >/run/follower`);
    const hear = (text: string) =>
      m.must(
        `for i in $(seq 200); do grep -qx '${text}' /run/followed && exit; sleep 0.05; done; cat /run/followed; exit 1`,
      );
    await hear('begun');
    await m.must('echo one >/run/words');
    await hear('heard one');
    await runNetform(m, ['restart', 'red/mouth']);
    await m.must('echo two >/run/words');
    await hear('heard two');
    await m.must(
      'kill -TERM $(cat /run/follower); while kill -0 $(cat /run/follower) 2>/dev/null; do sleep 0.02; done',
    );
    expect((await m.must('cat /run/followed')).split('\n')).toEqual(['begun', 'heard one', 'begun', 'heard two', '']);
    await runNetform(m, ['destroy', 'speaking', '--yes']);
  }));

test('a part of a file that a killed run has left goes with the next one', () =>
  withMachine(async (m) => {
    const before = await m.snapshot();
    const lab = {
      version: 1,
      name: 'part',
      namespaces: {
        red: {
          run: { late: { command: 'sleep 100', ready: '/tmp/never' } },
          files: { '/etc/answer': { content: 'one\n' } },
        },
      },
    };
    await m.sh('cat >/run/part.json', { input: JSON.stringify(lab) });
    const kill = `until [ -e /run/netform/labs/part/.processes/red.late/main ]; do kill -0 $pid || exit 9; done; kill -9 $pid; wait $pid`;
    const { code } = await m.sh(`${NETFORM} apply /run/part.json --yes </dev/null >/run/out 2>&1 & pid=$!; ${kill}`);
    expect(code).toBe(137);
    // As when it had been killed a moment before.
    await m.must('touch /run/netform/labs/part/red/files/etc/answer.netform-0123abcd');
    await m.must('touch /var/lib/netform/.folders.netform-0123abcd');
    await runNetform(m, ['recover', '--all']);
    await expectNothingLeft(m, before);
  }));
