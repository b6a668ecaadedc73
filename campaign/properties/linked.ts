import { openVswitch, wireguard } from '../../test/support/fetched-programs.ts';
import { addForeignObjects } from '../foreign-objects.ts';
import { runLife } from '../life.ts';
import { labParts } from '../parts/index.ts';
import { eachSeed, type Property } from '../property.ts';
import { sh, snapshot } from '../shell.ts';

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
    await eachSeed((at) => runLife(at, { empty, parts: labParts }))(seed, count, report);
  },
};
