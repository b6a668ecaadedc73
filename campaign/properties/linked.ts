import { writeFileSync } from 'node:fs';
import { openVswitch, wireguard } from '../../test/support/fetched-programs.ts';
import { addForeignObjects } from '../foreign-objects.ts';
import { pinnedLab } from '../labs.ts';
import { apply, destroy, expectSuccess, FILE, faultCounts, isInterrupted, plan } from '../netform.ts';
import { withParts } from '../parts/index.ts';
import { eachSeed, must, mustEqual, type Property } from '../property.ts';
import { random } from '../random.ts';
import { sh, snapshot, stableSnapshot } from '../shell.ts';
import { spawnRunner } from '../spawn.ts';

/** The kinds of links and what stands on links, of campaign/parts. The points are the parts of a lab, with those of its change. */
export const linked: Property = {
  name: 'linked',
  title:
    'links of every kind in random labs: apply, an empty plan, A, B, A, kill -9 in the middle, destroy restores the machine',
  unit: 'runs',
  ...{ inTest: 10, inCampaign: 600, perMachine: 32 },
  run: async (seed, count, report) => {
    await addForeignObjects(seed);
    if (openVswitch.missing === null) await sh(openVswitch.overlay);
    if (wireguard.missing === null) await sh(wireguard.overlay);
    const empty = await snapshot();
    await eachSeed((at) => runOnce(at, empty))(seed, count, report);
  },
};

async function runOnce(seed: number, empty: string): Promise<number> {
  const dice = random(seed + 31);
  const a = withParts(pinnedLab(seed), seed);
  const b = withParts(pinnedLab(seed + 1_000_000), seed + 1);
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
