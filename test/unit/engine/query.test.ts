import { expect, test } from 'vitest';
import { fieldDiff } from '../../../src/engine/plan/field-diff.ts';
import { mergeNeeds, toLiveState } from '../../../src/model/kernel/need.ts';

test('needs are asked once each, with the scripts of a table together', () => {
  expect(
    mergeNeeds([
      { need: 'namespace', netns: 'host' },
      { need: 'table', netns: 'host', key: 't', scripts: ['a'] },
      { need: 'namespace', netns: 'red' },
      { need: 'table', netns: 'host', key: 't', scripts: ['a', 'b'] },
      { need: 'namespace', netns: 'host' },
      { need: 'sysctl-value', netns: 'red', key: 'net/a' },
      { need: 'default-sysctl', netns: 'red', key: 'net/a', sysctls: { 'net/b': '1' } },
      { need: 'default-sysctl', netns: 'red', key: 'net/a', sysctls: { 'net/c': '2' } },
      { need: 'sysctl-value', netns: 'host', key: 'net/a' },
      { need: 'sysctl-value', netns: 'red', key: 'net/a' },
    ]),
  ).toEqual([
    { need: 'namespace', netns: 'host' },
    { need: 'table', netns: 'host', key: 't', scripts: ['a', 'b'] },
    { need: 'namespace', netns: 'red' },
    { need: 'sysctl-value', netns: 'red', key: 'net/a' },
    { need: 'default-sysctl', netns: 'red', key: 'net/a', sysctls: { 'net/b': '1', 'net/c': '2' } },
    { need: 'sysctl-value', netns: 'host', key: 'net/a' },
  ]);
});

test('a state answers what was read, and nothing else', () => {
  const live = toLiveState(
    [
      { need: { need: 'file', key: '/etc/hosts' }, answer: '' },
      { need: { need: 'file', key: '/etc/none' }, answer: null },
      { need: { need: 'ruleset', netns: 'red' }, answer: 'table' },
    ],
    5,
  );
  expect(live.get({ need: 'file', key: '/etc/hosts' })).toBe('');
  expect(live.get({ need: 'file', key: '/etc/none' })).toBe(null);
  expect(live.get({ need: 'ruleset', netns: 'blue' })).toBe(null);
  expect(live.all('file')).toEqual([{ need: { need: 'file', key: '/etc/hosts' }, answer: '' }]);
  expect(live.all('namespace')).toEqual([]);
  expect(live.ms).toBe(5);
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
