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

test('a long list that is mostly another one is written in pieces of it', () => {
  const base = Array.from({ length: 100 }, (_, i) => `line ${i}`);
  const like = [...base.slice(0, 40), 'mine', ...base.slice(41, 90)];
  const other = Array.from({ length: 40 }, (_, i) => `other ${i}`);
  const value = { base, like, again: [like], other, ours: { like } };
  const document = extractShared(value);
  expect(document.shared).toEqual([base, { $parts: [[0, 0, 40], 'mine', [0, 41, 49]] }]);
  expect(document.value).toMatchObject({ base: { $shared: 0 }, like: { $shared: 1 }, again: [{ $shared: 1 }], other });
  const back = inlineShared(JSON.parse(JSON.stringify(document))) as typeof value;
  expect(back).toEqual(value);
  expect(back.like).toBe(back.ours.like);
  expect(extractShared({ base, like }).value).toEqual({
    base: { $shared: 0 },
    like: { $parts: [[0, 0, 40], 'mine', [0, 41, 49]] },
  });
});

test('any long lists of strings survive the way to JSON and back, whatever they have in common', () => {
  const line = fc.nat(60).map((n) => `line ${n}`);
  const list = fc.array(line, { minLength: 30, maxLength: 90 });
  const edits = fc.array(fc.tuple(fc.nat(80), line), { maxLength: 6 });
  fc.assert(
    fc.property(fc.array(fc.tuple(list, fc.array(edits, { maxLength: 3 })), { minLength: 1, maxLength: 7 }), (all) => {
      const value = all.flatMap(([base, variants]) => [
        base,
        ...variants.map((some) => some.reduce((lines, [at, one]) => lines.toSpliced(at, at % 3, one), base)),
        { again: base },
      ]);
      const document: ReturnType<typeof extractShared> = JSON.parse(JSON.stringify(extractShared(value)));
      expect(inlineShared(document)).toEqual(value);
    }),
  );
});

test('is the same for a list that an earlier document had', () => {
  const inner = Array.from({ length: 8 }, (_, i) => i);
  const outer = Array.from({ length: 40 }, () => ({ inner }));
  const first = extractShared({ inner, again: inner, outer });
  expect(extractShared({ inner, again: inner, outer })).toEqual(first);
  expect(first.shared).toEqual([inner]);
  expect(JSON.stringify(first.value)).not.toContain('[0,1');
  const rules = Array.from({ length: 40 }, (_, port) => ({ port }));
  expect(extractShared({ rules }).shared).toEqual([]);
  expect(extractShared({ before: rules, after: rules }).shared).toEqual([rules]);
});
