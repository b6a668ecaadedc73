import { expect, test } from 'vitest';
import { FIRST_PACE, nextPace } from '../../../src/reconcile/run-pace.ts';

const mostMs = 4000;
const vain = { look: 'machine', isNews: false, mostMs } as const;

test('what a run did itself is looked at once, at once; then runs in vain are farther and farther apart', () => {
  const pauses: number[] = [];
  let pace = nextPace(FIRST_PACE, { look: 'source', isNews: true, mostMs });
  for (let i = 0; i < 7; i++) {
    pace = nextPace(pace, vain);
    pauses.push(pace.pauseMs);
  }
  expect(pauses).toEqual([0, 500, 1000, 2000, 4000, 4000, 4000]);
});

test.each([
  { name: 'a run that healed', run: { ...vain, isNews: true } },
  { name: 'a look at the source', run: { ...vain, look: 'source' as const } },
])('$name is followed by no pause', ({ run }) => {
  expect(nextPace({ pauseMs: 4000, isEcho: false }, run).pauseMs).toBe(0);
});
