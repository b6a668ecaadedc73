import { expect, test } from 'vitest';
import { runit } from '../support/fetched-programs.ts';
import { withMachine } from '../support/machine.ts';
import { expectNothingLeft, get, pidOf } from './programs.ts';
import { runNetform } from './run-netform.ts';

test('a web server answers its client and a port of the machine, is started again alone, and goes without a trace', () =>
  withMachine(async (m) => {
    const file = 'topologies/programs/web.yaml';
    const before = await m.snapshot();
    const planned = await runNetform(m, ['plan', file]);
    expect(planned.stdout).toMatch(/\+ process +http +python3 -m http\.server --bind :: 80/);
    expect(planned.stdout).toMatch(/\+ file +\/srv\/index\.html +mode 644/);
    await runNetform(m, ['apply', file]);
    for (const url of ['http://10.0.0.1/', 'http://[fd00::1]/', 'http://web/'])
      expect(await get(m, 'client', url), url).toBe('hello from web\n');
    for (const url of ['http://10.0.0.254:8080/', 'http://127.0.0.1:8080/', 'http://[fd00::fe]:8080/'])
      expect(await get(m, 'host', url), url).toBe('hello from web\n');
    for (const url of ['http://10.0.0.1:81/', 'http://[fd00::1]:81/'])
      expect(await get(m, 'client', url), url).toBe('');
    expect((await m.sh('test -e /srv/index.html')).code).toBe(1);
    expect((await runNetform(m, ['exec', 'web', '--', 'cat', '/srv/index.html'])).stdout).toBe('hello from web\n');
    expect((await m.must(`stat -c %U /proc/${await pidOf(m, 'web web.http')}`)).trim()).toBe('www-data');
    expect((await runNetform(m, ['plan', file])).stdout).toContain('Nothing to do.');
    expect((await runNetform(m, ['show', 'web'])).stdout).toMatch(/ok +process +http +running, process \d+, \d+ s/);

    await m.must(`kill -9 ${await pidOf(m, 'web web.http')}; sleep 0.2`);
    for (const url of ['http://10.0.0.1/', 'http://[fd00::1]/']) expect(await get(m, 'client', url), url).toBe('');
    const drift = await runNetform(m, ['plan', file]);
    expect(drift.stdout).toMatch(/± process +http +has ended: started again/);
    expect(drift.stdout).toContain('Plan: 0 to add, 0 to change, 1 to replace, 0 to delete.');
    await runNetform(m, ['apply', file]);
    expect(await get(m, 'client', 'http://10.0.0.1/')).toBe('hello from web\n');
    await runNetform(m, ['destroy', 'web', '--yes']);
    await expectNothingLeft(m, before);
  }));

test('two programs of one namespace meet on localhost, where the others do not reach them', () =>
  withMachine(async (m) => {
    const file = 'topologies/programs/pod.yaml';
    const before = await m.snapshot();
    await runNetform(m, ['apply', file]);
    for (const host of ['10.0.0.1', '[fd00::1]']) {
      expect(await get(m, 'client', `http://${host}/`), host).toBe('hello from app\n');
      expect(await get(m, 'client', `http://${host}:9000/`), host).toBe('');
    }
    expect((await runNetform(m, ['wait', 'pod', '--timeout', '20s'])).stdout).toBe('2 programs are ready.\n');
    expect((await runNetform(m, ['logs', 'pod/app', '-n', '1'])).stdout).toMatch(/^127\.0\.0\.1 .*"GET \/ HTTP.*\n$/);
    expect((await runNetform(m, ['logs', 'pod', '--json'])).stdout).toContain('"program":"pod/app","line":"127.0.0.1');
    const [app, front] = [await pidOf(m, 'pod pod.app'), await pidOf(m, 'pod pod.front')];
    expect((await runNetform(m, ['restart', 'pod/app'])).stdout).toBe('Started again: pod/app.\n');
    expect(await pidOf(m, 'pod pod.app')).not.toBe(app);
    expect(await pidOf(m, 'pod pod.front')).toBe(front);
    expect(await get(m, 'client', 'http://10.0.0.1/')).toBe('hello from app\n');
    await m.must(`kill -9 ${front}; sleep 0.2`);
    const noTime = await runNetform(m, ['wait', 'pod', '--timeout', 'soon'], { code: 2 });
    expect(noTime.stderr).toContain('--timeout must be a time such as 60s or 5m, not soon');
    const waited = await runNetform(m, ['wait', 'pod', '--timeout', '1'], { code: 6 });
    expect(waited.stdout).toBe('Not ready: pod/front.\n');
    const meant = await runNetform(m, ['logs', 'pod/frunt'], { code: 2 });
    expect(meant.stderr).toContain('did you mean pod/front?');
    await runNetform(m, ['destroy', 'pod', '--yes']);
    await expectNothingLeft(m, before);
  }));

/** A lab of one namespace with a program that answers each connection with the words of a file, as somebody. */
const answering = (program: object, file: object) =>
  JSON.stringify({
    version: 1,
    name: 'answer',
    namespaces: {
      red: {
        interfaces: { lo: ['10.9.0.1/32', 'fd00:9::1/128'] },
        run: {
          echo: { command: 'ncat --listen --keep-open 70 --exec "/bin/cat /etc/answer"', ports: [70], ...program },
        },
        files: { '/etc/answer': { content: 'one\n', ...file } },
      },
    },
  });

test('the user, the mode and the bytes of a file count, and a change is undone with its program', () =>
  withMachine(async (m) => {
    const before = await m.snapshot();
    const apply = (input: string, code = 0) => runNetform(m, ['apply', '-', '--yes'], { input, code });
    const ask = (host: string) => m.must(`ip netns exec red timeout 5 ncat --recv-only ${host} 70 || true`);
    const bind = { user: 'nobody', capabilities: 'net_bind_service' };
    await apply(answering(bind, {}));
    for (const host of ['10.9.0.1', 'fd00:9::1']) expect(await ask(host)).toBe('one\n');
    const first = await pidOf(m, 'answer red.echo');
    await apply(answering(bind, { mode: '0600' }));
    expect(await ask('10.9.0.1')).toBe('');
    await apply(answering(bind, { content: 'two\n' }));
    expect(await ask('fd00:9::1')).toBe('two\n');
    expect(await pidOf(m, 'answer red.echo')).not.toBe(first);

    // The new program ends at once: the former one is there again, with its file.
    const failed = await apply(
      answering({ command: [...'sh -c'.split(' '), 'echo no such luck; exit 9'] }, { content: 'three\n' }),
      4,
    );
    expect(failed.stderr).toContain('echo ended at once with exit code 9: no such luck');
    expect(await ask('10.9.0.1')).toBe('two\n');
    const late = await apply(answering({ command: 'sleep 100', ready: '/tmp/never', readyTimeout: 1 }, {}), 4);
    expect(late.stderr).toContain('echo was not ready after 1 s and said nothing');
    expect(await ask('10.9.0.1')).toBe('two\n');
    const plan = await runNetform(m, ['plan', '-'], {
      input: answering({ command: 'sleep 100' }, { content: 'two\n' }),
    });
    expect(plan.stdout).toMatch(/~ process +echo +another command, .*: started again, connections lost/);
    await runNetform(m, ['destroy', 'answer', '--yes']);
    await expectNothingLeft(m, before);
  }));

test('values of the environment that look like secrets are shown by no command, and stand in no record', () =>
  withMachine(async (m) => {
    const input = answering({ env: { DB_PASSWORD: 'hunter2', MODE: 'lab' } }, {});
    const outputs = [
      await runNetform(m, ['plan', '-', '--full', '--json'], { input }),
      await runNetform(m, ['plan', '-', '--commands'], { input }),
      await runNetform(m, ['apply', '-', '--yes', '--json'], { input }),
      await runNetform(m, ['show', 'answer', '--json'], {}),
    ];
    for (const { stdout, stderr } of outputs) {
      expect(stdout + stderr).not.toContain('hunter2');
      expect(stdout + stderr).toContain('MODE');
    }
    expect(await m.must('cat /run/netform/labs/answer/.processes/red.echo/process.json')).not.toContain('hunter2');
    const pid = await pidOf(m, 'answer red.echo');
    expect(await m.must(`tr '\\0' '\\n' </proc/${pid}/environ`)).toContain('DB_PASSWORD=hunter2\n');
    await runNetform(m, ['destroy', 'answer', '--yes']);
  }));

const AGAIN = `version: 1
name: again
namespaces:
  red:
    interfaces: { lo: [10.9.0.1/32, "fd00:9::1/128"] }
    run:
      echo: { command: "ncat --listen --keep-open 70 --exec '/bin/echo hello'", ports: [70], restart: always }
      job: { command: [sh, -c, sleep 1], restart: on-failure }
`;

const ASKING = `version: 1
name: asking
bridges: { lan: { subnet: 10.8.0.0/24, address: first } }
namespaces:
  # Each asks something of another one as it starts, and is not ready before it has its answer.
  a-client:
    interfaces: { eth0: { bridge: lan } }
    run: { ask: { command: [sh, -c, "ncat --recv-only db.lab.test 70 >/tmp/answer; exec sleep 1d"], after: [db/echo], ready: { command: "test -s /tmp/answer" } } }
  db:
    interfaces: { eth0: { bridge: lan, address: 10.8.0.70 } }
    run: { echo: { command: "ncat --listen --keep-open 70 --exec '/bin/echo hello'", ports: [70] } }
  ns1:
    interfaces: { eth0: { bridge: lan } }
    dnsServer: { zones: { lab.test: { records: [db A 10.8.0.70] } } }
dns: { nameservers: [ns1], names: false }
`;

test('a program starts when cables are in and DNS servers answer, by netform and by the commands of its plan', () =>
  withMachine(async (m) => {
    const before = await m.snapshot();
    await runNetform(m, ['apply', '-', '--yes'], { input: ASKING });
    expect((await runNetform(m, ['plan', '-'], { input: ASKING })).stdout).toContain('Nothing to do.');
    // The server is changed under programs that run: they stay, and a new one asks what it says by now.
    const moved = ASKING.replace('db A', 'db A 10.8.0.70, dbase A').replaceAll('db.lab.test', 'dbase.lab.test');
    await runNetform(m, ['apply', '-', '--yes'], { input: moved });
    await runNetform(m, ['destroy', 'asking', '--yes']);
    await expectNothingLeft(m, before);
    const { stdout } = await runNetform(m, ['plan', '-', '--commands'], { input: ASKING });
    const starts = stdout.split('\n').flatMap((line) => /^setsid -f ip netns exec (\S+)/.exec(line)?.[1] ?? []);
    expect(starts).toStrictEqual(['ns1', 'db', 'a-client']);
    expect(stdout.lastIndexOf('link set dev')).toBeLessThan(stdout.indexOf('setsid'));
    expect(stdout.lastIndexOf('install -D')).toBeLessThan(stdout.indexOf('setsid'));
  }));

/** A gateway that forwards nothing, so that no DNS server of the machine is reached. */
const UNREACHED = `version: 1
name: unreached
bridges: { lan: { subnet: 10.7.0.0/24, address: 10.7.0.1 } }
namespaces:
  web:
    interfaces: { eth0: { bridge: lan } }
    run: { http: { command: python3 -m http.server 8000, workdir: /tmp, ready: 8000/tcp, readyTimeout: 3s } }
host: { forwarding: false }
`;

test('a program that asks for the name of the machine need not wait for a DNS server that it does not reach', () =>
  withMachine(async (m) => {
    await m.must('echo nameserver 192.0.2.53 >/etc/resolv.conf');
    const before = await m.snapshot();
    await runNetform(m, ['apply', '-', '--yes'], { input: UNREACHED });
    expect(await m.must('ip netns exec web getent ahosts $(hostname)')).toMatch(/^127\.0\.1\.1 /);
    await runNetform(m, ['destroy', 'unreached', '--yes']);
    await expectNothingLeft(m, before);
  }));

test('without runsv a plan with restart is refused', () =>
  withMachine(async (m) => {
    const planned = await runNetform(m, ['plan', '-'], { input: AGAIN, code: 3 });
    expect(planned.stderr).toContain('restart: always needs systemd as process 1, or runsv of runit');
  }));

test.skipIf(runit.missing !== null)(`runsv starts again what ended (${runit.missing ?? 'real'})`, () =>
  withMachine(async (m) => {
    await m.must(runit.overlay);
    const before = await m.snapshot();
    const apply = (input: string, code = 0) => runNetform(m, ['apply', '-', '--yes'], { input, code });
    const ask = (host: string) => m.must(`ip netns exec red timeout 5 ncat --recv-only ${host} 70 || true`);
    await apply(AGAIN);
    expect(await ask('10.9.0.1')).toBe('hello\n');
    const folder = '/run/netform/labs/again/.processes/red.echo';
    await m.must(`kill -9 $(cat ${folder}/service/supervise/pid); sleep 2`);
    for (const host of ['10.9.0.1', 'fd00:9::1']) expect(await ask(host)).toBe('hello\n');
    const { stdout } = await runNetform(m, ['show', 'again']);
    expect(stdout).toMatch(/process +echo +running, process \d+, \d+ s, restarted once/);
    expect(stdout).toMatch(/process +job +finished with exit code 0/);
    expect((await runNetform(m, ['plan', '-'], { input: AGAIN })).stdout).toContain('Nothing to do.');
    await m.must(`kill -9 $(cat ${folder}/main); sleep 0.2`);
    await apply(AGAIN);
    expect(await ask('10.9.0.1')).toBe('hello\n');
    const failed = await apply(AGAIN.replace('sleep 1', '"echo broken; exit 3"'), 4);
    expect(failed.stderr).toMatch(/job ended at once with exit code 3: broken/);
    await runNetform(m, ['destroy', 'again', '--yes']);
    await expectNothingLeft(m, before);
  }),
);
