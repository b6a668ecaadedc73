import { expect, test } from 'vitest';
import { noSystemd, withSystemd } from '../../support/systemd.ts';
import {
  bringPackage,
  buildPackage,
  type DebianPackage,
  filesOf,
  makeOlder,
  noDpkg,
  pretendNode,
} from './debian-package.ts';

const LAB = `version: 1
name: office
vars: { mtu: 1500 }
bridges: { lan: { subnet: 10.71.0.0/24, address: 10.71.0.1 } }
host: { forwarding: true }
namespaces:
  db: { interfaces: { eth0: { bridge: lan, address: 10.71.0.2, mtu: "\${mtu}" } } }
  web: { interfaces: { eth0: { bridge: lan } } }
`;
/** A machine that is busy with something else gets there, too. */
const PATIENCE_MS = 900_000;
let made: DebianPackage | null = null;
const built = (): DebianPackage => {
  made ??= buildPackage();
  return made;
};
const why = noDpkg ?? noSystemd;

test.skipIf(noDpkg !== null)(`two builds of a commit are the same bytes (${noDpkg ?? 'real'})`, () => {
  expect(buildPackage().bytes.equals(built().bytes)).toBe(true);
  const [first = '', ...others] = built().contents;
  const time = /\d{4}-\d\d-\d\d \d\d:\d\d/.exec(first)?.[0];
  const usual = new RegExp(`^(drwxr-xr-x|-rw-r--r--|lrwxrwxrwx) root/root +\\d+ ${time} \\./usr/`);
  expect(others.filter((line) => !usual.test(line)).map((line) => line.slice(0, 20) + line.split(' ').at(-1))).toEqual([
    '-rwxr-xr-x root/root./usr/lib/netform/bin/run.js',
  ]);
  expect(
    others.filter((line) => /\.(compiled|map|md|d\.ts|py[co])$/.test(line) && /node_modules|dist/.test(line)),
    // By the one map the stacks of errors name the sources.
  ).toEqual([expect.stringContaining('program.cjs.map'), expect.stringContaining('elkjs/LICENSE.md')]);
});

test.skipIf(why !== null)(
  `the Debian package is installed, upgraded beside a lab with traffic, removed and purged (${why ?? 'real'})`,
  () =>
    withSystemd(async (m) => {
      await bringPackage(m, built());
      await makeOlder(m);
      const answers = async () => (await m.sh('ip netns exec web ping -c1 -W2 10.71.0.2')).code === 0;
      const mtu = async () => /mtu (\d+)/.exec(await m.must('ip -n db link show eth0'))?.[1];

      // Without a Node, and with that of Debian 12, it is not set up.
      await m.must(pretendNode('18.20.4+dfsg-1~deb12u1'));
      const refused = await m.sh('dpkg -i /root/older.deb; dpkg --purge netform');
      expect(refused.stderr).toContain('netform depends on nodejs (>= 20.19)');
      await m.must(pretendNode(process.versions.node));
      const before = await filesOf(m);
      await m.must('dpkg -i /root/older.deb');
      const own = await m.must('dpkg --verify netform && dpkg -L netform');
      expect(await m.must('netform --version')).toMatch(/^netform\/0\.1\.0 /);
      expect(await m.must('systemd-analyze verify netform-recover.service netform@office.service 2>&1')).toBe('');
      expect(await m.must('man --path netform || echo /usr/share/man/man1/netform.1.gz')).toContain('netform.1.gz');
      for (const [shell, path] of [
        ['bash', 'bash-completion/completions/netform'],
        ['zsh', 'zsh/vendor-completions/_netform'],
        ['fish', 'fish/vendor_completions.d/netform.fish'],
      ])
        await m.must(`netform completion ${shell} | cmp - /usr/share/${path}`);

      // The units are there, so enabling asks nothing, and writes none.
      await m.must('mkdir /srv/lab && cat >/srv/lab/office.yaml', { input: LAB });
      const enabled = await m.must('netform enable /srv/lab/office.yaml --now');
      expect(enabled).toContain('office comes back at boot');
      expect((await m.sh('ls /etc/systemd/system | grep "^netform"')).stdout).toBe('');
      expect(await answers()).toBe(true);
      await m.must('netform graph office --format svg -o /root/office.svg');
      await m.must('netform apply /srv/lab/office.yaml --var mtu=1400 --yes --confirm 10s');
      expect(await mtu()).toBe('1400');
      const early = await m.sh('dpkg --remove netform');
      expect(early.stderr).toContain('netform: a run of the lab office has not ended: netform confirm office');
      expect(early.code).toBe(1);

      // While traffic goes on, and a run waits for its confirmation.
      await m.must('ip netns exec web ping -i 0.05 -W1 -q 10.71.0.2 >/root/pings 2>&1 </dev/null & echo $! >/root/pid');
      const upgraded = await m.must('dpkg -i /root/netform.deb');
      expect(upgraded).toContain(`Unpacking netform (${built().version}) over (0.0.9-1)`);
      expect(await m.must('netform list --json | grep asRecorded')).toContain('true');
      await m.must('until ip -n db link show eth0 | grep -q "mtu 1500"; do sleep 0.2; done');
      expect((await m.sh('netform plan /srv/lab/office.yaml --exit-code')).code).toBe(0);
      await m.must('kill -INT $(cat /root/pid); while [ -e /proc/$(cat /root/pid) ]; do sleep 0.05; done');
      expect(await m.must('cat /root/pings')).toMatch(/ 0% packet loss/);

      await m.reboot();
      expect(await answers()).toBe(true);
      expect(await m.must('systemctl is-active netform@office.service')).toBe('active\n');

      // Removed: the lab, what is known of it, and what comes back at boot stay.
      const removed = await m.sh('dpkg --remove netform');
      expect(removed).toMatchObject({ code: 0, stderr: expect.stringContaining('the lab office stays as it is') });
      expect((await m.sh('netform --version')).code).toBe(127);
      expect(await answers()).toBe(true);
      await m.must('dpkg -i /root/netform.deb');
      expect((await m.sh('netform plan /srv/lab/office.yaml --exit-code')).code).toBe(0);
      expect(await m.must('systemctl is-enabled netform@office.service')).toBe('enabled\n');

      // Purged: no file of the package is left; what is known of the lab is, and that is said.
      const purged = await m.sh('dpkg --purge netform');
      expect(purged).toMatchObject({
        code: 0,
        stderr: expect.stringContaining('/var/lib/netform stays, with what is known of: office.'),
      });
      const left = own.split('\n').filter((path) => !before.split('\n').includes(path) && path !== '/.' && path !== '');
      expect((await m.sh(`ls -d ${left.join(' ')}`)).stdout).toBe('');
      expect((await m.sh('ls /etc/systemd/system/*/netform*; ls /var/lib/netform')).stdout).toBe('office\n');
      expect(await answers()).toBe(true);

      await m.must('dpkg -i /root/netform.deb && netform destroy office --yes && dpkg --purge netform');
      await m.must('rm -r /srv/lab');
      expect(await filesOf(m)).toBe(before);
    }),
  PATIENCE_MS,
);

test.skipIf(why !== null)(
  `the package takes over the units that a netform of npm wrote, and no others (${why ?? 'real'})`,
  () =>
    withSystemd(async (m) => {
      await bringPackage(m, built());
      await m.must(pretendNode(process.versions.node));
      await m.must('mkdir /srv/lab && cat >/srv/lab/office.yaml', { input: LAB });
      expect((await m.netform(['enable', '/srv/lab/office.yaml', '--yes'])).code).toBe(0);
      expect(await m.must('systemctl cat netform@office.service')).toContain('/bin/run.js boot');
      await m.must("echo '# of somebody else' >/etc/systemd/system/netform-recover.service");
      await m.must('dpkg -i /root/netform.deb');
      expect(await m.must('cat /etc/systemd/system/netform*.service')).toBe('# of somebody else\n');
      const unit = await m.must('systemctl cat netform@office.service');
      expect(unit).toContain('# /lib/systemd/system/netform@.service');
      await m.must('rm /etc/systemd/system/netform-recover.service');
      await m.reboot();
      expect((await m.sh('ip netns exec web ping -c1 -W2 10.71.0.2')).code).toBe(0);
      expect(await m.must('systemctl is-enabled netform@office.service')).toBe('enabled\n');
      await m.must('netform disable office && netform destroy office --yes');
      expect((await m.sh('ls /etc/systemd/system/*/netform*')).stdout).toBe('');
    }),
  PATIENCE_MS,
);
