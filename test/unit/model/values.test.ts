import { expect, test } from 'vitest';
import { isJsonObject } from '../../../src/model/json.ts';
import { alignCells, alignColumns } from '../../../src/model/values/columns.ts';
import { compareText } from '../../../src/model/values/compare.ts';
import { displayWidth, padToWidth } from '../../../src/model/values/display-width.ts';
import { escapeControl } from '../../../src/model/values/escape-control.ts';
import { groupBy } from '../../../src/model/values/group-by.ts';
import { sha256 } from '../../../src/model/values/hash.ts';
import { shellWord } from '../../../src/model/values/shell-word.ts';
import { wrapText } from '../../../src/model/values/wrap-text.ts';
import { escapeXml } from '../../../src/picture/escape.ts';

test.each([
  ['\n', '\\x0a', 'a line feed'],
  ['\u001b[31m', '\\x1b[31m', 'the escape of a terminal'],
  ['\u007f', '\\x7f', 'delete'],
  ['\u009b', '\\x9b', 'a C1 control'],
  ['\u061c', '\\u061c', 'the Arabic letter mark'],
  ['\u200b\u200f', '\\u200b\\u200f', 'marks without a width'],
  ['\u2028\u2029', '\\u2028\\u2029', 'line separators'],
  ['\u202e', '\\u202e', 'right-to-left override'],
  ['\u2060', '\\u2060', 'the word joiner'],
  ['\u2066\u2069', '\\u2066\\u2069', 'isolates'],
  ['\ud800', '\\ud800', 'a lone high surrogate'],
  ['a\udc00b', 'a\\udc00b', 'a lone low surrogate'],
  ['\ufeff', '\\ufeff', 'the byte order mark'],
  ['\ufffe\uffff', '\\ufffe\\uffff', 'noncharacters'],
  ['é 中 😀 א ─▶', 'é 中 😀 א ─▶', 'letters, emoji and lines: nothing'],
])('%j is escaped as %j, on a terminal and in a picture (%s)', (text, escaped) => {
  expect(escapeControl(text)).toBe(escaped);
  expect(escapeXml(text)).toBe(escaped);
});

test.each([
  ['', 0],
  ['eth0', 4],
  ['é', 1],
  ['e\u0301', 1],
  ['中文', 4],
  ['한', 2],
  ['😀', 2],
  ['─▶', 2],
])('%j takes %i columns', (text, width) => {
  expect(displayWidth(text)).toBe(width);
  expect(displayWidth(padToWidth(text, 6))).toBe(6);
});

test('columns are aligned by their width on a terminal', () => {
  expect(
    alignColumns([
      ['a', '', '1'],
      ['中文', '', '2'],
      ['x\n', '', '3'],
    ]),
  ).toEqual(['a       1', '中文    2', 'x\\x0a   3']);
});

test('a wide cell moves only its own row, and the last column has no padding', () => {
  const wide = 'w'.repeat(33);
  expect(
    alignColumns(
      [
        [wide, '1', 'x'],
        ['a', '2'],
      ],
      { gap: 1 },
    ),
  ).toEqual([`${wide} 1 x`, 'a 2']);
  expect(alignColumns([])).toEqual([]);
});

test('cells of several lines keep the columns of all rows', () => {
  expect(
    alignCells([
      [['red'], ['10.0.0.1', 'fd00::1'], ['up']],
      [['printer'], ['10.0.0.2'], []],
    ]),
  ).toEqual([['red       10.0.0.1   up', '          fd00::1'], ['printer   10.0.0.2']]);
});

test('values are grouped by key in the order in which the keys occur', () => {
  expect([...groupBy([3, 10, 5, 12], (one) => one % 2)]).toEqual([
    [1, [3, 5]],
    [0, [10, 12]],
  ]);
});

test.each([
  ['', "''"],
  ['a/b-1.yaml', 'a/b-1.yaml'],
  ["it's", "'it'\\''s'"],
  ['$(x)', "'$(x)'"],
])('%j is %s in a shell', (text, word) => {
  expect(shellWord(text)).toBe(word);
});

test('texts are ordered by code units, whatever the language of the machine', () => {
  expect(['ä', 'b', 'Z', 'a'].sort(compareText)).toEqual(['Z', 'a', 'b', 'ä']);
  expect(compareText('a', 'a')).toBe(0);
});

test('SHA-256 is written as hexadecimal digits or base64', () => {
  expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(sha256('abc', 'base64')).toBe('ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=');
});

test.each([
  [{}, true],
  [{ a: 1 }, true],
  [[], false],
  [null, false],
  ['{}', false],
  [undefined, false],
])('%j is a JSON object: %s', (value, isObject) => {
  expect(isJsonObject(value)).toBe(isObject);
});

test('M12: a line breaks between words, below its last column', () => {
  const line = '    + route    default   via 10.0.1.254, was removed by hand, default route of lan';
  expect(wrapText(`${line}\nshort`, 62)).toBe(
    '    + route    default   via 10.0.1.254, was removed by hand,\n                         default route of lan\nshort',
  );
  expect(wrapText(line, 45), 'where the column leaves no room for words').toBe(
    '    + route    default   via 10.0.1.254, was\n        removed by hand, default route of lan',
  );
  expect(wrapText('     = one two three', 16), 'a hint').toBe('     = one two\n       three');
  expect(wrapText('Plan: 1 to add, 2 to change.', 20), 'a sentence').toBe('Plan: 1 to add, 2 to\n  change.');
  expect(wrapText('   9 | a long line', 10, /^ *\d* \|/), 'a line that is kept').toBe('   9 | a long line');
  const red = '\u001b[31m-\u001b[0m';
  expect(wrapText(`${red} a bc`, 6), 'colour takes no room').toBe(`${red} a bc`);
  expect(wrapText('one /a/very/long/path two', 10), 'a long word stays whole').toBe('one\n  /a/very/long/path\n  two');
});
