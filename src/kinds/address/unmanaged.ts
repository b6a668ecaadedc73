import type { AddressLive } from '../../model/kernel/live-state.ts';
import { unknownText } from '../../model/kernel/unknown-attribute.ts';
import type { ManagedNetns, UnmanagedObject } from '../../model/kind.ts';
import { managedLinkNames, managedSpecs } from '../managed-netns.ts';
import type { AddressSpec } from './spec.ts';

/** Addresses of the lab's links that are not in the file, without link-local ones and those of `lo` itself. */
export function findUnmanagedAddresses(place: ManagedNetns): readonly UnmanagedObject[] {
  const { netns, there } = place;
  const links = managedLinkNames(place);
  const known = new Set(
    managedSpecs<AddressSpec>(place, 'address').flatMap(({ dev, prefixes, peers }) =>
      prefixes.map((prefix) => keyOf({ dev, prefix, ...(peers?.[prefix] ? { peer: peers[prefix] } : {}) })),
    ),
  );
  return there.addresses
    .filter((address) => links.has(address.dev) && address.scope !== 'link' && !known.has(keyOf(address)))
    .filter(({ dev, prefix }) => dev !== 'lo' || !LOOPBACK.has(prefix))
    .map(({ dev, prefix, peer, ...rest }) => ({
      netns,
      noun: 'address',
      name: dev,
      text: [peer === undefined ? prefix : `${prefix} peer ${peer}`, unknownText(rest)].filter(Boolean).join(', '),
      remove: { do: 'address.delete', netns, dev, prefix, ...(peer === undefined ? {} : { peer }) },
    }));
}

const keyOf = ({ dev, prefix, peer }: Pick<AddressLive, 'dev' | 'prefix' | 'peer'>): string =>
  `${dev} ${prefix} ${peer ?? ''}`;

const LOOPBACK = new Set(['127.0.0.1/8', '::1/128']);
