import { expect, test } from 'vitest';
import { runProperty } from '../../campaign/batch.ts';
import { properties } from '../../campaign/properties/index.ts';

/** Another one each time is for `npm run campaign`; here a failure is the same failure the next time. */
const SEED = 0;

test.concurrent.for(properties)('$title', async (property) => {
  const { runs, points, failures } = await runProperty(property, { seed: SEED, count: property.inTest, jobs: 1 });
  const again = failures.map(
    ({ seed, why }) => `npm run campaign -- --only ${property.name} --seed ${seed} --runs 1\n${why}`,
  );
  expect(again).toEqual([]);
  expect(runs).toBe(property.inTest);
  expect(points).toBeGreaterThan(0);
});
