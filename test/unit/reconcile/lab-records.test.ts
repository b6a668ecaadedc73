import { describe, expect, test } from 'vitest';
import type { GoodRevision } from '../../../src/model/results/reconcile-state.ts';
import { type LabOutcome, NEW_RECORD, recordOutcome } from '../../../src/reconcile/lab-records.ts';

const good = (commit: string): GoodRevision => ({ commit, tree: 'a'.repeat(40), file: 'a.yaml', vars: [] });
const about = (commit: string, now: number, what: 'applied' | 'new' = 'new') => ({
  about: what,
  commit,
  settings: 's1',
  backoff: { firstSeconds: 60, mostSeconds: 3600 },
  now,
  ms: 5,
});
const FAILED: LabOutcome = { kind: 'failed', reason: 'probe', problem: 'ping ended with 1' };

describe('the record of a lab', () => {
  test('a commit that fails is counted; the good one is healed meanwhile, and that resets nothing', () => {
    const one = recordOutcome(NEW_RECORD, { kind: 'synced' }, { ...about('c1', 1), good: good('c1') });
    const two = recordOutcome(one, FAILED, { ...about('c2', 2), good: one.good });
    expect(two.failure).toMatchObject({ commit: 'c2', kind: 'probe', tries: 1 });
    const healed = recordOutcome(two, { kind: 'healed' }, { ...about('c1', 3, 'applied'), good: one.good });
    expect(healed.failure).toEqual(two.failure);
    const again = recordOutcome(healed, FAILED, { ...about('c2', 4), good: one.good });
    expect(again.failure).toMatchObject({ tries: 2 });
    const done = recordOutcome(again, { kind: 'synced' }, { ...about('c2', 5), good: good('c2') });
    expect(done).toMatchObject({ failure: null, good: { commit: 'c2' }, status: { state: 'synced', since: 5 } });
  });

  test('a commit that is applied with other variables and fails is counted as well', () => {
    const one = recordOutcome(NEW_RECORD, { kind: 'synced' }, { ...about('c1', 1), good: good('c1') });
    expect(recordOutcome(one, FAILED, { ...about('c1', 2), good: one.good }).failure).toMatchObject({ tries: 1 });
  });

  test('what is refused is remembered with its commit and settings, and forgotten with the next one', () => {
    const refused = recordOutcome(
      NEW_RECORD,
      { kind: 'refused', reason: 'invalid', problem: 'x' },
      { ...about('c1', 1), good: null },
    );
    expect(refused.refused).toEqual({ commit: 'c1', settings: 's1' });
    expect(recordOutcome(refused, FAILED, { ...about('c2', 2), good: null }).refused).toBe(null);
  });

  test('a run that was in the way changes nothing but that the attempt is over', () => {
    const attempt = { commit: 'c1', settings: 's1', target: good('c1'), since: 1 };
    const record = { ...NEW_RECORD, attempt };
    expect(recordOutcome(record, { kind: 'busy', problem: 'x' }, { ...about('c1', 2), good: null })).toEqual(
      NEW_RECORD,
    );
  });

  test('the history is five deep: each commit and result once, the newest first, with how often', () => {
    let record = NEW_RECORD;
    for (let i = 1; i <= 7; i++) {
      record = recordOutcome(record, { kind: 'synced' }, { ...about(`c${i}`, 10 * i), good: good(`c${i}`) });
      record = recordOutcome(
        record,
        { kind: 'synced' },
        { ...about(`c${i}`, 10 * i + 1, 'applied'), good: good(`c${i}`) },
      );
    }
    expect(record.history.map(({ commit, count }) => `${commit} ${count}`)).toEqual([
      'c7 2',
      'c6 2',
      'c5 2',
      'c4 2',
      'c3 2',
    ]);
    expect(record.history[0]).toEqual({ commit: 'c7', state: 'synced', first: 70, last: 71, ms: 5, count: 2 });
  });

  test('a status that stays says since when', () => {
    const one = recordOutcome(NEW_RECORD, FAILED, { ...about('c1', 1), good: null });
    expect(
      recordOutcome(one, { ...FAILED, problem: 'other words' }, { ...about('c1', 9), good: null }).status,
    ).toMatchObject({
      since: 1,
      problem: 'other words',
    });
  });
});
