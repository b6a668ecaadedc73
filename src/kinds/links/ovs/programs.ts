import { netnsIds, processId } from '../../../model/ids.ts';
import type { LabPrograms, LinkProgramsContext } from '../../../model/kernel/lab-process.ts';
import type { LabLink } from '../../../model/lab.ts';
import { ovsdbServer, ovsFolder, ovsVswitchd } from '../../../programs/openvswitch.ts';

/** The name of the process that makes what the rows say. */
export const SWITCH = 'ovs-vswitchd';
const DATABASE = 'ovsdb-server';

/** One private Open vSwitch for each namespace that has such bridges. */
export function ovsPrograms(links: readonly LabLink[], { lab }: LinkProgramsContext): Partial<LabPrograms> {
  const places = new Map([...links].reverse().map(({ netns, at }) => [netns, at]));
  return {
    processes: [...places].reverse().flatMap(([netns, at]) => {
      const place = { netns, at, folder: ovsFolder(lab, netns), after: netnsIds(netns) };
      const { process: database } = ovsdbServer(null, { ...place, name: DATABASE });
      const after = [...place.after, processId(netns, DATABASE)];
      const { process: own } = ovsVswitchd(null, { ...place, name: SWITCH, after });
      // Both write into one folder, which goes with the database: that one ends last.
      return [database, { ...own, folder: null }];
    }),
  };
}
