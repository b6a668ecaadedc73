import { expect, test } from 'vitest';
import { NETFORM } from '../safety/interrupt.ts';
import { noSystemd, type SystemdMachine, withSystemd } from '../support/systemd.ts';
import { get } from './programs.ts';
import { runNetform } from './run-netform.ts';

const WEB = 'topologies/programs/web.yaml';
const UNITS = "systemctl list-units --all --plain --no-legend 'netform*' | cut -d' ' -f1";

/** One boot serves all cases: each leaves what it found. */
test.skipIf(noSystemd !== null)(`programs are units where systemd is process 1 (${noSystemd ?? 'real'})`, () =>
  withSystemd(async (m) => {
    const before = await m.snapshot();
    for (const [title, play] of Object.entries(CASES)) {
      await play(m).catch((error: Error) => {
        error.message = `${title}: ${error.message}`;
        throw error;
      });
      await expectNothingLeft(m, title, before);
    }
  }),
);

/** No unit, slice, control group, process, file or drop-in of ours. */
async function expectNothingLeft(m: SystemdMachine, title: string, before: string): Promise<void> {
  expect(await m.must(UNITS), title).toBe('');
  expect(await m.snapshot(), title).toBe(before);
  expect(await m.must('ls -A /run/netform; ls -A /var/lib/netform'), title).toBe('lock\n');
  expect(await m.must("find /sys/fs/cgroup /run/systemd /etc/systemd -name '*netform*'"), title).toBe('');
  expect(await m.must('pgrep -fl "[h]ttp.server|[n]cat|[d]nsmasq|sleep 10[0]" || true'), title).toBe('');
}

/** Waits until a command ends with 0. */
const until = (m: SystemdMachine, command: string): Promise<string> =>
  m.must(`timeout 60 sh -c 'until ${command}; do sleep 0.05; done'`);

/** A lab of one namespace with programs. */
const labOf = (run: object, files: object = {}): string =>
  JSON.stringify({
    version: 1,
    name: 'my-lab',
    namespaces: { red: { interfaces: { lo: ['10.9.0.1/32', 'fd00:9::1/128'] }, run, files } },
  });

const ECHO = { command: "ncat --listen --keep-open 70 --exec '/bin/cat /etc/answer'", ports: [70] };
const ONE = { '/etc/answer': { content: 'one\n' } };
const RECORDS = '/run/netform/labs/my-lab/.processes';

const apply = (m: SystemdMachine, input: string, code = 0) => runNetform(m, ['apply', '-', '--yes'], { input, code });
const ask = (m: SystemdMachine, host: string): Promise<string> =>
  m.must(`ip netns exec red timeout 5 ncat --recv-only ${host} 70 || true`);
const destroy = (m: SystemdMachine) => runNetform(m, ['destroy', 'my-lab', '--yes']);

const CASES: { readonly [title: string]: (m: SystemdMachine) => Promise<void> } = {
  'a web server sees its files, writes into the journal, and is started again alone': async (m) => {
    await runNetform(m, ['apply', WEB]);
    expect(await m.must(UNITS)).toBe('netform-web:web:http.service\nnetform-web.slice\nnetform.slice\n');
    for (const url of ['http://10.0.0.1/', 'http://[fd00::1]/', 'http://web/'])
      expect(await get(m, 'client', url), url).toBe('hello from web\n');
    for (const url of ['http://10.0.0.1:81/', 'http://[fd00::1]:81/'])
      expect(await get(m, 'client', url), url).toBe('');
    const number = 'systemctl show --property=MainPID --value netform-web:web:http';
    expect(await m.must(`stat -c %U /proc/$(${number})`)).toBe('www-data\n');
    expect((await m.sh('test -e /srv/index.html')).code).toBe(1);
    // The commands of the test are in another control group.
    expect(await m.must(`cat /proc/$(${number})/cgroup`)).toContain(
      '0::/netform.slice/netform-web.slice/netform-web:web:http.service\n',
    );
    await m.must('journalctl --sync');
    expect((await runNetform(m, ['logs', 'web/http', '-n', '1'])).stdout).toMatch(/"GET \/ HTTP\/1.1" 200 -\n$/);
    expect(await m.must('journalctl --output=cat --identifier=http')).toContain('"GET / HTTP/1.1" 200 -');
    expect((await runNetform(m, ['plan', WEB])).stdout).toContain('Nothing to do.');
    expect((await runNetform(m, ['show', 'web'])).stdout).toMatch(
      new RegExp(`ok +process +http +running, process ${(await m.must(number)).trim()}, \\d+ s`),
    );
    expect((await runNetform(m, ['doctor', 'web'])).stdout).toContain('\nPrograms run as units of systemd.\n');
    expect((await runNetform(m, ['wait', 'web', '--timeout', '20s'])).stdout).toBe('1 program is ready.\n');

    await m.must('systemctl kill --signal=KILL netform-web:web:http');
    await until(m, 'test -e /run/netform/labs/web/.processes/web.http/exit');
    expect(await get(m, 'client', 'http://[fd00::1]/')).toBe('');
    expect((await runNetform(m, ['show', 'web'])).stdout).toMatch(/changed +process +http +has ended: started again/);
    const drift = await runNetform(m, ['plan', WEB]);
    expect(drift.stdout).toMatch(/± process +http +has ended: started again/);
    await runNetform(m, ['apply', WEB]);
    expect(await get(m, 'client', 'http://10.0.0.1/')).toBe('hello from web\n');
    const former = await m.must(number);
    expect((await runNetform(m, ['restart', 'web/http'])).stdout).toBe('Started again: web/http.\n');
    expect(await m.must(number)).not.toBe(former);
    await runNetform(m, ['destroy', 'web', '--yes']);
  },

  'a DNS server is a unit, and reads changed names without a new start': async (m) => {
    const file = 'topologies/programs/dns.yaml';
    await runNetform(m, ['apply', file]);
    const look = (words: string) => m.must(`ip netns exec client dig +short +time=2 +tries=2 ${words}`);
    expect(await look('web.lab.test A')).toBe('10.1.0.10\n');
    expect(await look('@fd00:1::53 web.lab.test AAAA')).toBe('fd00:1::10\n');
    expect(await look('none.lab.test A')).toBe('');
    const number = "systemctl show --property=MainPID --value 'netform-dns:*'";
    const former = await m.must(number);
    await m.must(`sed 's/10\\.1\\.0\\.25/10.1.0.26/' ${file} >/run/changed.yaml`);
    await runNetform(m, ['apply', '/run/changed.yaml']);
    expect(await look('mail.lab.test A')).toBe('10.1.0.26\n');
    expect(await m.must(number)).toBe(former);
    await runNetform(m, ['destroy', 'dns', '--yes']);
  },

  'systemd starts again what has ended, and says how often': async (m) => {
    const job = { command: ['sh', '-c', 'until [ -e /run/go ]; do sleep 0.1; done'], restart: 'on-failure' };
    const input = labOf({ echo: { ...ECHO, restart: 'always' }, job }, ONE);
    await apply(m, input);
    expect(await m.must(UNITS)).toContain('netform-my\\x2dlab.slice\n');
    expect(await ask(m, '10.9.0.1')).toBe('one\n');
    await m.must(`kill -9 $(cat ${RECORDS}/red.echo/main)`);
    await until(m, `test -e ${RECORDS}/red.echo/restarts`);
    await runNetform(m, ['wait', 'my-lab', '--timeout', '60s']);
    for (const host of ['10.9.0.1', 'fd00:9::1']) expect(await ask(m, host)).toBe('one\n');
    await m.must('touch /run/go');
    await until(m, `test -e ${RECORDS}/red.job/exit`);
    await m.must('rm /run/go');
    const { stdout } = await runNetform(m, ['show', 'my-lab']);
    expect(stdout).toMatch(/process +echo +running, process \d+, \d+ s, restarted once/);
    expect(stdout).toMatch(/process +job +finished with exit code 0/);
    expect((await runNetform(m, ['plan', '-'], { input })).stdout).toContain('Nothing to do.');
    await destroy(m);
  },

  'a program that does not start is undone with its last lines, and the former one is there again': async (m) => {
    await apply(m, labOf({ echo: ECHO }, ONE));
    const broken = { command: ['sh', '-c', 'echo no such luck; exit 9'] };
    const failed = await apply(
      m,
      labOf({ echo: { ...broken, ports: [70] } }, { '/etc/answer': { content: 'two\n' } }),
      4,
    );
    expect(failed.stderr).toContain('echo ended at once with exit code 9: no such luck');
    for (const host of ['10.9.0.1', 'fd00:9::1']) expect(await ask(m, host)).toBe('one\n');
    const again = await apply(m, labOf({ echo: { ...broken, restart: 'always', ports: [70] } }, ONE), 4);
    expect(again.stderr).toContain('exit code 9: no such luck');
    const late = await apply(m, labOf({ echo: { command: 'sleep 100', ready: '/tmp/never', readyTimeout: 1 } }), 4);
    expect(late.stderr).toContain('echo was not ready after 1 s and said nothing');
    expect(await ask(m, 'fd00:9::1')).toBe('one\n');
    await destroy(m);
  },

  'a change that is not confirmed is undone by a unit of its own, and the former program goes on after that': async (
    m,
  ) => {
    await apply(m, labOf({ echo: ECHO }, ONE));
    const input = labOf({ echo: ECHO }, { '/etc/answer': { content: 'two\n' } });
    await runNetform(m, ['apply', '-', '--yes', '--confirm', '10s'], { input });
    expect(await ask(m, '10.9.0.1')).toBe('two\n');
    expect(await m.must(UNITS)).toContain('netform-confirm-my-lab.service\n');
    await until(m, '! [ -L /run/systemd/units/invocation:netform-confirm-my-lab.service ]');
    for (const host of ['10.9.0.1', 'fd00:9::1']) expect(await ask(m, host)).toBe('one\n');
    await destroy(m);
    await m.must('rm /run/netform/confirm.my-lab.log');
  },

  'a secret is in the environment of its program, and shown by no command of systemd': async (m) => {
    await apply(m, labOf({ echo: { ...ECHO, env: { DB_PASSWORD: "hunter2 isn't $HOME", MODE: 'lab' } } }, ONE));
    const shown = await m.must('systemctl show "netform-*"; systemctl cat "netform-*.service"; ps axww; journalctl');
    expect(shown).toContain('netform-my-lab:red:echo.service');
    expect(shown).not.toContain('hunter2');
    const environment = await m.must(`tr '\\0' '\\n' </proc/$(cat ${RECORDS}/red.echo/main)/environ | sort`);
    const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    expect(environment.split('\n').filter((line) => !/^(?:PWD|OLDPWD|_)=|^$/.test(line))).toEqual([
      "DB_PASSWORD=hunter2 isn't $HOME",
      'LC_ALL=C',
      'MODE=lab',
      path,
    ]);
    expect(await m.must(`find ${RECORDS} -maxdepth 0 -perm 700`)).toBe(`${RECORDS}\n`);
    await destroy(m);
  },

  'what is mounted below a folder that a new file covers is seen as before': async (m) => {
    const inner = '/srv/a folder/in it';
    await m.must(`mkdir -p '${inner}' && mount -t tmpfs tmpfs '${inner}' && echo inner >'${inner}/x'`);
    const command = ['sh', '-c', `cat '${inner}/x' /srv/new; ls /tmp; touch /tmp/ready; exec sleep 100`];
    await apply(m, labOf({ reads: { command, ready: '/tmp/ready' } }, { '/srv/new': { content: 'new\n' } }));
    await m.must('journalctl --sync');
    expect((await runNetform(m, ['logs', 'red/reads'])).stdout).toBe('inner\nnew\n');
    expect((await m.sh('ls /srv/new /tmp/ready')).stdout).toBe('');
    await destroy(m);
    await m.must(`umount '${inner}' && rm -r '/srv/a folder'`);
  },

  'a program in the network of a container is a child of netform': async (m) => {
    await m.must(
      'unshare --net=/run/box.net true 2>/dev/null || { : >/run/box.net; unshare --net=/run/box.net true; }',
    );
    const input = JSON.stringify({
      version: 1,
      name: 'my-lab',
      bridges: { lan: ['10.9.0.0/24', 'fd00:9::/64'] },
      namespaces: {
        box: { container: 'path:/run/box.net', interfaces: { eth0: { bridge: 'lan' } }, run: { echo: ECHO.command } },
        red: { interfaces: { eth0: { bridge: 'lan' } } },
      },
    });
    const restarted = JSON.stringify({ command: ECHO.command, restart: 'always' });
    const refused = await runNetform(m, ['plan', '-'], {
      input: input.replace(JSON.stringify(ECHO.command), restarted),
      code: 3,
    });
    expect(refused.stderr).toContain('restart: always in a container needs runsv of runit, which is not installed');
    await apply(m, input.replace('/bin/cat /etc/answer', '/bin/echo box'));
    expect(await m.must(UNITS)).toBe('');
    await until(m, 'ip netns exec red ncat --recv-only 10.9.0.1 70 | grep box');
    expect(await ask(m, 'fd00:9::1')).toBe('box\n');
    await destroy(m);
    await m.must('umount /run/box.net; rm /run/box.net');
  },

  'a netform with mounts of its own starts children, and one without them knows and ends these': async (m) => {
    const elsewhere = `unshare --mount --propagation shared ${NETFORM}`;
    const input = labOf({ echo: ECHO }, ONE);
    await m.must(`${elsewhere} apply - --yes`, { input });
    expect(await m.must(UNITS)).toBe('');
    expect((await m.sh(`${elsewhere} doctor my-lab`)).stdout).toContain(
      'Programs run in control groups of netform, because netform has other mounts than systemd;',
    );
    expect((await runNetform(m, ['plan', '-'], { input })).stdout).toContain('Nothing to do.');
    for (const host of ['10.9.0.1', 'fd00:9::1']) expect(await ask(m, host)).toBe('one\n');
    await runNetform(m, ['restart', 'red/echo']);
    expect(await m.must(UNITS)).toContain('netform-my-lab:red:echo.service\n');
    expect(await ask(m, '10.9.0.1')).toBe('one\n');
    await destroy(m);
  },

  'all that a program has started ends with it': async (m) => {
    const command = ['sh', '-c', 'setsid sh -c \'trap "" TERM; while :; do sleep 100; done\' & exec sleep 1000'];
    await apply(m, labOf({ family: { command } }));
    await until(m, 'pgrep -f "sleep 10[0]$"');
    await destroy(m);
  },

  'a unit of that name that is not ours stays, and the plan is refused or the lab undone': async (m) => {
    const unit = 'netform-my-lab:red:echo';
    await m.must(`systemd-run --quiet --unit=${unit} sleep 1000`);
    const number = `systemctl show --property=MainPID --value ${unit}`;
    const refused = await apply(m, labOf({ echo: ECHO }, ONE), 7);
    expect(refused.stderr).toContain(`the unit ${unit}.service of systemd`);
    expect(refused.stderr).toContain(`systemctl stop ${unit}.service`);
    // Once a plan has been made, systemd itself says so.
    const input = labOf(
      { other: { command: 'sleep 100', ready: '/run/go', readyTimeout: 60 }, echo: { ...ECHO, after: 'other' } },
      ONE,
    );
    await m.must(`systemctl stop ${unit}`);
    const [failed] = await Promise.all([
      apply(m, input, 4),
      until(m, `test -e ${RECORDS}/red.other/main`).then(() =>
        m.must(`systemd-run --quiet --unit=${unit} sleep 1000; touch /run/go`),
      ),
    ]);
    expect(failed.stderr).toMatch(/systemd does not start echo: .*already loaded/);
    expect(await m.must(number)).not.toBe('0\n');
    await m.must(`systemctl stop ${unit}; rm /run/go`);
  },

  'whenever netform is killed, the next run ends what it started': async (m) => {
    const slow = labOf({ echo: ECHO, late: { command: 'sleep 100', ready: '/tmp/never', after: 'echo' } }, ONE);
    await m.sh('cat >/run/slow.json', { input: slow });
    const unit = '/run/systemd/units/invocation:netform-my-lab:red';
    for (const sign of [
      `${RECORDS}/red.echo/process.json`,
      `${RECORDS}/red.echo/ended`,
      `${unit}:echo.service`,
      `${RECORDS}/red.echo/main`,
      `${RECORDS}/red.late/process.json`,
      `${unit}:late.service`,
    ]) {
      const look = `until [ -e ${sign} ] || [ -L ${sign} ]; do kill -0 $pid || exit 9; done; kill -9 $pid; wait $pid`;
      expect(
        (await m.sh(`${NETFORM} apply /run/slow.json --yes </dev/null >/run/out 2>&1 & pid=$!; ${look}`)).code,
        sign,
      ).toBe(137);
      await runNetform(m, ['recover', '--all']);
      expect(await m.must(UNITS), sign).toBe('');
      expect(await m.must('ls -A /run/netform'), sign).toBe('lock\n');
    }
    await m.must('rm /run/slow.json /run/out');
  },

  'a start that systemd is asked for too late runs nothing': async (m) => {
    const wrapper = '/usr/local/sbin/systemd-run';
    const late = 'until [ -e /run/go ]; do sleep 0.02; done; /usr/bin/systemd-run "$@"; touch /run/went';
    await m.must(`cat >${wrapper} && chmod 755 ${wrapper}`, {
      input: `#!/bin/sh\nsetsid sh -c '${late}' sh "$@" &\ntouch /run/asked; exec sleep 1000\n`,
    });
    await m.sh('cat >/run/lab.json', {
      input: labOf({ echo: { command: ['sh', '-c', 'touch /run/ran; sleep 100'], restart: 'always' } }),
    });
    const kill = 'until [ -e /run/asked ]; do kill -0 $pid || exit 9; done; kill -9 $pid; wait $pid';
    expect((await m.sh(`${NETFORM} apply /run/lab.json --yes </dev/null >/run/out 2>&1 & pid=$!; ${kill}`)).code).toBe(
      137,
    );
    await m.must(`rm ${wrapper}`);
    await runNetform(m, ['recover', '--all']);
    await m.must('touch /run/go');
    await until(m, 'test -e /run/went');
    await until(m, '! [ -L /run/systemd/units/invocation:netform-my-lab:red:echo.service ]');
    expect(await m.must(UNITS)).not.toContain('service');
    expect((await m.sh('test -e /run/ran')).code).toBe(1);
    // Nothing runs in it; systemd makes it for the start that came to nothing.
    await m.must('systemctl stop netform.slice; rm /run/lab.json /run/out /run/asked /run/go /run/went');
  },

  'the commands of a plan start and stop units by hand': async (m) => {
    const input = labOf({ echo: { ...ECHO, restart: 'always', env: { MODE: 'lab' } } }, ONE);
    const commands = async (lab: string) => (await runNetform(m, ['plan', '-', '--commands'], { input: lab })).stdout;
    const start = await commands(input);
    expect(start).toContain('systemd-run --quiet --collect --unit=netform-my-lab:red:echo.service');
    expect(start).not.toContain('setsid');
    await m.must('cat >/run/start.sh && sh -e /run/start.sh', { input: start });
    expect(await m.must(UNITS)).toBe('netform-my-lab:red:echo.service\nnetform-my\\x2dlab.slice\nnetform.slice\n');
    for (const host of ['10.9.0.1', 'fd00:9::1'])
      await until(m, `ip netns exec red timeout 5 ncat --recv-only ${host} 70 | grep -q one`);
    expect((await m.sh('ncat --recv-only -w 1 10.9.0.1 70')).stdout, 'from the machine').toBe('');
    await m.must('systemctl kill --signal=KILL netform-my-lab:red:echo');
    await until(m, 'ip netns exec red timeout 5 ncat --recv-only 10.9.0.1 70 | grep -q one');
    await m.must(
      'systemctl stop netform-my-lab:red:echo netform.slice; rm -r /run/netform/labs /run/start.sh; ip netns del red; rm -rf /etc/netns',
    );
    await apply(m, input);
    expect(await commands(labOf({}))).toMatch(
      /^systemctl stop netform-my-lab:red:echo\.service\nrm -rf \/run\/netform\/labs\/my-lab\/\.processes\/red\.echo$/m,
    );
    await destroy(m);
  },

  'after a reboot the lab is built again': async (m) => {
    await apply(m, labOf({ echo: { ...ECHO, restart: 'always' } }, ONE));
    await m.reboot();
    expect(await m.must(UNITS)).toBe('');
    const planned = await runNetform(m, ['plan', '-'], { input: labOf({ echo: { ...ECHO, restart: 'always' } }, ONE) });
    expect(planned.stdout).toMatch(/\+ process +echo/);
    await apply(m, labOf({ echo: { ...ECHO, restart: 'always' } }, ONE));
    for (const host of ['10.9.0.1', 'fd00:9::1']) expect(await ask(m, host)).toBe('one\n');
    await m.reboot();
    await destroy(m);
  },
};
