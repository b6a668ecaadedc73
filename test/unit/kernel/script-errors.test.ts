import { expect, test } from 'vitest';
import { scriptErrors } from '../../../src/kernel/process/sandbox/script-errors.ts';

const errors = (printed: string, failures: string | null, exitCode: number | null = 0) =>
  scriptErrors({ printed: Buffer.from(printed), failures }, { path: '/run/script', exitCode });

test('each failure has the first line that was printed since the one before (F12)', () => {
  expect(errors('one\nmore\ntwo\nlater\n', '3 9\n7 13\n')).toEqual([
    { line: 3, text: 'one' },
    { line: 7, text: 'two' },
  ]);
});

test('a failure without a word, a trace of set -x, and what follows the last failure do not count', () => {
  expect(errors('+ ip netns del a\n++ date\nlater\n', '1 0\n2 24\n')).toEqual([]);
});

test('the same error of the same line counts once, and a warning before an error is not its text', () => {
  expect(errors('Warning: old\nbad\nbad\n', '4 17\n4 21\n')).toEqual([{ line: 4, text: 'bad' }]);
});

test('what the end of a script is about is an error, with the line that the shell says', () => {
  expect(errors('/run/script: line 6: syntax error\n', '', 2)).toEqual([{ line: 6, text: 'syntax error' }]);
  expect(errors('/run/script: 6: foo: not found\nother\n', null)).toEqual([
    { line: 6, text: 'foo: not found' },
    { line: null, text: 'other' },
  ]);
});
