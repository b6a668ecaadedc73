import { expect, test } from 'vitest';
import { runProperty } from '../../campaign/batch.ts';
import { properties } from '../../campaign/properties/index.ts';
import type { Property } from '../../campaign/property.ts';

type Part = { readonly title: string; readonly property: Property; readonly seed: number; readonly count: number };

/** What one machine is used for is one test, so that a long property does not run alone at the end. */
function partsOf(property: Property): readonly Part[] {
  const { title, inTest, perMachine } = property;
  // Another seed each time is for `npm run campaign`; here a failure is the same failure the next time.
  return Array.from({ length: Math.ceil(inTest / perMachine) }, (_, nth) => {
    const seed = nth * perMachine;
    const count = Math.min(perMachine, inTest - seed);
    return { title: inTest > perMachine ? `${title} (from ${seed} on)` : title, property, seed, count };
  });
}

test.concurrent.for(properties.flatMap(partsOf))('holds: $title', async ({ property, seed, count }) => {
  const { runs, points, failures } = await runProperty(property, { seed, count, jobs: 1 });
  const again = failures.map(
    ({ seed, why }) => `npm run campaign -- --only ${property.name} --seed ${seed} --runs 1\n${why}`,
  );
  expect(again).toEqual([]);
  expect(runs).toBe(count);
  expect(points).toBeGreaterThan(0);
});
