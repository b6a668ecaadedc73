import { describe, expect, test } from 'vitest';
import { checkCodes } from '../../../src/model/diagnostics/check-codes.ts';
import { loadTopology } from '../../../src/registry/language.ts';
import { countCalls } from '../../support/count-calls.ts';
import { withMachine } from '../../support/machine.ts';
import { expectRefusal, topology } from './attacks.ts';

const repeat = (text: string, times: number): string => Array.from({ length: times }, () => text).join('');
const MiB = 1024 * 1024;

const bomb = (): string => {
  const level = (i: number) => `l${i}: &l${i} [${repeat(`*l${i - 1}, `, 9)}*l${i - 1}]\n`;
  return `l0: &l0 [a, a, a, a, a, a, a, a, a]\n${Array.from({ length: 9 }, (_, i) => level(i + 1)).join('')}`;
};

const lengthening = (): string => {
  const level = (i: number) => `  v${i}: "${repeat(`\${v${i - 1}}`, 10)}"\n`;
  return `version: 1\nname: x\nvars:\n  v0: aaaaaaaaaa\n${Array.from({ length: 20 }, (_, i) => level(i + 1)).join('')}`;
};

/** What a parser dies of, or works at for ever. */
const BOMBS: readonly (readonly [string, () => string, string])[] = [
  ['a file of 2 MiB', () => `# ${'x'.repeat(2 * MiB)}`, 'NF1001'],
  ['an endless line of digits', () => `mtu: ${'9'.repeat(MiB / 2)}`, 'NF1011'],
  ['100,000 flow levels', () => repeat('[', 100_000), 'NF1001'],
  ['100,000 levels of maps', () => repeat('{a: ', 100_000), 'NF1001'],
  ['100,000 sequence dashes', () => repeat('- ', 100_000), 'NF1001'],
  [
    '1,000 levels of indentation',
    () => Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}a:\n`).join(''),
    'NF1001',
  ],
  ['100,000 explicit keys', () => repeat('? ', 100_000), 'NF1001'],
  ['60,000 keys', () => Array.from({ length: 60_000 }, (_, i) => `k${i}: 1\n`).join(''), 'NF1001'],
  ['an alias bomb', bomb, 'NF1001'],
  ['variables that stand for each other', lengthening, 'NF1001'],
  ['an anchor that holds itself', () => 'a: &a [*a]', 'NF1003'],
  ['100,000 anchors', () => `a: [${repeat('&x 1, ', 100_000)}]`, 'NF1008'],
  ['a NUL', () => 'a: "\0"', 'NF1002'],
  ['an escape sequence', () => 'a: \u001b[2J', 'NF1002'],
  ['tags', () => 'a: !!js/function "x"', 'NF1004'],
  ['a tag of binary', () => 'a: !!binary aGVsbG8=', 'NF1004'],
  ['a directive', () => '%TAG ! tag:x,2000:\n---\na: 1', 'NF1004'],
  ['merge keys', () => 'a: &a { b: 1 }\nc: { <<: *a }', 'NF1004'],
  ['two documents', () => 'a: 1\n---\nb: 1', 'NF1004'],
  ['100,000 quotes', () => repeat('"', 100_001), 'NF1003'],
  ['100,000 colons', () => repeat(': ', 100_000), 'NF1001'],
  ['a block scalar of 900 KB', () => `a: |\n${repeat(`  ${'x'.repeat(97)}\n`, 9000)}`, 'NF1008'],
  ['40,000 unknown keys', () => Array.from({ length: 40_000 }, (_, i) => `k${i}: 1\n`).join(''), 'NF1008'],
];

describe('threat 6: YAML that breaks parsers ends in a diagnostic after a bounded number of calls', () => {
  test.each(BOMBS)('ends in a diagnostic: %s', async (_, make, code) => {
    const text = make();
    let codes: readonly string[] = [];
    const calls = await countCalls(() => {
      codes = codesOf(loadTopology(text, { file: 'bomb', vars: {}, varFile: null }).diagnostics);
    });
    expect(codes).toContain(code);
    // The most is 100,000 anchors with 17 million.
    expect(calls).toBeLessThan(40_000_000);
  });

  test('end to end, as a topology, as a file of variables and as the name of a lab to destroy', async () => {
    await withMachine(async (m) => {
      const attacks = BOMBS.flatMap(([, make, code], i) =>
        i % 2 === 0 ? [{ ...topology('', code), text: make() }] : [],
      );
      await m.must('cat >/run/vars.yaml', { input: bomb() });
      await m.must('head -c 2000000 /dev/zero >/run/zero.yaml');
      await m.must('cat >/run/bomb.yaml', { input: repeat('[', 100_000) });
      await expectRefusal(m, [
        ...attacks,
        { ...topology('', 'NF1001'), args: ['apply', '@', '--var-file', '/run/vars.yaml'] },
        { ...topology('', 'NF1001'), args: ['apply', '@', '--var-file', '/run/zero.yaml'] },
        { ...topology('', 'NF1001'), args: ['apply', '/dev/zero'] },
        { args: ['destroy', '/run/bomb.yaml', '--yes'], exit: 2, code: 'E_WHICH_LAB' },
      ]);
    });
  });

  test('not UTF-8', async () => {
    await withMachine(async (m) => {
      await m.must(`printf 'version: 1\\nname: x\\377\\n' >/run/bad.yaml`);
      await expectRefusal(m, [
        { args: ['apply', '/run/bad.yaml'], exit: 3, code: 'NF1002' },
        { ...topology('', 'NF1002'), args: ['apply', '@', '--var-file', '/run/bad.yaml'] },
      ]);
    });
  });
});

describe('threats 7, 8 and 9: YAML that says something else than it seems to', () => {
  test('each is refused, and nothing is changed', async () => {
    await withMachine(async (m) => {
      await expectRefusal(m, [
        topology('namespaces:\n  red: {}\n  red: {}', 'NF1005'),
        topology('namespaces: { red: {}, "red": {} }', 'NF1005'),
        topology('name: other', 'NF1005'),
        ...['__proto__', 'constructor', 'prototype', '"__proto__"'].flatMap((key) => [
          topology(`${key}: { polluted: 1 }`, 'NF1006'),
          topology(
            `cni: { net: { cniVersion: 1.0.0, plugins: [{ type: loopback, args: { ${key}: {} } }] } }`,
            'NF1006',
          ),
        ]),
        topology('1: {}', 'NF1004'),
        topology('? [a]\n: b', 'NF1004'),
        topology('bridges: { lan: { subnet: 10.0.0.0/24, mtu: 01400 } }', 'NF1011'),
        topology('bridges: { lan: { subnet: 10.0.0.0/24, mtu: 0o1400 } }', 'NF1011'),
        topology('bridges: { lan: { subnet: 10.0.0.0/24, mtu: 0x578 } }', 'NF1011'),
        topology('bridges: { lan: { subnet: 10.0.0.0/24, mtu: 1.4e3 } }', 'NF1011'),
        topology('bridges: { lan: { subnet: 10.0.0.0/24, mtu: .inf } }', 'NF1011'),
        topology('bridges: { lan: { subnet: 10.0.0.0/24, mtu: 99999999999999999999 } }', 'NF1011'),
        topology('namespaces: { red: { interfaces: { eth0: 10.1 } } }', 'NF1009'),
        topology('namespaces: { yes: { forwarding: yes } }', 'NF1009'),
      ]);
    });
  });

  test('8: what a file brings along reaches no prototype', () => {
    const polluting = 'version: 1\nname: x\nvars: { "__proto__": 1 }\ncni: { "__proto__": { polluted: 1 } }';
    loadTopology(polluting, {
      file: 'x',
      vars: { __proto__: 'x' },
      varFile: { name: 'v', text: '__proto__: { polluted: 1 }' },
    });
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

describe('threat 10: addresses in forms that parsers disagree about', () => {
  const FORMS = [
    '010.0.0.1',
    '0x0a.0.0.1',
    '167772161',
    '10.1',
    '10.0.0.1%eth0',
    '10.0.0.256',
    '1.2.3.4.5',
    '"::ffff:10.0.0.1"',
    '"fe80::1%eth0"',
    '"1::2::3"',
    '"12345::"',
  ];
  test('each is refused wherever an address can stand', async () => {
    await withMachine(async (m) => {
      await expectRefusal(
        m,
        FORMS.flatMap((form) => {
          const withLength = form.startsWith('"') ? `${form.slice(0, -1)}/24"` : `"${form}/24"`;
          const bare = form.startsWith('"') ? form : `"${form}"`;
          const eth0 = '{ eth0: 10.9.0.1/24 }';
          return [
            topology(`namespaces: { red: { interfaces: { eth0: ${withLength} } } }`, 'NF1013'),
            topology(
              `namespaces: { red: { interfaces: ${eth0}, routes: [{ to: ${withLength}, dev: eth0 }] } }`,
              'NF1013',
            ),
            topology(`namespaces: { red: { dns: { nameservers: [${bare}] } } }`, 'NF1013'),
          ];
        }),
      );
    });
  });
});

const codesOf = (diagnostics: ReturnType<typeof loadTopology>['diagnostics']): readonly string[] =>
  diagnostics.map(({ check }) => checkCodes[check]);
