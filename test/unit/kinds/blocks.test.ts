import fc from 'fast-check';
import { expect, test } from 'vitest';
import { insertBlock, readBlock, removeBlock } from '../../../src/model/blocks.ts';

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
  const written = insertBlock(text, OURS, LINES);
  expect(readBlock(written, OURS)).toEqual({ lines: LINES, intact: true });
  expect(removeBlock(written, OURS)).toBe(text);
});

test('the lines of two labs come and go in any order', () => {
  const lines = fc.array(fc.constantFrom('10.0.0.1 a', '10.0.0.2 b', '', '# c'), { maxLength: 3 });
  const move = fc.record({ mark: fc.constantFrom(OURS, OTHER), lines: fc.option(lines) });
  const file = fc.option(fc.constantFrom('', 'x', 'x\n', 'x\r\n', 'x\n\n', '\n', '# BEGIN of mine\n'));
  fc.assert(
    fc.property(file, fc.array(move, { maxLength: 8 }), (text, moves) => {
      let now: string | null = text;
      for (const { mark, lines: wanted } of moves) {
        if (wanted) now = insertBlock(now, mark, wanted);
        else if (now !== null) now = removeBlock(now, mark);
      }
      for (const mark of [OTHER, OURS]) now = now === null ? null : removeBlock(now, mark);
      expect(now).toBe(text);
    }),
  );
});

test('a second writing takes the place of the first', () => {
  const text = `${insertBlock('a\n', OURS, LINES)}b\n`;
  const written = insertBlock(text, OURS, ['10.0.0.3 green']);
  expect(readBlock(written, OURS)).toEqual({ lines: ['10.0.0.3 green'], intact: true });
  expect(removeBlock(written, OURS)).toBe('a\nb\n');
});

test('a changed line shows', () => {
  const text = insertBlock('', OURS, LINES).replace('blue', 'green');
  expect(readBlock(text, OURS)).toEqual({ lines: ['10.0.0.1 red', '10.0.0.2 green'], intact: false });
});

test('what was added below a file without its last newline keeps its line', () => {
  const text = `${insertBlock('a', OURS, LINES)}b\n`;
  expect(removeBlock(text, OURS)).toBe('a\nb\n');
});

test.each([
  ['its last line is gone', (text: string) => text.replace(`# END ${OURS}\n`, '')],
  ['its first line is gone', (text: string) => text.replace(/^# BEGIN.*\n/m, '')],
  ['it is there twice', (text: string) => text + text],
  ['its last line is first', (text: string) => `# END ${OURS}\n${text.replace(`# END ${OURS}\n`, '')}`],
  ['another block begins in it', (text: string) => text.replace('10.0.0.2', `# BEGIN ${OTHER}`)],
])('a block is broken when %s, and nothing is touched', (_title, spoil) => {
  const text = spoil(insertBlock('a\n', OURS, LINES));
  expect(readBlock(text, OURS)).toBe('broken');
  expect(() => removeBlock(text, OURS)).toThrow(expect.objectContaining({ code: 'E_DRIFT' }));
  expect(() => insertBlock(text, OURS, [])).toThrow(expect.objectContaining({ code: 'E_DRIFT' }));
});
