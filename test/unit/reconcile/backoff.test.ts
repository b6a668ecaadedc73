import { describe, expect, test } from 'vitest';
import type { FailureCount } from '../../../src/model/results/reconcile-state.ts';
import { countFailure, isWaiting, pauseSeconds } from '../../../src/reconcile/backoff.ts';

const backoff = { firstSeconds: 60, mostSeconds: 3600 };
const NOW = 1_000_000;
const probe = { commit: 'c1', settings: 's1', kind: 'probe' };
const known = (more: Partial<FailureCount> = {}): FailureCount => ({ ...probe, tries: 3, nextAt: NOW, ...more });

describe('the count of failures', () => {
  test.each([
    { name: 'the first failure', before: null, key: probe, tries: 1, pause: 60 },
    { name: 'the same failure again', before: known({ tries: 1 }), key: probe, tries: 2, pause: 120 },
    { name: 'the fourth time', before: known(), key: probe, tries: 4, pause: 480 },
    { name: 'never longer than the longest pause', before: known({ tries: 30 }), key: probe, tries: 31, pause: 3600 },
    { name: 'and not after very many', before: known({ tries: 5000 }), key: probe, tries: 5001, pause: 3600 },
    { name: 'a new commit counts from one', before: known(), key: { ...probe, commit: 'c2' }, tries: 1, pause: 60 },
    { name: 'other settings count from one', before: known(), key: { ...probe, settings: 's2' }, tries: 1, pause: 60 },
    { name: 'another kind counts from one', before: known(), key: { ...probe, kind: 'apply' }, tries: 1, pause: 60 },
  ])('counts: $name', ({ before, key, tries, pause }) => {
    expect(countFailure(before, key, { now: NOW, backoff })).toEqual({ ...key, tries, nextAt: NOW + pause * 1000 });
  });

  test('the pauses are twice the one before', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8].map((tries) => pauseSeconds(tries, backoff))).toEqual([
      60, 120, 240, 480, 960, 1920, 3600, 3600,
    ]);
  });
});

describe('a commit waits', () => {
  const failed = known({ nextAt: NOW + 1000 });
  test.each([
    { name: 'until its time has come', failure: failed, key: probe, now: NOW + 999, waits: true },
    { name: 'and then no longer', failure: failed, key: probe, now: NOW + 1000, waits: false },
    { name: 'not without a failure', failure: null, key: probe, now: NOW, waits: false },
    { name: 'not when it is another commit', failure: failed, key: { ...probe, commit: 'c2' }, now: NOW, waits: false },
    { name: 'not under other settings', failure: failed, key: { ...probe, settings: 's2' }, now: NOW, waits: false },
    { name: 'not for a clock that was set back', failure: failed, key: probe, now: NOW - 7_200_000, waits: false },
  ])('it waits: $name', ({ failure, key, now, waits }) => {
    expect(isWaiting(failure, key, { now, backoff })).toBe(waits);
  });
});
