import type { LabNeighbour } from '../model/lab.ts';
import type { Netns } from '../model/topology.ts';
import { deviceOf } from './devices.ts';
import type { World } from './world.ts';

/** The permanent neighbours of a namespace; those on a link that is down stay away with it. */
export function neighboursOf(world: World, netns: Netns): readonly LabNeighbour[] {
  return netns.neighbours.flatMap(({ to, mac, dev, at }) => {
    const device = deviceOf(world, netns.name, dev);
    if (!device || device.link?.up === false) return [];
    return [{ netns: netns.name, dev: device.name, to: to.value, mac: mac.value, at }];
  });
}
