import fc from 'fast-check';
import { expect, test } from 'vitest';
import { extractShared, inlineShared } from '../../../src/model/values/shared-values.ts';

const LONG = Array.from({ length: 20 }, (_, i) => `10.0.0.${i} n${i}`);

test('a long list in two places is written once, and comes back as one list', () => {
  const value = { a: { lines: LONG }, b: [LONG, 'x'], small: ['y'] };
  const document = extractShared(value);
  expect(document).toEqual({
    shared: [LONG],
    value: { a: { lines: { $shared: 0 } }, b: [{ $shared: 0 }, 'x'], small: ['y'] },
  });
  const { a, b } = inlineShared(JSON.parse(JSON.stringify(document))) as typeof value;
  expect({ a, b, small: ['y'] }).toEqual(value);
  expect(a.lines).toBe(b[0]);
});

test('equal lists that each stand in two places are written once', () => {
  const copy = [...LONG];
  expect(extractShared([LONG, LONG, copy, copy]).shared).toEqual([LONG]);
});

test('what stands in one place, or is short, is written where it stands', () => {
  const short = ['x'];
  const value = [LONG, [short, short]];
  expect(extractShared(value)).toEqual({ shared: [], value });
});

test('any value with any sharing survives the way to JSON and back', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue({ maxDepth: 4 }), { minLength: 1 }), fc.array(fc.nat(9)), (values, places) => {
      const value = places.map((place) => [values[place % values.length], { deep: values[place % values.length] }]);
      const document: ReturnType<typeof extractShared> = JSON.parse(JSON.stringify(extractShared(value)));
      expect(JSON.stringify(inlineShared(document))).toBe(JSON.stringify(value));
    }),
  );
});
