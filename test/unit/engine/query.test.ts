import { expect, test } from 'vitest';
import { fieldDiff } from '../../../src/engine/plan/field-diff.ts';
import { mergeQueries } from '../../../src/engine/plan/query.ts';

test('queries are put together, each thing once and the scripts of a table together', () => {
  const merged = mergeQueries([
    { netns: ['host', 'red'], tables: [{ netns: 'host', table: 't', scripts: ['a'] }] },
    { netns: ['red'], tables: [{ netns: 'host', table: 't', scripts: ['a', 'b'] }], files: ['/etc/hosts'] },
    { sysctls: [{ netns: 'red', key: 'net/a' }] },
    {
      sysctls: [
        { netns: 'red', key: 'net/a' },
        { netns: 'host', key: 'net/a' },
      ],
      files: ['/etc/hosts'],
    },
  ]);
  expect(merged).toMatchObject({
    netns: ['host', 'red'],
    tables: [{ netns: 'host', table: 't', scripts: ['a', 'b'] }],
    files: ['/etc/hosts'],
    sysctls: [{ netns: 'red' }, { netns: 'host' }],
    listeners: [],
  });
});

test('changes are told property by property, lists as a whole', () => {
  const before = { mtu: 1500, near: { up: true, mac: 'a' }, list: [1, 2], same: { a: [1] } };
  const after = { mtu: 1400, near: { up: false, mac: 'a' }, list: [2, 1], same: { a: [1] }, more: 'x' };
  expect(fieldDiff(before, after)).toEqual([
    { path: ['mtu'], before: 1500, after: 1400 },
    { path: ['near', 'up'], before: true, after: false },
    { path: ['list'], before: [1, 2], after: [2, 1] },
    { path: ['more'], before: null, after: 'x' },
  ]);
});
