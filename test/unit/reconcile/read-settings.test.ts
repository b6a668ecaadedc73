import { describe, expect, test } from 'vitest';
import { readSettings } from '../../../src/reconcile/read-settings.ts';
import { plainPaint } from '../../../src/report/text/colour.ts';
import { diagnosticsText } from '../../../src/report/text/diagnostics.ts';

const read = (text: string) =>
  readSettings({ name: 'lab', file: '/etc/netform/reconcile.d/lab.yaml', bytes: Buffer.from(text) });
const mistakes = (text: string) => {
  const { findings, settings } = read(text);
  expect(settings).toBe(null);
  return findings.diagnostics.map(({ message, hint }) => `${message} = ${hint}`);
};
const HEAD = 'version: 1\nsource: { git: "https://git.example/lab.git" }\n';

describe('a reconcile file', () => {
  test('says all that it can say', () => {
    const { settings, findings } = read(
      `
version: 1
source: { git: "git@git.example:lab.git", branch: prod, path: /labs/ }
labs: [a.yaml, sub/b.yaml]
after: { shop: [underlay] }
verify: { signedBy: /etc/netform/allowed_signers, fastForward: false }
vars: { uplink: eth0, count: 3 }
confirm: 2m
probes: [{ in: web, run: [ping, -c1, db] }]
drift: report
ignore: [{ resource: "route:host/*", fields: [metric] }, { resource: "link:*" }]
deletes: { most: 20, empty: hold }
backoff: { first: 10s, most: 5m }
allow: [run, nic]
every: 5m
report: { metrics: /run/x.prom, webhook: "https://chat.example/x", command: [/bin/notify, -v] }
`.replace('/labs/', 'labs/'),
    );
    expect(findings.diagnostics).toEqual([]);
    expect(settings).toMatchObject({
      source: { git: 'git@git.example:lab.git', branch: 'prod', path: 'labs' },
      labs: ['a.yaml', 'sub/b.yaml'],
      verify: { signedBy: '/etc/netform/allowed_signers', fastForward: false },
      vars: { uplink: 'eth0', count: '3' },
      confirmSeconds: 120,
      probes: [{ in: 'web', run: ['ping', '-c1', 'db'] }],
      drift: 'report',
      ignore: [
        { resource: 'route:host/*', fields: ['metric'] },
        { resource: 'link:*', fields: null },
      ],
      deletes: { most: 20, empty: 'hold' },
      backoff: { firstSeconds: 10, mostSeconds: 300 },
      allow: ['run', 'nic'],
      everySeconds: 300,
      report: { metrics: '/run/x.prom', command: ['/bin/notify', '-v'] },
    });
  });

  test('allows nothing, deletes little and undoes what others changed when it does not say otherwise', () => {
    expect(read(HEAD).settings).toMatchObject({
      source: { branch: 'main', path: '' },
      labs: 'auto',
      verify: { signedBy: null, fastForward: true },
      confirmSeconds: 60,
      probes: [],
      drift: 'heal',
      ignore: [],
      deletes: { most: 5, empty: 'refuse' },
      backoff: { firstSeconds: 60, mostSeconds: 3600 },
      allow: [],
      report: { metrics: null, webhook: null, command: null },
    });
  });

  test.each([
    [
      'version: 1\n',
      [
        'the file needs the key "source" = for example source: { git: "https://git.example/lab.git", branch: main, path: labs }',
      ],
    ],
    [`${HEAD}alow: [run]\n`, ['unknown key "alow" at top level = did you mean "allow"?']],
    [
      `${HEAD}allow: [sudo]\n`,
      ['item 1 of "allow" must be run, cni, container, config, nic or file, not "sudo" = null'],
    ],
    [`${HEAD}confirm: soon\n`, ['"confirm" must be a time such as 60s, 5m or 1h, not "soon" = null']],
    [
      `${HEAD}confirm: 0\nprobes: [{ in: a, run: [x] }]\n`,
      ['without a time to confirm nothing can be rolled back = leave confirm: 0 out'],
    ],
    [`${HEAD}probes: [{ in: a }]\n`, ['item 1 of "probes" needs the key "run" = for example run: [ping, "-c1", db]']],
    [`${HEAD}backoff: { first: 2h }\n`, ['the first pause is longer than the longest = give most a longer time']],
    [`${HEAD}after: { a: [b], b: [a] }\n`, ['labs wait for each other: a after b after a = leave one of these out']],
    [
      'version: 1\nsource: { git: /x, folder: /y }\n',
      ['"source" needs either git or folder = write source: { folder: /srv/labs }, or source: { git: URL }'],
    ],
    [
      'version: 1\nsource: { folder: /y }\nverify: {}\n',
      ['a folder has no commits that could be verified = leave verify out, or give a git repository'],
    ],
    ['- a\n', ['a reconcile file is a map of keys = begin with version: 1 and source: { folder: /srv/labs }']],
    [
      `${HEAD}report: { command: [notify] }\n`,
      ['the command must be an absolute path = write [/usr/local/bin/notify]'],
    ],
  ])('says what is wrong with %j', (text, expected) => {
    expect(mistakes(text)).toEqual(expected);
  });

  test.each([
    'http://git.example/lab.git',
    'https://me:secret@git.example/lab.git',
    'ext::sh -c id',
    '--upload-pack=/bin/sh',
    'git://git.example/x',
    '-u@host:x',
    'user@-oProxyCommand=id:x',
    'ssh://-oProxyCommand=id/x',
  ])('never takes its topologies from %s', (git) => {
    expect(mistakes(`version: 1\nsource: { git: ${JSON.stringify(git)} }\n`)).toHaveLength(1);
  });

  test.each(['../x', 'a/../../x', '/etc', '-x', '.'])('never goes outside of the repository: %s', (path) => {
    expect(mistakes(`version: 1\nsource: { git: /srv/x.git, path: ${JSON.stringify(path)} }\n`)).toHaveLength(1);
    expect(mistakes(`${HEAD}labs: [${JSON.stringify(path)}]\n`)).toHaveLength(1);
  });

  test.each(['--all', '-x', 'a..b', 'a b', 'x.lock', 'a:b'])('never follows the branch %s', (branch) => {
    expect(mistakes(`version: 1\nsource: { git: /srv/x.git, branch: ${JSON.stringify(branch)} }\n`)).toHaveLength(1);
  });

  test('a mistake is shown where it stands', () => {
    const { findings } = read(`${HEAD}drift: fix\n`);
    expect(diagnosticsText(findings.diagnostics, findings, plainPaint)).toContain(
      'lab.yaml:3:8: "drift" must be heal or report, not "fix" [NF1011]',
    );
  });
});
