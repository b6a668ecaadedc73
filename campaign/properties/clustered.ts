import { addForeignObjects } from '../foreign-objects.ts';
import { runLife } from '../life.ts';
import { clusterParts } from '../parts/index.ts';
import { eachSeed, type Property } from '../property.ts';
import { snapshot } from '../shell.ts';

/** What a cluster adds to its nodes and pods, of campaign/parts. The points are the parts of a lab, with those of its change. */
export const clustered: Property = {
  name: 'clustered',
  title:
    'services, policies and antiSpoofing in random labs: apply, an empty plan, A, B, A, kill -9 in the middle, destroy restores the machine',
  unit: 'runs',
  ...{ inTest: 30, inCampaign: 300, perMachine: 10 },
  run: async (seed, count, report) => {
    await addForeignObjects(seed);
    const empty = await snapshot();
    await eachSeed((at) => runLife(at, { empty, parts: clusterParts }))(seed, count, report);
  },
};
