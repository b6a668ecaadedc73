import type { LabNeighbour } from '../../model/lab.ts';
import type { TopologyNetns } from '../../model/topology.ts';
import type { LabModel } from '../model.ts';
import { resolveDevice } from '../wiring/resolve-device.ts';

/** The permanent neighbours of a namespace; those on a link that is down stay away with it. */
export function resolveNeighbours(world: LabModel, netns: TopologyNetns): readonly LabNeighbour[] {
  return netns.neighbours.flatMap(({ to, mac, dev, at }) => {
    const device = resolveDevice(world, netns.name, dev);
    if (!device || device.link?.up === false) return [];
    return [{ netns: netns.name, dev: device.name, to: to.value, mac: mac.value, at }];
  });
}
