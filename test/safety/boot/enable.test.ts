import { expect, test } from 'vitest';
import { runNetform } from '../../labs/run-netform.ts';
import { withMachine } from '../../support/machine.ts';
import { noSystemd, withSystemd } from '../../support/systemd.ts';

const LAB = `version: 1
name: office
vars: { address: 10.71.0.2 }
bridges: { lan: 10.71.0.0/24 }
namespaces:
  web: { interfaces: { eth0: { bridge: lan, address: "\${address}" } }, files: { /etc/motd: { from: texts/motd } } }
  client: { interfaces: { eth0: { bridge: lan } } }
include: [more.yaml]
`;
const MORE = 'namespaces: { db: { interfaces: { eth0: { bridge: lan } } } }\n';

/** What systemd has of netform, and what is kept for boots. */
const TRACES =
  "systemctl list-unit-files --no-legend 'netform*'; systemctl list-units --all --no-legend 'netform*'; ls -A /etc/systemd/system | grep netform; ls -A /var/lib/netform 2>/dev/null | grep '^.enabled'";

test.skipIf(noSystemd !== null)(
  `an enabled lab comes back at boot, from its file or as it was last, and disable leaves nothing (${noSystemd ?? 'real'})`,
  () =>
    withSystemd(async (m) => {
      const answers = async (address: string) =>
        (await m.sh(`ip netns exec client ping -c1 -W2 ${address} && ip netns exec db true`)).code === 0;
      const before = await m.sh(TRACES);
      await m.must(`mkdir -p /srv/lab/texts && echo hello >/srv/lab/texts/motd`);
      await m.must(`cat >/srv/lab/office.yaml <<'END'\n${LAB}END\ncat >/srv/lab/more.yaml <<'END'\n${MORE}END`);
      const file = '/srv/lab/office.yaml';
      const asked = await runNetform(m, ['enable', file], { code: 2 });
      expect(asked.stdout).toContain('+ file   /etc/systemd/system/netform@.service');
      expect((await m.sh(TRACES)).stdout).toBe(before.stdout);
      const enabled = await runNetform(m, ['enable', file, '--var', 'address=10.71.0.9', '--now', '--yes']);
      expect(enabled.stdout).toContain('office comes back at boot, from /srv/lab/office.yaml');
      expect(await answers('10.71.0.9')).toBe(true);

      await m.reboot();
      expect(await m.must('systemctl is-active netform@office.service')).toBe('active\n');
      expect(await answers('10.71.0.9')).toBe(true);
      expect((await runNetform(m, ['show', 'office'])).stdout).toMatch(/ 0 changed, 0 missing/);

      // The file is gone, and what it included and named; then it has a mistake.
      await m.must('mv /srv/lab /srv/away');
      await m.reboot();
      expect(await answers('10.71.0.9')).toBe(true);
      const journal = await m.must('journalctl --sync; journalctl -b --unit=netform@office --output=cat');
      expect(journal).toMatch(
        /applied what was applied last, because of its file: cannot read \/srv\/lab\/office.yaml/,
      );
      await m.must(`mkdir /srv/lab && echo 'name: office\nbridges: { lan: 10.71.0.0 }' >${file}`);
      await m.reboot();
      expect(await answers('10.71.0.9')).toBe(true);
      await m.must('rm -r /srv/lab && mv /srv/away /srv/lab');

      // A run that was interrupted by the power is undone before the lab comes back.
      await runNetform(m, ['apply', file, '--var', 'address=10.71.0.8', '--yes', '--confirm', '5m']);
      await m.reboot();
      expect(await answers('10.71.0.9')).toBe(true);
      expect(await answers('10.71.0.8')).toBe(false);

      expect((await runNetform(m, ['disable', 'office'])).stdout).toContain('no longer comes back');
      expect((await m.sh(TRACES)).stdout).toBe(before.stdout);
      expect(await answers('10.71.0.9')).toBe(true);
      await m.reboot();
      expect(await answers('10.71.0.9')).toBe(false);
      await runNetform(m, ['destroy', 'office', '--yes']);
    }),
);

test('without systemd the lab is remembered, and netform says what the init has to call', () =>
  withMachine(async (m) => {
    const lab = 'version: 1\nname: office\nnamespaces: { a: {} }\n';
    await m.must(`mkdir -p /run/lab && printf '${lab.replaceAll('\n', '\\n')}' >/run/lab/office.yaml`);
    const { stdout } = await runNetform(m, ['enable', '/run/lab/office.yaml']);
    expect(stdout).toMatch(/systemd does not run on this machine[\s\S]*\n {2}\S+.* boot --all\n/);
    expect((await runNetform(m, ['boot', '--all'])).stdout).toBe('office: applied its file.\n');
    expect((await runNetform(m, ['boot', 'office'])).stdout).toBe('office is as its file says.\n');
    await m.must('rm /run/lab/office.yaml && ip netns del a');
    const kept = await runNetform(m, ['boot', '--all']);
    expect(kept.stderr).toContain('office: applied what was applied last, because of its file: cannot read');
    expect((await runNetform(m, ['boot', 'other'], { code: 2 })).stderr).toContain('the lab other is not enabled');
    expect((await runNetform(m, ['destroy', 'office', '--yes'])).stderr).toContain(
      'office comes back at the next boot',
    );
    await runNetform(m, ['boot', '--all']);
    const still = 'office comes back at the next boot: netform disable office undoes that';
    expect((await runNetform(m, ['rename', 'office', 'desk'])).stderr).toContain(still);
    await runNetform(m, ['rename', 'desk', 'office']);
    expect((await runNetform(m, ['forget', 'office', '--yes'])).stderr).toContain(still);
    await m.must('ip netns del a');
    await runNetform(m, ['disable', 'office']);
    expect((await runNetform(m, ['boot', '--all'])).stdout).toBe('Nothing to do: no lab is enabled.\n');
  }));

test('late-container: at boot a lab waits for its container, with growing pauses', () =>
  withMachine(async (m) => {
    const lab = `version: 1
name: shop
bridges: { lan: 10.72.0.0/24 }
namespaces:
  db: { container: "path:/run/netns/theirs", interfaces: { eth1: { bridge: lan, address: 10.72.0.9 } } }
  web: { interfaces: { eth0: { bridge: lan } } }
`;
    await m.must('mkdir /run/lab && cat >/run/lab/shop.yaml; ip netns add theirs', { input: lab });
    await runNetform(m, ['enable', '/run/lab/shop.yaml', '--now', '--yes']);
    await runNetform(m, ['destroy', 'shop', '--yes']);
    await m.must('ip netns del theirs');
    const never = await runNetform(m, ['boot', '--all', '--wait', '1s'], { code: 3 });
    expect(never.stderr).toMatch(
      /shop was not applied: db cannot be entered: path:\/run\/netns\/theirs: there is no file .*\[NF3031\]/,
    );
    expect(await m.must('ip netns list'), 'nothing is begun').toBe('');
    const boot = runNetform(m, ['boot', '--all', '--wait', '2m']);
    // An attempt has found nothing when it comes.
    await m.must('sleep 2; ip netns add theirs');
    expect((await boot).stdout).toContain('shop: applied its file.');
    expect((await m.sh('ip netns exec web ping -c1 -W2 10.72.0.9')).code).toBe(0);
    expect((await m.sh('ip netns exec web ping -c1 -W1 10.72.0.10')).code).not.toBe(0);
    await runNetform(m, ['disable', 'shop']);
    await runNetform(m, ['destroy', 'shop', '--yes']);
    expect(await m.must('ip -n theirs -br link')).not.toContain('eth1');
  }));
