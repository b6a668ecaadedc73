import { addForeignObjects } from '../foreign-objects.ts';
import { apply, destroy, expectSuccess, faultCounts } from '../netform.ts';
import { eachSeed, must, mustEqual, type Property } from '../property.ts';
import { scenario } from '../scenarios.ts';
import { snapshot, stableSnapshot } from '../shell.ts';

const CODES = ['EBUSY', 'EEXIST', 'EPERM', 'ENOBUFS', 'ENOSPC', 'ETIMEDOUT'] as const;

/** `points` are the faults: every instruction with every errno, and every instruction of the destroy. */
export const refused: Property = {
  name: 'refused',
  title: 'instruction k fails, every k × {EBUSY, EEXIST, EPERM, ENOBUFS, ENOSPC, ETIMEDOUT}: the machine is as before',
  unit: 'labs',
  ...{ inTest: 3, inCampaign: 12, perMachine: 1 },
  run: eachSeed(async (seed) => {
    await addForeignObjects(seed * 32);
    const { before, after } = scenario(seed);
    const empty = await snapshot();
    const counts = await faultCounts(async () => {
      if (before !== null) expectSuccess(await apply(before));
      return apply(after);
    });
    const applied = await stableSnapshot();
    expectSuccess(await destroy('lab'));
    mustEqual(await snapshot(), empty, 'destroy did not restore the machine');
    if (before !== null) expectSuccess(await apply(before));
    const old = await stableSnapshot();
    let points = 0;
    for (let k = 1; k <= counts.instruction; k++) {
      for (const code of CODES) {
        const fault = `fail@instruction:${k}:${code}`;
        const { exitCode, text } = await apply(after, { fault });
        must(exitCode === 4, `${fault}: exit ${exitCode}, not 4\n${text}`);
        points += 1;
      }
      // What one of them left would be in the state that the next one goes back to.
      mustEqual(
        await stableSnapshot(),
        old,
        `fail@instruction:${k}, with each errno in turn: the machine is not as it was`,
      );
    }
    expectSuccess(await apply(after));
    mustEqual(await stableSnapshot(), applied, 'after all that apply gives another lab');
    return points + (await failingDestroy(after, empty));
  }),
};

async function failingDestroy(lab: string, empty: string): Promise<number> {
  const counts = await faultCounts(() => destroy('lab'));
  for (let k = 1; k <= counts.instruction; k++) {
    expectSuccess(await apply(lab));
    const fault = `fail@instruction:${k}:${CODES[k % CODES.length]}`;
    const ended = await destroy('lab', { fault });
    must([0, 4, 5].includes(ended.exitCode), `destroy, ${fault}: exit ${ended.exitCode}\n${ended.text}`);
    if (ended.exitCode !== 0) expectSuccess(await destroy('lab'));
    mustEqual(await snapshot(), empty, `destroy, ${fault}, then again: the machine is not as before the lab`);
  }
  return counts.instruction;
}
