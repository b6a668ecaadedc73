import { furnish } from '../foreign.ts';
import { apply, countsOf, destroy, good } from '../netform.ts';
import { eachSeed, must, type Property, same } from '../property.ts';
import { scenario } from '../scenarios.ts';
import { snapshot, steady } from '../shell.ts';

const CODES = ['EBUSY', 'EEXIST', 'EPERM', 'ENOBUFS', 'ENOSPC', 'ETIMEDOUT'] as const;

/** `points` are the faults: every instruction with every errno, and every instruction of the destroy. */
export const refused: Property = {
  name: 'refused',
  title: 'instruction k fails, every k × {EBUSY, EEXIST, EPERM, ENOBUFS, ENOSPC, ETIMEDOUT}: the machine is as before',
  unit: 'labs',
  ...{ inTest: 3, inCampaign: 12, perMachine: 1 },
  run: eachSeed(async (seed) => {
    await furnish(seed * 32);
    const { before, after } = scenario(seed);
    const empty = await snapshot();
    const counts = await countsOf(async () => {
      if (before !== null) good(await apply(before));
      return apply(after);
    });
    const applied = await steady();
    good(await destroy('lab'));
    same(await snapshot(), empty, 'destroy did not restore the machine');
    if (before !== null) good(await apply(before));
    const old = await steady();
    let points = 0;
    for (let k = 1; k <= counts.instruction; k++) {
      for (const code of CODES) {
        const fault = `fail@instruction:${k}:${code}`;
        const { exitCode, text } = await apply(after, { fault });
        must(exitCode === 4, `${fault}: exit ${exitCode}, not 4\n${text}`);
        points += 1;
      }
      // What one of them left would be in the state that the next one goes back to.
      same(await steady(), old, `fail@instruction:${k}, with each errno in turn: the machine is not as it was`);
    }
    good(await apply(after));
    same(await steady(), applied, 'after all that apply gives another lab');
    return points + (await failingDestroy(after, empty));
  }),
};

async function failingDestroy(lab: string, empty: string): Promise<number> {
  const counts = await countsOf(() => destroy('lab'));
  for (let k = 1; k <= counts.instruction; k++) {
    good(await apply(lab));
    const fault = `fail@instruction:${k}:${CODES[k % CODES.length]}`;
    const ended = await destroy('lab', { fault });
    must([0, 4, 5].includes(ended.exitCode), `destroy, ${fault}: exit ${ended.exitCode}\n${ended.text}`);
    if (ended.exitCode !== 0) good(await destroy('lab'));
    same(await snapshot(), empty, `destroy, ${fault}, then again: the machine is not as before the lab`);
  }
  return counts.instruction;
}
