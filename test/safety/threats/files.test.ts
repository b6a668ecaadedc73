import { describe, expect, test } from 'vitest';
import { runNetform } from '../../labs/run-netform.ts';
import { type Machine, withMachine } from '../../support/machine.ts';

const names = 'topologies/names.yaml';
const netform = `${process.execPath} bin/run.js`;

/** What somebody who may write there plants on the way of a file of ours; `/run/prey` is what it leads to. */
const PLANTED: readonly (readonly [string, string, RegExp])[] = [
  ['the run folder', 'ln -s /run/prey /run/netform', /E_UNSAFE_FOLDER/],
  ['the run folder of somebody else', 'mkdir /run/netform && chown 1000 /run/netform', /E_UNSAFE_FOLDER/],
  ['a run folder that others may write', 'mkdir -m 777 /run/netform', /E_UNSAFE_FOLDER/],
  ['the lock', 'mkdir -m 700 /run/netform && ln -s /run/prey/file /run/netform/lock', /E_UNSAFE_FILE|symbolic link/],
  ['the folder of states', 'ln -s /run/prey /var/lib/netform', /E_UNSAFE_FOLDER/],
  [
    'the folder of the state',
    'mkdir -m 700 /var/lib/netform && ln -s /run/prey /var/lib/netform/names',
    /E_UNSAFE_FOLDER/,
  ],
  [
    'the state',
    'mkdir -m 700 -p /var/lib/netform/names && chmod 700 /var/lib/netform && ln -s /run/prey/file /var/lib/netform/names/state.json',
    /E_UNSAFE_FILE/,
  ],
  [
    'the journal',
    'mkdir -m 700 -p /var/lib/netform/names && chmod 700 /var/lib/netform && ln -s /run/prey/file /var/lib/netform/names/journal',
    /E_UNSAFE_FILE|E_JOURNAL/,
  ],
  ['a namespace', 'mkdir -p /run/netns && ln -s /proc/1/ns/net /run/netns/web', /web/],
  ['a namespace that leads to a file', 'mkdir -p /run/netns && ln -s /run/prey/file /run/netns/web', /web/],
];

/** The same for files that other programs own: only root's links are followed. */
const FOREIGN: readonly (readonly [string, string])[] = [
  ['/etc/netns that belongs to somebody else', 'chown 1000 /etc/netns'],
  ['/etc/netns/web of somebody else', 'mkdir -p /etc/netns/web && chown 1000 /etc/netns/web'],
  [
    'a link of somebody else at /etc/netns/web/hosts',
    'mkdir -p /etc/netns/web && ln -s /run/prey/file /etc/netns/web/hosts && chown -h 1000 /etc/netns/web/hosts',
  ],
  [
    '/etc/netns/web/hosts into a folder that others may write',
    'mkdir -p /etc/netns/web && chmod 777 /run/prey && ln -s /run/prey/file /etc/netns/web/hosts',
  ],
];

async function plant(m: Machine, script: string): Promise<string> {
  await m.must(`mkdir /etc/netns /run/prey && echo precious >/run/prey/file && cp -a /run/prey /run/copy\n${script}`);
  return m.snapshot();
}

async function untouched(m: Machine, before: string): Promise<void> {
  expect(await m.must('find /run/prey | sort; cat /run/prey/file')).toBe('/run/prey\n/run/prey/file\nprecious\n');
  expect(await m.snapshot()).toBe(before);
}

describe.concurrent('threat 11: links that were planted are refused, and nothing is followed', () => {
  test.each(PLANTED)('refuses %s', async (_, script, says) => {
    await withMachine(async (m) => {
      const before = await plant(m, script);
      for (const args of [
        ['apply', names],
        ['apply', names, '--adopt'],
        ['destroy', 'names', '--yes'],
      ]) {
        const ended = await m.netform(args);
        const said = `netform ${args.join(' ')}\n${ended.stdout}${ended.stderr}`;
        if (args[0] === 'apply') expect([1, 2, 4, 7], said).toContain(ended.code);
        if (args[0] === 'apply') expect(said).toMatch(says);
        expect(said).not.toMatch(/^\s+at .*:\d+:\d+/m);
      }
      await untouched(m, before);
    });
  });

  test.each(FOREIGN)('refuses %s', async (_, script) => {
    await withMachine(async (m) => {
      const before = await plant(m, script);
      const { stdout, stderr } = await runNetform(m, ['apply', names], { code: 4 });
      expect(stdout + stderr).toMatch(/others than root/);
      await untouched(m, before);
    });
  });

  test('a hosts file with two names keeps both, and both get the lines', async () => {
    await withMachine(async (m) => {
      await m.must('mkdir /etc/netns && ln /etc/hosts /etc/hosts.too && stat -c %i /etc/hosts >/run/inode');
      const before = await m.snapshot();
      await runNetform(m, ['apply', '-'], { input: named });
      expect(await m.must('grep printer /etc/hosts.too')).toContain('10.7.0.7');
      expect(await m.must('stat -c %i /etc/hosts')).toBe(await m.must('cat /run/inode'));
      await runNetform(m, ['destroy', 'named', '--yes']);
      expect(await m.snapshot()).toBe(before);
      expect(await m.must('stat -c %h /etc/hosts')).toBe('2\n');
    });
  });

  test('a hosts file with extended attributes keeps them', async () => {
    await withMachine(async (m) => {
      const call = (declared: string, args: string) =>
        m.must(
          `${process.execPath} -e 'const k = require("koffi"); const b = Buffer.alloc(9); const r = k.load(null).func("${declared}")(${args}); console.log(r, b.toString())'`,
        );
      await m.must('mkdir /etc/netns');
      const before = await m.snapshot();
      const set = await call(
        'int setxattr(str, str, str, size_t, int)',
        '"/etc/hosts", "trusted.label", "system_u", 8, 0',
      );
      expect(set).toMatch(/^0 /);
      await runNetform(m, ['apply', '-'], { input: named });
      const read = () => call('int64_t getxattr(str, str, void*, size_t)', '"/etc/hosts", "trusted.label", b, 8');
      expect(await read()).toContain('8 system_u');
      await runNetform(m, ['destroy', 'named', '--yes']);
      expect(await read()).toContain('8 system_u');
      expect(await m.snapshot()).toBe(before);
    });
  });

  test('the conflist folder: of somebody else, or with a link under the name', async () => {
    await withMachine(async (m) => {
      await m.must('mkdir /run/prey && mkdir -p /etc/cni/net.d');
      for (const script of [
        'chown 1000 /etc/cni/net.d',
        'chown 0 /etc/cni/net.d && ln -s /run/prey/new /etc/cni/net.d/10-mynet.conflist',
      ]) {
        await m.must(script);
        const before = await m.snapshot();
        const ended = await m.netform(['apply', 'topologies/cni.yaml']);
        expect([4, 7], ended.stdout + ended.stderr).toContain(ended.code);
        expect(await m.snapshot()).toBe(before);
        expect(await m.must('ls /run/prey')).toBe('');
      }
    });
  });
});

/** Has lines in the machine's own hosts file. */
const named = `version: 1
name: named
bridges: { lan7: 10.7.0.0/24 }
namespaces: { printer: { interfaces: { eth0: { bridge: lan7, address: 10.7.0.7 } } } }
host: { dns: { names: true } }
`;

describe.concurrent('threat 13: modes do not depend on the umask', () => {
  test.each(['0000', '0077', '0777'])('umask %s', async (umask) => {
    await withMachine(async (m) => {
      await m.must(
        `rm -f /etc/hosts && umask ${umask} && ${netform} apply ${names} && ${netform} apply - && ${netform} apply topologies/cni.yaml`,
        { input: named },
      );
      const paths =
        '/etc/hosts /etc/netns /etc/netns/web /etc/netns/web/hosts /etc/cni /etc/cni/net.d /etc/cni/net.d/* /run/netns';
      const modes = await m.must(
        `stat -c '%a %U %n' ${paths} /var/lib/netform /var/lib/netform/names /var/lib/netform/names/state.json /run/netform /run/netform/lock`,
      );
      expect(modes).toBe(`644 root /etc/hosts
755 root /etc/netns
755 root /etc/netns/web
644 root /etc/netns/web/hosts
755 root /etc/cni
755 root /etc/cni/net.d
644 root /etc/cni/net.d/10-mynet.conflist
755 root /run/netns
700 root /var/lib/netform
700 root /var/lib/netform/names
600 root /var/lib/netform/names/state.json
700 root /run/netform
600 root /run/netform/lock
`);
    });
  });
});
