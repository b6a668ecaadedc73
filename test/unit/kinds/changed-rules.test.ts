import { expect, test } from 'vitest';
import { changedRules } from '../../../src/kinds/nft/changed-rules.ts';
import { listDifference } from '../../../src/kinds/nft/part.ts';

const rules = (ports: string) => [...ports].map((port) => ({ port }));

test.each([
  ['', ''],
  ['', 'a'],
  ['abc', ''],
  ['abc', 'abc'],
  ['abc', 'abxc'],
  ['abc', 'xabc'],
  ['abc', 'abcx'],
  ['abcd', 'abd'],
  ['abcd', 'axyd'],
  ['abcd', 'dcba'],
])('from %j to %j: what only one of them has', (from, to) => {
  const [before, after] = [rules(from), rules(to)];
  expect(changedRules(before, after)).toEqual(listDifference(before, after));
});

test('is found once for two lists', () => {
  const [before, after] = [rules('ab'), rules('bc')];
  expect(changedRules(before, after)).toBe(changedRules(before, after));
});
