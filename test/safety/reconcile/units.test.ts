import { expect, test } from 'vitest';
import { runNetform } from '../../labs/run-netform.ts';
import { withMachine } from '../../support/machine.ts';
import { noSystemd, withSystemd } from '../../support/systemd.ts';
import { pair } from './repository.ts';

/** What systemd has of netform. */
const TRACES =
  "systemctl list-unit-files --no-legend 'netform*'; systemctl list-units --all --no-legend 'netform*'; find /etc/systemd/system -name 'netform*'";
const FILE = 'version: 1\nsource: { git: /var/remote.git }\nconfirm: 0\n';

test.skipIf(noSystemd !== null)(
  `a timer reconciles after each boot, also when the source cannot be reached, and disable leaves nothing (${noSystemd ?? 'real'})`,
  () =>
    withSystemd(async (m) => {
      const before = await m.sh(TRACES);
      await m.must(
        `git init -q --bare -b main /var/remote.git; git init -q -b main /var/work; cd /var/work; cat >pair.yaml
        git add -A; git -c user.name=t -c user.email=t@t commit -qm x; git push -q /var/remote.git main
        mkdir -p /etc/netform/reconcile.d`,
        { input: pair('10.7.0.10') },
      );
      await m.must('umask 022; cat >/etc/netform/reconcile.d/lab.yaml', { input: FILE });
      const asked = await runNetform(m, ['enable', '--reconcile', 'lab'], { code: 2 });
      expect(asked.stdout).toContain('+ file   /etc/systemd/system/netform-reconcile@.timer');
      expect((await m.sh(TRACES)).stdout).toBe(before.stdout);
      await runNetform(m, ['enable', '--reconcile', 'lab', '--yes']);
      const run = 'systemctl start netform-reconcile@lab.service';
      await m.must(run);
      expect(await m.must('ip netns exec blue-pair ping -c1 -W2 red-pair')).toContain('1 received');
      expect((await m.sh('systemctl is-active netform-reconcile@lab.service')).stdout).toBe('inactive\n');

      await m.must('mv /var/remote.git /var/away.git');
      await m.reboot();
      expect(await m.must('systemctl is-active netform-reconcile@lab.timer')).toBe('active\n');
      // Exit 75: it is tried again, and the unit has not failed.
      await m.must(run);
      expect(await m.must('ip netns exec blue-pair ping -c1 -W2 red-pair')).toContain('1 received');
      const journal = await m.must('journalctl --sync; journalctl -b --unit=netform-reconcile@lab --output=cat');
      expect(journal).toMatch(/the source cannot be read since .*\/var\/remote\.git/);
      await runNetform(m, ['reconcile', 'suspend', 'lab']);
      expect((await m.sh(run)).code, 'suspended is never green').not.toBe(0);
      await runNetform(m, ['reconcile', 'resume', 'lab']);

      expect((await runNetform(m, ['disable', '--reconcile', 'lab', '--lock-timeout', '30'])).stdout).toContain(
        'no longer runs by itself',
      );
      expect((await m.sh(TRACES)).stdout).toBe(before.stdout);
      expect(await m.must('ip netns exec blue-pair ping -c1 -W2 red-pair')).toContain('1 received');
    }),
);

test.skipIf(noSystemd !== null)(
  `a resident reconcile is a service in place of the timer, which says when it is ready (${noSystemd ?? 'real'})`,
  () =>
    withSystemd(async (m) => {
      const before = await m.sh(TRACES);
      await m.must('mkdir -p /var/labs /etc/netform/reconcile.d; umask 022; cat >/var/labs/pair.yaml', {
        input: pair('10.7.0.10'),
      });
      await m.must('umask 022; cat >/etc/netform/reconcile.d/lab.yaml', {
        input: 'version: 1\nsource: { folder: /var/labs }\nconfirm: 0\n',
      });
      await runNetform(m, ['enable', '--reconcile', 'lab', '--yes']);
      const { stdout } = await runNetform(m, ['enable', '--reconcile', 'lab', '--watch', '--now', '--yes']);
      expect(stdout).toBe(
        'netform reconcile lab is at work from boot on. netform disable --reconcile lab undoes that.\n',
      );
      // It is active when the first run is over.
      await m.must('for i in $(seq 300); do systemctl -q is-active netform-watch@lab && exit; sleep 0.1; done; false');
      const said = await m.must('journalctl --sync; journalctl --unit=netform-watch@lab --output=cat');
      expect((await m.sh('ip netns exec blue-pair ping -c1 -W2 red-pair')).stdout, said).toContain('1 received');
      expect((await m.sh('find /etc/systemd/system -name "netform-reconcile*"')).stdout).toBe('');
      await m.must('ip -n red-pair address del 10.7.0.10/24 dev eth0');
      await m.must(
        'for i in $(seq 300); do ip -n red-pair -4 address show dev eth0 | grep -q inet && exit; sleep 0.1; done; false',
      );
      expect(await m.must('journalctl --sync; journalctl --unit=netform-watch@lab --output=cat')).toMatch(
        /pair {3}synced/,
      );
      expect((await runNetform(m, ['disable', '--reconcile', 'lab', '--lock-timeout', '30'])).stdout).toContain(
        'no longer runs by itself',
      );
      expect((await m.sh(TRACES)).stdout).toBe(before.stdout);
      expect((await m.sh("pgrep -f '[/]resident[.]cjs'")).stdout).toBe('');
    }),
);

test('without systemd netform says what has to be called, and a file with mistakes is not enabled', () =>
  withMachine(async (m) => {
    await m.must('mkdir -p /etc/netform/reconcile.d; umask 022; cat >/etc/netform/reconcile.d/lab.yaml', {
      input: FILE,
    });
    const { stdout } = await runNetform(m, ['enable', '--reconcile', 'lab']);
    expect(stdout).toMatch(/systemd does not run on this machine[^\n]*\n {2}\S+.* reconcile lab\n/);
    await m.must('echo "drift: fix" >>/etc/netform/reconcile.d/lab.yaml');
    const wrong = await runNetform(m, ['enable', '--reconcile', 'lab'], { code: 3 });
    expect(wrong.stderr).toContain('/etc/netform/reconcile.d/lab.yaml has mistakes [E_RECONCILE_FILE]');
    expect((await runNetform(m, ['enable', '--reconcile', 'other'], { code: 2 })).stderr).toContain(
      'there is no reconcile file',
    );
  }));
