import { unknownText } from '../../model/kernel/unknown-attribute.ts';
import type { ManagedNetns, UnmanagedObject } from '../../model/kind.ts';
import { managedLinkNames, managedSpecs } from '../managed-netns.ts';

type ManagedNeighbour = { readonly dev: string; readonly to: string; readonly mac: string };

/** Written entries on the lab's links that are not in the file. */
export function findUnmanagedNeighbours(place: ManagedNetns): readonly UnmanagedObject[] {
  const { netns, neighbours } = place;
  const links = managedLinkNames(place);
  const known = new Set(managedSpecs<ManagedNeighbour>(place, 'neighbour').map(({ dev, to }) => `${dev} ${to}`));
  return neighbours
    .filter(
      ({ permanent, unknown, dev, to, proxy }) =>
        (permanent || unknown) && links.has(dev) && (proxy || !known.has(`${dev} ${to}`)),
    )
    .map(({ dev, to, mac, proxy, ...rest }) => ({
      netns,
      noun: 'neighbour',
      name: to,
      text: [`${mac} on ${dev}`.trim(), unknownText(rest)].filter(Boolean).join(', '),
      remove: { do: 'neighbour.delete', netns, dev, to, ...(proxy ? { proxy } : {}) },
    }));
}
