import { describe, expect, test } from 'vitest';
import { createForeignObjects } from '../labs/foreign-objects.ts';
import { runNetform } from '../labs/run-netform.ts';
import { type Machine, withMachine } from '../support/machine.ts';
import { eventually, NETFORM } from './interrupt.ts';

const LAB = 'topologies/red-blue.yaml';
const watchers = async (m: Machine): Promise<number> =>
  Number((await m.sh('pgrep -fc "[r]ollback-timer\\.cjs"')).stdout);
const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, count * 1000));

/** The machine becomes so within some seconds. */
const becomes = async (m: Machine, wanted: string, within: number): Promise<void> => {
  expect(await eventually(() => m.snapshot(), wanted, within)).toBe(wanted);
};

describe.concurrent('apply --confirm', () => {
  test('confirmed in time it stays, and the watcher ends', async () => {
    await withMachine(async (m) => {
      const { stdout } = await runNetform(m, ['apply', LAB, '--confirm', '20s']);
      expect(stdout).toContain('netform confirm red-blue');
      const applied = await m.snapshot();
      expect(await watchers(m)).toBe(1);
      expect((await runNetform(m, ['confirm'])).stdout).toBe('Confirmed: red-blue stays as it is.\n');
      expect(await eventually(() => watchers(m), 0, 5)).toBe(0);
      expect(await m.snapshot()).toBe(applied);
      expect((await runNetform(m, ['confirm', 'red-blue'])).stdout).toBe('Nothing to confirm for red-blue.\n');
      for (const verb of ['confirm', 'recover'])
        expect((await runNetform(m, [verb], { cwd: '/' })).stdout).toBe(`Nothing to ${verb}.\n`);
    });
  });

  test('while it is not, another run is refused with the time that is left; rollback undoes it at once', async () => {
    await withMachine(async (m) => {
      await createForeignObjects(m);
      const before = await m.snapshot();
      await runNetform(m, ['apply', LAB, '--confirm', '1m']);
      for (const args of [
        ['apply', LAB],
        ['destroy', 'red-blue', '--yes'],
        ['apply', 'topologies/router.yaml'],
      ]) {
        const { stderr } = await runNetform(m, args, { code: 8 });
        expect(stderr).toMatch(/is not confirmed yet: \d\d s left \[E_UNCONFIRMED\]/);
        expect(stderr).toMatch(/netform confirm red-blue .*netform rollback red-blue/);
      }
      expect((await runNetform(m, ['list'])).stderr).toContain('is not confirmed yet');
      expect((await runNetform(m, ['rollback'])).stderr).toContain('is rolled back: the lab red-blue is as it was');
      expect(await m.snapshot()).toBe(before);
    });
  });

  test('with standard input at its end and nobody to confirm: undone, and confirm says so', async () => {
    await withMachine(async (m) => {
      await createForeignObjects(m);
      const before = await m.snapshot();
      await runNetform(m, ['apply', LAB, '--confirm', '3s']);
      expect(await m.snapshot()).not.toBe(before);
      await becomes(m, before, 12);
      const { stderr } = await runNetform(m, ['confirm'], { code: 4 });
      expect(stderr).toMatch(
        /there is nothing to confirm: `apply .*` of \d+-\d\d-\d\d \d\d:\d\d:\d\d UTC was rolled back, because it was not confirmed in time/,
      );
      const list = await runNetform(m, ['list']);
      expect(list.stdout, 'M21').toMatch(
        /^There is no lab on this machine.\nred-blue: `apply .*` of .* was rolled back, because/,
      );
      expect((await runNetform(m, ['show', LAB], { code: 2 })).stderr).toContain('was rolled back, because');
    });
  });

  test('under --json: what was recovered, how long there is, what became of it', async () => {
    await withMachine(async (m) => {
      const json = async (...args: string[]) => JSON.parse((await runNetform(m, [...args, '--json'])).stdout);
      expect(await json('apply', LAB, '--confirm', '60s')).toMatchObject({
        ok: true,
        status: 'done',
        confirmSeconds: 60,
      });
      expect(await json('list')).toMatchObject({ recovered: [{ outcome: 'pending', lab: 'red-blue' }] });
      expect(await json('recover', 'red-blue')).toMatchObject({
        recovered: [{ outcome: 'pending' }],
        labs: ['red-blue'],
      });
      expect(await json('confirm', 'red-blue')).toMatchObject({ status: 'confirmed', lab: 'red-blue' });
      expect(await json('destroy', 'red-blue', '--yes', '--confirm', '60s')).toMatchObject({ status: 'done' });
      expect(await json('rollback', 'red-blue')).toMatchObject({
        ...{ status: 'done', recovered: [{ outcome: 'rolled-back', command: 'destroy red-blue' }] },
      });
      expect(await json('rollback')).toMatchObject({ status: 'none', lab: null });
    });
  });

  test('the process group killed while it is at work: undone', async () => {
    await withMachine(async (m) => {
      await createForeignObjects(m);
      const before = await m.snapshot();
      await m.sh(`
        setsid ${NETFORM} apply ${LAB} --confirm 3s </dev/null >/dev/null 2>&1 & pid=$!
        while [ ! -e /var/lib/netform/red-blue/journal ]; do sleep 0.005; done; kill -9 -$pid`);
      expect(await watchers(m)).toBe(1);
      await becomes(m, before, 12);
    });
  });

  test('the terminal gone: undone', async () => {
    await withMachine(async (m) => {
      await createForeignObjects(m);
      const before = await m.snapshot();
      const script = `script -qec '${NETFORM} apply ${LAB} --confirm 3s; echo >/run/applied; sleep 60' /dev/null`;
      await m.sh(
        `setsid ${script} </dev/null >/dev/null 2>&1 & while [ ! -e /run/applied ]; do sleep 0.05; done; pkill -9 -x script`,
      );
      expect(await m.snapshot()).not.toBe(before);
      await becomes(m, before, 12);
    });
  });

  test('the watcher killed: the next run after the time does its work', async () => {
    await withMachine(async (m) => {
      await createForeignObjects(m);
      const before = await m.snapshot();
      await runNetform(m, ['apply', LAB, '--confirm', '2s']);
      await m.must(
        'pkill -TERM -f "[r]ollback-timer\\.cjs"; sleep 0.3; pgrep -f "[r]ollback-timer\\.cjs"; pkill -9 -f "[r]ollback-timer\\.cjs"',
      );
      await seconds(2);
      expect(await m.snapshot()).not.toBe(before);
      expect((await runNetform(m, ['plan', LAB])).stderr).toMatch(/was not confirmed in time: the next apply/);
      expect((await runNetform(m, ['confirm'], { code: 4 })).stderr).toContain('was not confirmed in time');
      expect(await m.snapshot()).toBe(before);
    });
  });

  test('the watcher does not start: nothing is changed', async () => {
    await withMachine(async (m) => {
      await createForeignObjects(m);
      const before = await m.snapshot();
      await m.must('mkdir -p -m 700 /run/netform/confirm.red-blue.log');
      const { code } = await m.netform(['apply', LAB, '--confirm', '5s']);
      expect(code).not.toBe(0);
      expect(await m.snapshot()).toBe(before);
    });
  });

  test('destroy can be confirmed, too', async () => {
    await withMachine(async (m) => {
      await createForeignObjects(m);
      const before = await m.snapshot();
      await runNetform(m, ['apply', LAB]);
      const applied = await m.snapshot();
      await runNetform(m, ['destroy', 'red-blue', '--yes', '--confirm', '2s']);
      await becomes(m, applied, 12);
      await runNetform(m, ['destroy', 'red-blue', '--yes', '--confirm', '30s']);
      await runNetform(m, ['confirm', 'red-blue']);
      expect(await m.snapshot()).toBe(before);
      expect(await m.must('ls -A /var/lib/netform')).toBe('');
    });
  });

  test('a plan that would cut the SSH session asks for it', async () => {
    await withMachine(async (m) => {
      await m.must(`
        ip link add eth0 type veth peer name peer; ip addr add 198.51.100.5/24 dev eth0; ip link set eth0 up; ip link set peer up
        ip route add default via 198.51.100.1`);
      const topology = (to: string) => `version: 1\nname: far\nroutes: [{ to: ${to}, via: 198.51.100.9, dev: eth0 }]\n`;
      const env = { SSH_CONNECTION: '203.0.113.7 55555 198.51.100.5 22' };
      await createForeignObjects(m);
      const before = await m.snapshot();
      const cut = { input: topology('203.0.113.0/24'), env };
      const { stderr } = await runNetform(m, ['apply', '-'], { ...cut, code: 3 });
      expect(stderr).toMatch(
        /would be the route to 203\.0\.113\.7, where this SSH session comes from \[NF3010\](?:.|\n)*--confirm 60s/,
      );
      expect(await m.snapshot()).toBe(before);
      expect((await runNetform(m, ['plan', '-'], cut)).stderr).toContain('NF3010');
      await runNetform(m, ['apply', '-', '--confirm', '30s'], cut);
      await runNetform(m, ['confirm']);
      // sudo takes the variable away: it is found in the process above it.
      const sudo = await m.sh(`env -u SSH_CONNECTION ${NETFORM} destroy far --yes`, { env });
      expect(sudo).toMatchObject({ code: 3, stderr: expect.stringContaining('E_CUTS_SSH') });
      await runNetform(m, ['destroy', 'far', '--yes']);
      await runNetform(m, ['apply', '-'], { input: topology('10.9.0.0/16'), env });
    });
  });
});
