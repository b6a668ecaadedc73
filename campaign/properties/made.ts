import { addForeignObjects } from '../foreign-objects.ts';
import { pinnedLab, randomLab } from '../labs.ts';
import { apply, destroy, expectSuccess, plan } from '../netform.ts';
import { eachSeed, must, mustEqual, type Property } from '../property.ts';
import { snapshot, stableSnapshot } from '../shell.ts';

/** Inside a machine with other people's things, made ready once. */
const addForeignObjectsFor =
  (body: (seed: number) => Promise<number>): Property['run'] =>
  async (seed, count, report) => {
    await addForeignObjects(seed);
    await eachSeed(body)(seed, count, report);
  };

export const made: Property = {
  name: 'made',
  title: 'random topology: apply, then plan is empty, a second apply changes nothing',
  unit: 'runs',
  ...{ inTest: 96, inCampaign: 5000, perMachine: 32 },
  run: addForeignObjectsFor(async (seed) => {
    const lab = randomLab(seed);
    expectSuccess(await apply(lab));
    const view = await plan(lab);
    must(view, 'the plan of what was applied is refused');
    must(view.described.length === 0, `the plan is not empty: ${JSON.stringify(view.described)}`);
    const again = expectSuccess(await apply(lab));
    must(again.status === 'unchanged', `the second apply ended with ${again.status}`);
    expectSuccess(await destroy('lab'));
    return 1;
  }),
};

/** What `made` and `destroyed` ask holds of these labs, too. */
export const changed: Property = {
  name: 'changed',
  title: 'A, then B, then A equals a fresh A',
  unit: 'runs',
  ...{ inTest: 64, inCampaign: 2000, perMachine: 32 },
  run: async (seed, count, report) => {
    await addForeignObjects(seed);
    const before = await snapshot();
    await eachSeed(async (at) => {
      const [a, b] = [pinnedLab(at), pinnedLab(at + 1_000_000)];
      expectSuccess(await apply(a));
      const fresh = await stableSnapshot();
      for (const lab of [b, a]) expectSuccess(await apply(lab));
      mustEqual(await stableSnapshot(), fresh, 'A, then B, then A is not A');
      const again = expectSuccess(await apply(a));
      must(again.status === 'unchanged', `another apply of A ended with ${again.status}`);
      expectSuccess(await destroy('lab'));
      mustEqual(await snapshot(), before, 'destroy did not restore the machine');
      return 1;
    })(seed, count, report);
  },
};

export const destroyed: Property = {
  name: 'destroyed',
  title: 'destroy restores the machine exactly, what is not ours byte for byte',
  unit: 'runs',
  ...{ inTest: 64, inCampaign: 2000, perMachine: 32 },
  run: async (seed, count, report) => {
    await addForeignObjects(seed);
    const before = await snapshot();
    await eachSeed(async (at) => {
      expectSuccess(await apply(randomLab(at)));
      if (at % 2 === 1) expectSuccess(await apply(randomLab(at + 2_000_000)));
      expectSuccess(await destroy('lab'));
      mustEqual(await snapshot(), before, 'destroy did not restore the machine');
      return 1;
    })(seed, count, report);
  },
};
