import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createForeignObjects } from '../../labs/foreign-objects.ts';
import { runNetform } from '../../labs/run-netform.ts';
import { repository, withMachine } from '../../support/machine.ts';
import { expectRefusal, topology } from './attacks.ts';

/** Where a name can stand: the topology around a map's keys or a list's values, and the code of a bad one. */
const FIELDS: readonly (readonly [string, (names: readonly string[]) => string, string])[] = [
  ['a namespace', (names) => `namespaces: { ${keys(names, '{}')} }`, 'NF1012'],
  ['an interface', (names) => `namespaces: { red: { interfaces: { ${keys(names, '10.0.0.1/24')} } } }`, 'NF1012'],
  ['a bridge', (names) => `bridges: { ${keys(names, '10.0.0.0/24')} }`, 'NF1012'],
  ['a link of the machine', (names) => `host: { interfaces: { ${keys(names, '{ existing: true }')} } }`, 'NF1012'],
  ['a CNI network', (names) => `cni: { ${keys(names, NETWORK)} }`, 'NF1012'],
  ['a host', (names) => `namespaces: { red: { dns: { hosts: { ${keys(names, '10.0.0.1')} } } } }`, 'NF1017'],
  ['a search domain', (names) => `namespaces: { red: { dns: { search: [${names.join(', ')}] } } }`, 'NF1017'],
];

const keys = (names: readonly string[], value: string): string => names.map((name) => `${name}: ${value}`).join(', ');

const NETWORK = '{ cniVersion: 1.0.0, plugins: [{ type: loopback }] }';

/** YAML strings in double quotes. */
const SHELL = ['"$(reboot)"', '"`id`"', '"a;b"', '"a|b"', '"a&b"', '"a>b"', '"a*b"', '"a\\\\b"', '"~root"'];
const DASHES = ['"-x"', '"--help"', '"-"'];
const QUOTES = ['"a\\nb"', '"a\\rb"', `"a'b"`, '"a\\"b"', '"a b"', '"a\\tb"', '"a#b"', '"a\\u2028b"', '"a\\0b"'];

describe.concurrent('threats 1, 2 and 3: names that a shell, an option parser or a batch would run', () => {
  test.each(FIELDS)('refuses the names for %s', async (_, around, code) => {
    await withMachine(async (m) => {
      await createForeignObjects(m);
      await expectRefusal(
        m,
        [SHELL, DASHES, QUOTES].map((names) => topology(around(names), code, names.length)),
      );
    });
  });

  test('the name of the lab, which is part of every mark and of every path', async () => {
    await withMachine(async (m) => {
      const attacks = [...SHELL, ...DASHES, ...QUOTES].map((name) => ({
        ...{ args: ['apply', '@', '--yes'], exit: 3, code: 'NF1012' },
        text: `version: 1\nname: ${name}\nnamespaces: { red: {} }\n`,
      }));
      await expectRefusal(m, attacks);
    });
  });

  test('1: text that is free runs nothing, neither in apply nor in the lines of plan --commands', async () => {
    const nasty = JSON.stringify(`'; touch /run/pwned; ' "$(touch /run/pwned)" \n EOF\nEOF\ntouch /run/pwned`);
    const input = `version: 1\nname: threat\ncni: { net: { cniVersion: 1.0.0, plugins: [{ type: loopback, args: { cni: { a: ${nasty} } } }] } }\n`;
    const apply = async (run: 'netform' | 'sh') =>
      withMachine(async (m) => {
        if (run === 'netform') await runNetform(m, ['apply', '-'], { input });
        else {
          const { stdout } = await runNetform(m, ['plan', '-', '--commands=all'], { input });
          await m.must('sh -e', { input: stdout });
        }
        expect((await m.sh('test -e /run/pwned')).code).toBe(1);
        return m.snapshot();
      });
    expect(await apply('sh')).toBe(await apply('netform'));
  });

  test('1: no source file starts a shell, and one file starts programs', () => {
    const root = join(repository, 'src');
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
    const lines = files.flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .map((line) => ({ file, line })),
    );
    const starts = lines.filter(({ line }) => /\bexecSync\(|shell: true|\bexec\('|['"]sh['"], \['-c/.test(line));
    expect(starts).toEqual([]);
  });

  test('2: a topology whose path begins with a dash is no option', async () => {
    await withMachine(async (m) => {
      await m.must('mkdir /run/lab && echo "{}" >/run/lab/--yes.yaml && echo "{}" >/run/lab/-f');
      await expectRefusal(m, [
        { args: ['apply', '-f'], cwd: '/run/lab', exit: 2, code: 'E_USAGE' },
        { args: ['apply', '--yes.yaml'], cwd: '/run/lab', exit: 2, code: 'E_USAGE' },
        { args: ['plan', '--var-file', '-f'], cwd: '/run/lab', exit: 2, code: 'E_NO_FILE' },
      ]);
    });
  });
});

describe.concurrent('threat 4: text that nftables would run', () => {
  test('nothing in a lab with NAT and forwards reaches a comment or a rule unchecked', async () => {
    const evil = '"x\\" ; flush ruleset ; #"';
    await withMachine(async (m) => {
      await createForeignObjects(m);
      await expectRefusal(m, [
        topology(`nat: [{ masquerade: ${evil} }]`, 'NF1012'),
        topology(`bridges: { lan: 10.7.0.0/24 }\nnat: [{ masquerade: lan, out: ${evil} }]`, 'NF1012'),
        topology(`bridges: { lan: 10.7.0.0/24 }\nnat: [{ snat: lan, as: ${evil} }]`, 'NF1013'),
        topology(`portForwards: [{ listen: 80, to: ${evil} }]`, 'NF1014'),
        topology(`portForwards: [{ listen: ${evil}, to: "10.0.0.1:80" }]`, 'NF1014'),
      ]);
      expect(await m.must('nft list tables')).toBe('table inet foreign\n');
    });
  });
});

describe.concurrent('threat 5: paths', () => {
  const PATHS = ['"../x"', '".."', '"."', '"a/b"', '"/etc/passwd"', '"a/../../b"', '"..."'];
  test('no name leads out of its folder', async () => {
    await withMachine(async (m) => {
      await createForeignObjects(m);
      const lab = PATHS.map((name) => ({
        ...{ args: ['apply', '@', '--yes'], exit: 3, code: 'NF1012' },
        text: `version: 1\nname: ${name}\n`,
      }));
      const cni = (key: string, value: string) =>
        topology(`cni: { net: { ${key}: ${value}, cniVersion: 1.0.0, plugins: [{ type: loopback }] } }`, 'NF1011');
      const type = (value: string) =>
        topology(`cni: { net: { cniVersion: 1.0.0, plugins: [{ type: ${value} }] } }`, 'NF1011');
      await expectRefusal(m, [
        ...lab,
        topology(`namespaces: { ${keys(PATHS, '{}')} }`, 'NF1012', PATHS.length),
        topology(`cni: { ${keys(PATHS, NETWORK)} }`, 'NF1012', PATHS.length),
        ...PATHS.slice(0, 5).map((path) => cni('file', path)),
        ...PATHS.slice(0, 5).map(type),
        ...['destroy', 'show'].map((verb) => ({ args: [verb, '../../nothing'], exit: 2, code: 'E_WHICH_LAB' })),
      ]);
    });
  });
});
