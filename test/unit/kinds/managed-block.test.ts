import fc from 'fast-check';
import { expect, test } from 'vitest';
import { insertManagedBlock, readManagedBlock, removeManagedBlock } from '../../../src/model/files/managed-block.ts';

const OURS = 'netform:v1:demo:01234567';
const OTHER = 'netform:v1:demo:89abcdef';
const LINES = ['10.0.0.1 red', '10.0.0.2 blue'];

test.each([
  ['no file', null],
  ['an empty file', ''],
  ['a file', '127.0.0.1 localhost\n'],
  ['a file without its last newline', '127.0.0.1 localhost'],
  ['a file with carriage returns', '127.0.0.1 localhost\r\n\r\n'],
  ['bytes that are no UTF-8', '10.0.0.9 gr\xfcn\n'],
])('%s comes back as it was', (_title, text) => {
  const written = insertManagedBlock(text, OURS, LINES);
  expect(readManagedBlock(written, OURS)).toEqual({ lines: LINES, intact: true });
  expect(removeManagedBlock(written, OURS)).toBe(text);
});

test('the lines of two labs come and go in any order', () => {
  const lines = fc.array(fc.constantFrom('10.0.0.1 a', '10.0.0.2 b', '', '# c'), { maxLength: 3 });
  const move = fc.record({ mark: fc.constantFrom(OURS, OTHER), lines: fc.option(lines) });
  const file = fc.option(fc.constantFrom('', 'x', 'x\n', 'x\r\n', 'x\n\n', '\n', '# BEGIN of mine\n'));
  fc.assert(
    fc.property(file, fc.array(move, { maxLength: 8 }), (text, moves) => {
      let now: string | null = text;
      for (const { mark, lines: wanted } of moves) {
        if (wanted) now = insertManagedBlock(now, mark, wanted);
        else if (now !== null) now = removeManagedBlock(now, mark);
      }
      for (const mark of [OTHER, OURS]) now = now === null ? null : removeManagedBlock(now, mark);
      expect(now).toBe(text);
    }),
  );
});

test('a second writing takes the place of the first', () => {
  const text = `${insertManagedBlock('a\n', OURS, LINES)}b\n`;
  const written = insertManagedBlock(text, OURS, ['10.0.0.3 green']);
  expect(readManagedBlock(written, OURS)).toEqual({ lines: ['10.0.0.3 green'], intact: true });
  expect(removeManagedBlock(written, OURS)).toBe('a\nb\n');
});

test('a changed line shows', () => {
  const text = insertManagedBlock('', OURS, LINES).replace('blue', 'green');
  expect(readManagedBlock(text, OURS)).toEqual({ lines: ['10.0.0.1 red', '10.0.0.2 green'], intact: false });
});

test('what was added below a file without its last newline keeps its line', () => {
  const text = `${insertManagedBlock('a', OURS, LINES)}b\n`;
  expect(removeManagedBlock(text, OURS)).toBe('a\nb\n');
});

test.each([
  ['its last line is gone', (text: string) => text.replace(`# END ${OURS}\n`, '')],
  ['its first line is gone', (text: string) => text.replace(/^# BEGIN.*\n/m, '')],
  ['it is there twice', (text: string) => text + text],
  ['its last line is first', (text: string) => `# END ${OURS}\n${text.replace(`# END ${OURS}\n`, '')}`],
  ['another block begins in it', (text: string) => text.replace('10.0.0.2', `# BEGIN ${OTHER}`)],
])('a block is broken when %s, and nothing is touched', (_title, spoil) => {
  const text = spoil(insertManagedBlock('a\n', OURS, LINES));
  expect(readManagedBlock(text, OURS)).toBe('broken');
  expect(() => removeManagedBlock(text, OURS)).toThrow(expect.objectContaining({ code: 'E_DRIFT' }));
  expect(() => insertManagedBlock(text, OURS, [])).toThrow(expect.objectContaining({ code: 'E_DRIFT' }));
});
