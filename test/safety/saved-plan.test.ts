import { describe, expect, test } from 'vitest';
import { runNetform } from '../labs/run-netform.ts';
import { type Machine, withMachine } from '../support/machine.ts';

const topology = `version: 1
name: one
vars: { last: 11 }
bridges: { lan: { subnet: 10.1.0.0/24, address: 10.1.0.1 } }
namespaces:
  red: { interfaces: { eth0: { bridge: lan, address: "10.1.0.\${last}" } } }
  blue: { interfaces: { eth0: { bridge: lan, address: 10.1.0.12 } } }
`;

const at = '/run/lab';
const put = (m: Machine, text = topology) => m.must(`mkdir -p ${at}; cat > ${at}/lab.yaml`, { input: text });
const save = (m: Machine, ...more: readonly string[]) =>
  runNetform(m, ['plan', `${at}/lab.yaml`, '-o', `${at}/lab.plan`, ...more]);
const applySaved = (m: Machine, code = 0) => runNetform(m, ['apply', `${at}/lab.plan`, '--yes'], { code });

describe.concurrent('a saved plan', () => {
  test('is what was shown, and is done once', async () => {
    await withMachine(async (m) => {
      await put(m);
      const planned = await save(m, '--var', 'last=77');
      expect(planned.stderr).toContain(`netform apply ${at}/lab.plan`);
      expect(await m.must(`stat -c %a ${at}/lab.plan`)).toBe('600\n');
      const shown = await runNetform(m, ['show', `${at}/lab.plan`]);
      expect(shown.stdout).toBe(planned.stdout);
      const { stdout } = await applySaved(m);
      expect(stdout).toContain('Applied one');
      expect(await m.must('ip -n red -br address show eth0')).toContain('10.1.0.77/24');
      await runNetform(m, ['plan', `${at}/lab.yaml`, '--var', 'last=77', '--exit-code']);
      const applied = await m.snapshot();
      const { stderr } = await applySaved(m, 9);
      expect(stderr).toContain('the lab one was applied since');
      expect(await m.snapshot()).toBe(applied);
    });
  });

  const stale: readonly (readonly [string, string, RegExp])[] = [
    ['the file was edited', `sed -i 's/10.1.0.12 /10.1.0.13 /' ${at}/lab.yaml`, /lab\.yaml has changed/],
    ['the file is gone', `rm ${at}/lab.yaml`, /there is no such file/],
    ['the file is broken', `echo nonsense >> ${at}/lab.yaml`, /lab\.yaml has changed/],
    ['a link that it touches was changed', 'ip -n red link set dev eth0 mtu 1300', /veth:red\/eth0 has changed/],
    ['a link that it touches was deleted', 'ip -n red link del dev eth0', /veth:red\/eth0 has changed/],
    ['something more has to be done', 'ip -n blue address del 10.1.0.12/24 dev eth0', /address:blue\/eth0 has changed/],
    ['the lab was destroyed', 'node bin/run.js destroy one --yes', /the lab one was destroyed since/],
    [
      'a namespace was taken',
      // The kernel removes the other end of its cable a little later.
      'ip netns del blue; while ip link show dev blue-eth0; do sleep 0.02; done >/dev/null 2>&1; ip netns add blue',
      /netns:blue has changed/,
    ],
  ];
  test.each(stale)('is stale when %s', async (_, change, why) => {
    await withMachine(async (m) => {
      await put(m);
      await runNetform(m, ['apply', `${at}/lab.yaml`]);
      await put(m, topology.replace('address: 10.1.0.1 }', 'address: 10.1.0.1, mtu: 1400 }'));
      await save(m);
      await m.must(change);
      const changed = await m.snapshot();
      const { stderr } = await applySaved(m, 9);
      expect(stderr).toContain('[E_STALE]');
      expect(stderr).toMatch(why);
      expect(stderr).toContain('nothing was changed');
      expect(await m.snapshot()).toBe(changed);
    });
  });

  test('names the first five, and how many more', async () => {
    await withMachine(async (m) => {
      await put(m);
      await save(m);
      await runNetform(m, ['apply', `${at}/lab.yaml`]);
      const { stderr } = await applySaved(m, 9);
      expect(stderr.match(/has changed on the machine/g)).toHaveLength(4);
      expect(stderr).toMatch(/and \d+ more/);
    });
  });

  test('of a topology on standard input has it in itself', async () => {
    await withMachine(async (m) => {
      await m.must(`mkdir -p ${at}`);
      await runNetform(m, ['plan', '-', '-o', `${at}/lab.plan`], { input: topology });
      await applySaved(m);
      await runNetform(m, ['plan', '-', '--exit-code'], { input: topology });
    });
  });

  test('keeps what --adopt and --prune said, and takes no more', async () => {
    await withMachine(async (m) => {
      await put(m);
      await m.must('ip link add name lan type bridge');
      await save(m, '--adopt');
      const { stderr } = await runNetform(m, ['apply', `${at}/lab.plan`, '--adopt'], { code: 2 });
      expect(stderr).toContain('netform plan -o');
      await applySaved(m);
      await m.must('ip -n red link add foo type bridge');
      await save(m, '--prune');
      await m.must('ip -n red link add bar type bridge');
      expect((await applySaved(m, 9)).stderr).toContain('link bar in red was added or removed');
      await m.must('ip -n red link del bar');
      await applySaved(m);
      await m.must('! ip -n red link show foo');
    });
  });

  test('replaces an older plan, and nothing else', async () => {
    await withMachine(async (m) => {
      await put(m);
      await save(m);
      await save(m);
      await m.must(`echo precious > ${at}/notes; ln -s lab.plan ${at}/link; mkdir ${at}/folder`);
      for (const name of ['notes', 'link', 'folder', 'no/where']) {
        const { stderr } = await runNetform(m, ['plan', `${at}/lab.yaml`, '-o', `${at}/${name}`], { code: 2 });
        expect(stderr).toContain('[E_PLAN_FILE]');
      }
      expect(await m.must(`cat ${at}/notes`)).toBe('precious\n');
      await m.must(`printf '{ "netform": "plan", "version": 2 }' > ${at}/lab.plan`);
      expect((await applySaved(m, 2)).stderr).toContain('not a plan that this netform can read');
    });
  });
});
