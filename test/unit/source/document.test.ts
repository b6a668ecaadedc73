import { describe, expect, test } from 'vitest';
import { readDocument } from '../../../src/source/document.ts';
import { createLocator } from '../../../src/source/locate.ts';
import { load, said } from './load-topology.ts';

const checks = (text: string) => readDocument(text).diagnostics.map((one) => one.check);

const at = (text: string, path: readonly (string | number)[], on: 'key' | 'value' = 'value') => {
  const { line, column, length } = createLocator(text, readDocument(text).spans)({ path, on });
  return [line, column, length];
};

describe('what is refused before and while reading', () => {
  test.each([
    ['a tag', 'a: !!str 5', 'yaml-feature'],
    ['an unknown tag', 'a: !foo {}', 'yaml-feature'],
    ['a directive', '%YAML 1.1\n---\na: yes', 'yaml-feature'],
    ['a merge key', 'a: &x {b: 1}\nc: { <<: *x }', 'yaml-feature'],
    ['a key that is a number', '80: x', 'yaml-feature'],
    ['a key that is a list', '? [a]\n: b', 'yaml-feature'],
    ['a second document', 'a: 1\n---\nb: 2', 'yaml-feature'],
    ['__proto__', '{ "__proto__": 1 }', 'reserved-key'],
    ['constructor', 'a: { constructor: 1 }', 'reserved-key'],
    ['prototype', 'prototype: 1', 'reserved-key'],
    ['an alias without anchor', 'a: *x', 'yaml-syntax'],
    ['an alias inside its own anchor', 'a: &x [ *x ]', 'yaml-syntax'],
    ['a number that loses digits', 'a: 12345678901234567890', 'bad-value'],
    ['not a number', 'a: .nan', 'bad-value'],
    ['a NUL', 'a: "\u0000"', 'file-encoding'],
    ['an escape character', 'a: \u001b[31m', 'file-encoding'],
    ['a tab', 'a:\n\tb: 1', 'yaml-syntax'],
    ['a missing quote', "a: 'x", 'yaml-syntax'],
    ['a flow list too deep', '['.repeat(100), 'file-limit'],
    ['a flow list far too deep', '['.repeat(200_000), 'file-limit'],
    ['dashes too deep', '- '.repeat(5000), 'file-limit'],
    ['an indentation too deep', Array.from({ length: 80 }, (_, i) => `${' '.repeat(i)}k:`).join('\n'), 'file-limit'],
    ['lists as deep as maps', Array.from({ length: 40 }, (_, i) => `${'  '.repeat(i)}- k:`).join('\n'), 'file-limit'],
    ['too many keys', Array.from({ length: 50_001 }, (_, i) => `k${i}:`).join('\n'), 'file-limit'],
    ['too many bytes', `a: ${'x'.repeat(1024 * 1024)}`, 'file-limit'],
  ])('refuses %s', (_, text, check) => {
    expect(checks(text)).toEqual([check]);
  });

  test('aliases that multiply', () => {
    const lines = ['a0: &a0 [1,1,1,1,1,1,1,1,1,1]'];
    for (let i = 1; i < 9; i++)
      lines.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(',')}]`,
      );
    expect(checks(lines.join('\n'))).toEqual(['file-limit']);
  });

  test('bytes that are not UTF-8, with their place', () => {
    expect(said(load('')).length).toBe(1);
    const loaded = load(new Uint8Array([0x61, 0x3a, 0x20, 0xff, 0x0a]));
    expect(said(loaded)).toEqual(['1:4 file-encoding: the file is not UTF-8 text']);
  });

  test('a repeated key names both places', () => {
    const text = 'a:\n  b: 1\n  c: 2\n  b: 3\n';
    const [one, ...rest] = readDocument(text).diagnostics;
    expect(rest).toEqual([]);
    const locate = createLocator(text, null);
    expect(one && [one.check, one.at && locate(one.at), one.related.map((r) => locate(r.at))]).toEqual([
      'duplicate-key',
      { line: 4, column: 3, length: 1 },
      [{ line: 2, column: 3, length: 1 }],
    ]);
  });
});

test('what a newcomer writes wrong is explained', () => {
  expect(said(load(`a: { out: \${up} }`))).toEqual([
    `1:12 yaml-syntax: a variable inside { } or [ ] must be quoted = write "\${name}"`,
  ]);
  expect(said(load('to: blue: 80'))[0]).toContain('a second `key: value` stands inside a value');
});

test('YAML 1.2 is read: no is text; a number is written as everybody reads it', () => {
  const { value } = readDocument('a: no\ne: ~\nf: 12:30:45\ng: -7\nh: 0.5\n');
  expect(value).toEqual({ a: 'no', e: null, f: '12:30:45', g: -7, h: 0.5 });
  const { diagnostics } = readDocument('b: 022\nc: 0o22\nd: 1e3\ne: 0x10\nf: +1\n');
  expect(diagnostics.map(({ check }) => check)).toEqual(Array(5).fill('bad-value'));
});

test('a byte order mark and Windows line ends do no harm', () => {
  const loaded = load('\ufeffversion: 1\r\nname: lab\r\nnamespaces:\r\n  red: {}\r\n');
  expect(loaded.topology?.namespaces.map(({ name }) => name)).toEqual(['red']);
});

describe('places', () => {
  const text = 'top: 1\nlist:\n  - { k: "é", v: [x, yy] }\nempty:\nnames: &n\n  deep: here\nalias: *n\n';
  test.each([
    ['a scalar', ['top'], 'value', [1, 6, 1]],
    ['a key', ['list', 0, 'v'], 'key', [3, 15, 1]],
    ['columns count characters', ['list', 0, 'v', 1], 'value', [3, 22, 2]],
    ['an empty value is its key', ['empty'], 'value', [4, 1, 5]],
    ['a block is its key', ['names'], 'value', [5, 1, 5]],
    ['an alias', ['alias'], 'value', [7, 8, 2]],
    ['inside an alias', ['alias', 'deep'], 'value', [6, 9, 4]],
    ['something missing is its parent', ['list', 0, 'v', 9, 'w'], 'value', [3, 15, 1]],
  ] as const)('locates %s', (_, path, on, expected) => {
    expect(at(text, path, on)).toEqual(expected);
  });
});
