import { expect, test } from 'vitest';
import { alignCells, alignColumns } from '../../../src/model/values/columns.ts';
import { displayWidth, padToWidth } from '../../../src/model/values/display-width.ts';
import { escapeControl } from '../../../src/model/values/escape-control.ts';
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
      1,
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
