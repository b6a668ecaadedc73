import type { FdbLive } from '../../model/kernel/live-state.ts';
import { unknownText } from '../../model/kernel/unknown-attribute.ts';
import type { ManagedNetns, SharedNetns, UnmanagedObject } from '../../model/kind.ts';
import { FLOOD_MAC } from '../../net/mac.ts';
import { type BridgeEntrySpec, bridgeEntryClaim, vlanOf } from '../links/bridge/bridge-entry.ts';
import { managedLinkNames, managedSpecs } from '../managed-netns.ts';

type ManagedFdb = { readonly dev: string; readonly mac: string; readonly to: string };

/** Written entries on the lab's links that are not in the file; the kernel makes the one of the link's own remote. */
export function findUnmanagedFdb(place: ManagedNetns): readonly UnmanagedObject[] {
  const { netns, there, forwardingEntries } = place;
  const links = managedLinkNames(place);
  const written = new Set(
    managedSpecs<BridgeEntrySpec>(place, 'bridge-fdb').map((spec) => bridgeEntryClaim(netns, spec)),
  );
  const known = new Set(managedSpecs<ManagedFdb>(place, 'fdb').map(keyOf));
  return forwardingEntries
    .filter((entry) => links.has(entry.dev) && !known.has(keyOf(entry)) && !isOfRemote(there, entry))
    .filter((entry) => !written.has(bridgeEntryClaim(netns, { ...entry, vlan: vlanOf(entry) })))
    .map((entry) => unmanagedEntry(netns, entry));
}

/** Written entries on the lab's links in namespaces of others, such as those of the machine. */
export function findAttachedFdb({ netns, there, claims, forwardingEntries }: SharedNetns): readonly UnmanagedObject[] {
  return forwardingEntries
    .filter(
      (entry) =>
        claims.has(`${netns}/${entry.dev}`) &&
        !claims.has(bridgeEntryClaim(netns, { ...entry, vlan: vlanOf(entry) })) &&
        (entry.to === null || entry.unknown) &&
        !isOfRemote(there, entry),
    )
    .map((entry) => ({ ...unmanagedEntry(netns, entry), role: 'attached', remove: null }));
}

/** An entry is pruned when netform can delete exactly that one. */
function unmanagedEntry(netns: string, entry: FdbLive): UnmanagedObject {
  const { dev, mac, to, via, unknown } = entry;
  const text = to === null ? mac : mac === FLOOD_MAC ? `also to ${to}` : `${mac} to ${to}`;
  const line = { netns, noun: 'fdb', name: dev, text: [text, unknownText(entry)].filter(Boolean).join(', ') };
  if (to === null || unknown) return { ...line, role: 'attached', remove: null };
  return { ...line, remove: { do: 'fdb.delete', netns, dev, mac, to, via } };
}

const keyOf = (entry: Pick<FdbLive, 'dev' | 'mac' | 'to' | 'unknown'>): string =>
  `${entry.dev} ${entry.mac} ${entry.to}${unknownText(entry)}`;

/** Whether it is the entry that a link has from its own options: of its first remote or of its group. */
const isOfRemote = (there: ManagedNetns['there'], { dev, mac, to }: FdbLive): boolean => {
  const options = there.links.get(dev)?.options;
  return mac === FLOOD_MAC && to !== null && [options?.['remote'], options?.['group']].includes(to);
};
