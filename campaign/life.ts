import { writeFileSync } from 'node:fs';
import { pinnedLab } from './labs.ts';
import { apply, destroy, expectSuccess, FILE, faultCounts, isInterrupted, plan } from './netform.ts';
import { withParts } from './parts/index.ts';
import type { LabPart } from './parts/part.ts';
import { must, mustEqual } from './property.ts';
import { random } from './random.ts';
import { snapshot, stableSnapshot } from './shell.ts';
import { spawnRunner } from './spawn.ts';

/** The machine without a lab, and what random labs have on top. */
export type LifeWorld = { readonly empty: string; readonly parts: readonly LabPart[] };

/**
 * A random lab from its first apply to its destroy: an empty plan, A, B, A, kill -9 on the way from A to B. Gives the number of
 * parts that were in it.
 */
export async function runLife(seed: number, { empty, parts }: LifeWorld): Promise<number> {
  const dice = random(seed + 31);
  const a = withParts(pinnedLab(seed), seed, parts);
  const b = withParts(pinnedLab(seed + 1_000_000), seed + 1, parts);
  expectSuccess(await apply(a.lab));
  const fresh = await stableSnapshot();
  const view = await plan(a.lab);
  must(view, 'the plan of what was applied is refused');
  must(view.described.length === 0, `the plan is not empty: ${JSON.stringify(view.described)}`);
  const { instruction, journal } = await faultCounts(() => apply(b.lab));
  const made = await stableSnapshot();
  expectSuccess(await apply(a.lab));
  mustEqual(await stableSnapshot(), fresh, 'A, then B, then A is not A');
  const place = dice.often(60) ? `instruction:${1 + dice.below(instruction)}` : `journal:${1 + dice.below(journal)}`;
  writeFileSync(FILE, JSON.stringify(b.lab));
  await spawnRunner(['apply', FILE], { fault: `kill@${place}` });
  const next = dice.below(3);
  if (next < 2) {
    expectSuccess(await apply(next === 0 ? a.lab : b.lab));
    mustEqual(await stableSnapshot(), next === 0 ? fresh : made, `kill@${place}: the next apply gives another lab`);
  }
  expectSuccess(await destroy('lab'));
  must(!isInterrupted('lab'), `kill@${place}: the journal is still there`);
  mustEqual(await snapshot(), empty, `kill@${place}: destroy did not restore the machine`);
  return 1 + a.parts.length + b.parts.length;
}
