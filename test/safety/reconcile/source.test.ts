import { describe, expect, test } from 'vitest';
import { withMachine } from '../../support/machine.ts';
import { createRepository, pair, REMOTE } from './repository.ts';

const addressOf = 'ip -n red-pair -4 -o address show dev eth0';

describe.concurrent('a git source', () => {
  test('a lab follows its branch, and what others change is undone', () =>
    withMachine(async (m) => {
      const { commit, settings, reconcile } = await createRepository(m);
      await settings('confirm: 0');
      const first = await commit({ 'labs/pair.yaml': pair('10.7.0.10') });
      expect(await reconcile(0)).toMatchObject({
        state: 'synced',
        commit: first,
        labs: [{ state: 'synced', commit: first }],
      });
      expect((await m.sh('ip netns exec blue-pair ping -c1 -W2 red-pair')).code).toBe(0);
      const applied = await m.snapshot();
      await m.must('ip -n red-pair address del 10.7.0.10/24 dev eth0; ip netns delete blue-pair');
      expect((await reconcile(0)).labs).toMatchObject([{ state: 'healed', commit: first }]);
      expect(await m.snapshot()).toBe(applied);
      expect((await reconcile(0)).labs).toMatchObject([{ state: 'synced' }]);
      await m.must('mv /run/remote.git /run/away.git; ip -n red-pair address del 10.7.0.10/24 dev eth0');
      const away = await reconcile(75);
      expect(away).toMatchObject({ state: 'unreachable', labs: [{ state: 'healed', good: { commit: first } }] });
      expect(away.unreachable?.problem).toContain(REMOTE);
      expect(await m.snapshot()).toBe(applied);
      await m.must('mv /run/away.git /run/remote.git');
      const second = await commit({ 'labs/pair.yaml': pair('10.7.0.11') });
      const { labs } = await reconcile(0);
      expect(labs).toMatchObject([{ state: 'synced', commit: second, good: { commit: second } }]);
      expect(
        labs[0]?.history.map((one) => `${one.commit === first ? 'first' : 'second'} ${one.state} ${one.count}`),
      ).toEqual(['second synced 1', 'first healed 2', 'first synced 2']);
      expect(await m.must(addressOf)).toContain('10.7.0.11');
      await m.netform(['destroy', 'pair', '--yes']);
      expect((await reconcile(0)).labs).toMatchObject([{ state: 'healed' }]);
      const calls = 'strace -f -qq -e trace=execve -e signal=none -o /run/calls';
      await m.must(
        `${calls} ${process.execPath} bin/run.js reconcile lab; grep -o '"/usr/bin/git".*' /run/calls >/run/git`,
      );
      expect((await m.must('cat /run/git')).match(/ls-remote|cat-file|rev-parse/g), 'a run with nothing to do').toEqual(
        ['ls-remote', 'cat-file'],
      );
    }));

  test('a commit without the signature of an allowed key, or with a rewritten history, changes nothing', () =>
    withMachine(async (m) => {
      const { commit, settings, reconcile } = await createRepository(m);
      await m.must(`cd /run && ssh-keygen -q -t ed25519 -N '' -f good && ssh-keygen -q -t ed25519 -N '' -f bad
        printf 't@lab.test %s\\n' "$(cut -d' ' -f1,2 good.pub)" >/etc/allowed_signers`);
      await settings('confirm: 0\nverify: { signedBy: /etc/allowed_signers }');
      const unsigned = await commit({ 'labs/pair.yaml': pair('10.7.0.10') });
      expect(await reconcile(3)).toMatchObject({ state: 'refused', refused: { reason: 'unsigned' }, labs: [] });
      const first = await commit({}, { key: '/run/good' });
      expect((await reconcile(0)).labs).toMatchObject([{ state: 'synced', commit: first }]);
      const applied = await m.snapshot();
      await commit({ 'labs/pair.yaml': pair('10.7.0.66') }, { key: '/run/bad' });
      const wrong = await reconcile(3);
      expect(wrong.refused?.problem).toMatch(/^[0-9a-f]{12} is not signed by a key of \/etc\/allowed_signers$/);
      expect(wrong.labs).toMatchObject([{ state: 'synced', commit: first }]);
      await commit({ 'labs/pair.yaml': pair('10.7.0.67') }, { key: '/run/good', from: unsigned });
      expect((await reconcile(3)).refused).toMatchObject({ reason: 'rewritten', state: 'refused' });
      await m.must('ip -n red-pair address del 10.7.0.10/24 dev eth0');
      expect((await reconcile(3)).labs).toMatchObject([{ state: 'healed', commit: first }]);
      expect(await m.snapshot()).toBe(applied);
      await m.must('chmod o+w /etc/allowed_signers');
      await commit({ 'labs/pair.yaml': pair('10.7.0.12') }, { key: '/run/good', from: first });
      expect((await reconcile(3)).refused?.problem).toBe('/etc/allowed_signers can be written by others');
      await m.must('chmod o-w /etc/allowed_signers');
      expect((await reconcile(0)).state).toBe('synced');
      expect(await m.must(addressOf)).toContain('10.7.0.12');
    }));

  test('links, submodules and files elsewhere are refused, and nothing of the repository is run', () =>
    withMachine(async (m) => {
      const { commit, settings, reconcile } = await createRepository(m);
      await settings('confirm: 0\nallow: [run, file]');
      const include = 'include: [parts/common.yaml]\n';
      const common = 'namespaces: { green: { files: { /etc/motd: { from: motd } } } }\n';
      const files = {
        'labs/pair.yaml': pair('10.7.0.10') + include,
        'labs/parts/common.yaml': common,
        'labs/motd': 'hello',
      };
      const filter = `printf '* filter=x\\n' >.gitattributes; git config --file .gitconfig filter.x.smudge 'touch /run/ran'
        mkdir -p hooks; printf '#!/bin/sh\\ntouch /run/ran\\n' >hooks/post-checkout; chmod +x hooks/post-checkout`;
      await commit(files, { script: filter });
      expect((await reconcile(0)).unnamed).toEqual([]);
      expect((await m.sh('ls /run/ran; ip netns list')).stdout).toMatch(/^(?:(?:blue-pair|red-pair|green)\b.*\n){3}$/);
      const refusals: readonly (readonly [RegExp, Record<string, string | null>, string])[] = [
        [/^away is a symbolic link/, {}, 'ln -s /etc/shadow labs/away'],
        [
          /^sub is a submodule/,
          {},
          'git rm -q labs/away; git -c protocol.file.allow=always submodule --quiet add /run/remote.git labs/sub',
        ],
      ];
      for (const [problem, change, script] of refusals) {
        await commit(change, { script });
        expect((await reconcile(3)).refused?.problem).toMatch(problem);
      }
      await commit(
        { 'labs/parts/common.yaml': common.replace('from: motd', 'from: ../../../../../../../../etc/shadow') },
        { script: 'git rm -qf labs/sub' },
      );
      expect((await reconcile(3)).labs[0]?.problem).toMatch(
        /\/etc\/shadow is neither in the folder of the source nor below \/etc\/netform/,
      );
      await commit({ 'labs/parts/common.yaml': common.replace('from: motd', 'from: /etc/netform/motd') });
      expect((await reconcile(3)).labs[0]?.problem).toMatch(/there is no file \/etc\/netform\/motd/);
      await m.must('echo hi >/etc/netform/motd; chmod 666 /etc/netform/motd');
      await commit({});
      expect((await reconcile(3)).labs[0]?.problem).toMatch(/\/etc\/netform\/motd can be written by others/);
      await m.must('chmod 644 /etc/netform/motd');
      expect((await reconcile(0, 'reconcile', 'now', 'lab')).state).toBe('synced');
      await commit({ 'labs/pair.yaml': 'password: hunter2\nname: [' });
      const invalid = await m.netform(['reconcile', 'lab', '--json']);
      expect(invalid.code).toBe(3);
      expect(invalid.stdout).toMatch(/a mistake: pair.yaml:\d+:\d+ \[NF\d+ yaml-syntax\]/);
      expect(invalid.stdout + invalid.stderr).not.toContain('hunter2');
      expect(JSON.parse(invalid.stdout).reconciles[0].labs).toMatchObject([
        { lab: 'pair', state: 'refused', reason: 'invalid' },
      ]);
    }));
});

test('a folder is a source, too: its commit is what is in it', () =>
  withMachine(async (m) => {
    await m.must('mkdir -p /run/labs; umask 022; cat >/run/labs/pair.yaml', { input: pair('10.7.0.10') });
    await m.must('cat >/run/lab.yaml', { input: 'version: 1\nsource: { folder: /run/labs }\nconfirm: 0\n' });
    const reconcile = async (code: number) => {
      const ended = await m.netform(['reconcile', '/run/lab.yaml', '--json']);
      expect(ended.code, ended.stdout + ended.stderr).toBe(code);
      return JSON.parse(ended.stdout);
    };
    const [{ commit }] = (await reconcile(0)).reconciles;
    expect((await reconcile(0)).reconciles[0].commit).toBe(commit);
    await m.must('ln -s /etc/shadow /run/labs/x.yaml');
    expect((await reconcile(3)).reconciles[0].refused.problem).toContain('x.yaml is a symbolic link');
    await m.must('rm /run/labs/x.yaml; chmod o+w /run/lab.yaml');
    expect((await reconcile(2)).error).toMatchObject({
      code: 'E_UNSAFE_FILE',
      message: '/run/lab.yaml can be written by others',
    });
    await m.must('chmod o-w /run/lab.yaml; chown 1:1 /run/lab.yaml');
    expect((await reconcile(2)).error.message).toContain('belongs to the user id 1');
  }));

test('--check says each mistake of a reconcile file with its place and a remedy, and does nothing', () =>
  withMachine(async (m) => {
    const file = [
      'version: 1',
      'source: { folder: /run/labs, branch: main }',
      'drfit: heal',
      'confirm: soon',
      'deletes: { most: -1 }',
      'after: { a: [b], b: [a] }',
    ];
    await m.must('umask 022; cat >/run/lab.yaml', { input: `${file.join('\n')}\n` });
    const shape = await m.netform(['reconcile', '/run/lab.yaml', '--check']);
    expect(shape.code).toBe(3);
    expect(shape.stderr.match(/^\S+lab\.yaml:\d+:\d+: /gm)?.map((line) => line.split(':')[1])).toEqual(['3', '4', '5']);
    expect(shape.stderr).toMatch(
      /= did you mean "drift"\?[\s\S]*must be a time such as 60s[\s\S]*= for example most: 20/,
    );
    await m.must("sed -i '3,5d' /run/lab.yaml; chmod o+w /run/lab.yaml");
    const content = await m.netform(['reconcile', '/run/lab.yaml', '--check']);
    expect(content.stderr).toMatch(
      /lab\.yaml:2:\d+: "branch" goes with git only[\s\S]*lab\.yaml:3:1: labs wait for each other: a after b after a/,
    );
    expect(content.stderr).toContain('netform: /run/lab.yaml can be written by others: a run refuses that');
    await m.must("sed -i 's/, branch: main//; 3d' /run/lab.yaml");
    expect(await m.netform(['reconcile', '/run/lab.yaml', '--check'])).toMatchObject({
      code: 0,
      stdout: '/run/lab.yaml is valid\n',
    });
    expect((await m.sh('ls -A /var/lib/netform')).stdout).toBe('');
  }));
