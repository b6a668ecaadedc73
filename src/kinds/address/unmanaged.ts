import type { ManagedNetns, UnmanagedObject } from '../../model/kind.ts';
import { managedLinkNames, managedSpecs } from '../managed-netns.ts';
import type { AddressSpec } from './spec.ts';

/** Addresses of the lab's links that are not in the file, without link-local ones and those of `lo` itself. */
export function findUnmanagedAddresses(place: ManagedNetns): readonly UnmanagedObject[] {
  const { netns, there } = place;
  const links = managedLinkNames(place);
  const known = new Set(
    managedSpecs<AddressSpec>(place, 'address').flatMap(({ dev, prefixes }) =>
      prefixes.map((prefix) => `${dev} ${prefix}`),
    ),
  );
  return there.addresses
    .filter(({ dev, prefix, scope }) => links.has(dev) && scope !== 'link' && !known.has(`${dev} ${prefix}`))
    .filter(({ dev, prefix }) => dev !== 'lo' || !LOOPBACK.has(prefix))
    .map(({ dev, prefix }) => ({
      netns,
      noun: 'address',
      name: dev,
      text: prefix,
      remove: { do: 'address.delete', netns, dev, prefix },
    }));
}

const LOOPBACK = new Set(['127.0.0.1/8', '::1/128']);
