import { expect, test } from 'vitest';
import { readJson } from '../../../src/kinds/files/conflist/read-json.ts';

const read = (text: string) => {
  const { value, diagnostics, locate } = readJson(Buffer.from(text));
  return { value, said: diagnostics.map(({ message, at }) => [message, at && locate(at)]) };
};

test('a mistake of JSON is told with its place', () => {
  const cases: readonly (readonly [string, number, number, RegExp])[] = [
    ['{\n  "a": 1,\n}', 3, 1, /double-quoted property name/],
    ['{\n  "a": tru\n}', 2, 11, /from here on/],
    ['{ "a": [1, 2 }', 1, 14, /not JSON/],
    ["{ 'a': 1 }", 1, 3, /not JSON/],
    ['{ "a": 1 // why\n}', 1, 10, /not JSON/],
    ['{ "a": 1', 1, 9, /expected ',' or '}'/],
    ['{ "a": ', 1, 8, /ends too early/],
    ['', 1, 1, /empty/],
  ];
  for (const [text, line, column, words] of cases) {
    const { value, said } = read(text);
    expect(value, text).toBeUndefined();
    expect(said, text).toEqual([[expect.stringMatching(words), expect.objectContaining({ line, column })]]);
  }
});

test('a key that stands twice is told, and tabs are no mistake', () => {
  expect(read('{\n\t"a": 1,\n\t"a": 2\n}').said).toHaveLength(1);
  expect(read('{\n\t"a": [\n\t\t1\n\t]\n}')).toEqual({ value: { a: [1] }, said: [] });
});
