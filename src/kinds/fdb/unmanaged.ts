import type { ManagedNetns, UnmanagedObject } from '../../model/kind.ts';
import { FLOOD_MAC } from '../../net/mac.ts';
import { managedLinkNames, managedSpecs } from '../managed-netns.ts';

type ManagedFdb = { readonly dev: string; readonly mac: string; readonly to: string };

/** Static entries on the lab's links that are not in the file; the kernel makes the one of the link's own remote. */
export function findUnmanagedFdb(place: ManagedNetns): readonly UnmanagedObject[] {
  const { netns, there, forwardingEntries } = place;
  const links = managedLinkNames(place);
  const keyOf = ({ dev, mac, to }: ManagedFdb): string => `${dev} ${mac} ${to}`;
  const known = new Set(managedSpecs<ManagedFdb>(place, 'fdb').map(keyOf));
  const isKernels = ({ dev, mac, to }: ManagedFdb): boolean =>
    mac === FLOOD_MAC && there.links.get(dev)?.options?.['remote'] === to;
  return forwardingEntries
    .filter((entry) => links.has(entry.dev) && !known.has(keyOf(entry)) && !isKernels(entry))
    .map((entry) => ({
      netns,
      noun: 'fdb',
      name: entry.dev,
      text: entry.mac === FLOOD_MAC ? `also to ${entry.to}` : `${entry.mac} to ${entry.to}`,
      remove: { do: 'fdb.delete', netns, ...entry },
    }));
}
