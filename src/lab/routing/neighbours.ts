import type { Path } from '../../model/diagnostics/source-location.ts';
import type { LabNeighbour } from '../../model/lab-parts/lab-neighbour.ts';
import type { TopologyNetns, TopologyRef } from '../../model/topology.ts';
import type { LabModel, ModelLink } from '../model.ts';
import { resolveSharedAddresses } from '../naming/resolve-name.ts';
import { resolveDevice } from '../wiring/resolve-device.ts';

/** The permanent neighbours of a namespace; those on a link that is down stay away with it. */
export function resolveNeighbours(world: LabModel, netns: TopologyNetns): readonly LabNeighbour[] {
  return netns.neighbours.flatMap(({ to, mac, dev, at }) => {
    const device = resolveDevice(world, netns.name, dev);
    if (!device || device.link?.up === false) return [];
    const addresses = 'address' in to ? [to.address] : addressesOf(world, netns, { to: to.ref, dev: device.link, at });
    return addresses.map((address) => ({ netns: netns.name, dev: device.name, to: address, mac: mac.value, at }));
  });
}

type NamedNeighbour = { readonly to: TopologyRef; readonly dev: ModelLink | null; readonly at: Path };

/** What a name stands for on the LAN of a link, which is each of its addresses there. */
function addressesOf(world: LabModel, netns: TopologyNetns, { to, dev, at }: NamedNeighbour): readonly string[] {
  const all = resolveSharedAddresses(world, netns.name, { value: to, at: [...at, 'to'] }, 'target') ?? [];
  const segment = dev && world.segmentByLink.get(dev);
  return [...new Set(all.filter((one) => !segment || one.segment === segment).map(({ address }) => address))];
}
