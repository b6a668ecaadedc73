import type { Extra, PlaceOfExtras } from '../../model/kind.ts';
import { linksOf, specsOf } from '../known.ts';
import type { AddressSpec } from './spec.ts';

/** Addresses of the lab's links that are not in the file, without link-local ones and those of `lo` itself. */
export function extraAddresses(place: PlaceOfExtras): readonly Extra[] {
  const { netns, there } = place;
  const links = linksOf(place);
  const known = new Set(
    specsOf<AddressSpec>(place, 'address').flatMap(({ dev, prefixes }) => prefixes.map((prefix) => `${dev} ${prefix}`)),
  );
  return there.addresses
    .filter(({ dev, prefix, scope }) => links.has(dev) && scope !== 'link' && !known.has(`${dev} ${prefix}`))
    .filter(({ dev, prefix }) => dev !== 'lo' || !LOOPBACK.has(prefix))
    .map(({ dev, prefix }) => ({
      ...{ netns, noun: 'address', name: dev, text: prefix },
      remove: { do: 'address.delete', netns, dev, prefix },
    }));
}

const LOOPBACK = new Set(['127.0.0.1/8', '::1/128']);
