import { atKey, atValue, type Place } from '../model/place.ts';
import { isLinkLocal, widthOf } from '../net/address.ts';
import { firstOf, formatPrefix, lastOf, networkOf, prefixOf } from '../net/prefix.ts';
import { linksOf } from './links.ts';
import { oncePerLab } from './once.ts';
import { linkWords } from './words.ts';
import { bareAddress, writtenAddresses } from './written.ts';

/** A subnet that a namespace is on through one of its links. */
export type Connected = {
  readonly netns: string;
  readonly dev: string;
  /** `red:eth0`, `bridge v-net-0`. */
  readonly owner: string;
  /** `10.0.0.0/24`. */
  readonly network: string;
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
  /** The written address, else the interface. */
  readonly at: Place;
};

/** By namespace, its connected subnets in the order of the file; `lo`, host prefixes and link-local ones are left out. */
export const connectedByNetns = oncePerLab((lab, topology): ReadonlyMap<string, readonly Connected[]> => {
  const places = new Map(
    writtenAddresses(topology, lab).map((written) => [`${written.netns}/${written.dev}/${written.prefix}`, written.at]),
  );
  const placeOf = (key: string): Place | null => {
    const path = places.get(key);
    return path ? atValue(path) : null;
  };
  const words = new Map(linksOf(lab).map((link) => [`${link.netns}/${link.name}`, link.words]));
  const all = lab.addresses.flatMap(({ netns, dev, prefixes, at }) =>
    prefixes.flatMap((text): Connected[] => {
      const prefix = prefixOf(text);
      if (dev === 'lo' || prefix.length === widthOf(prefix.family) || isLinkLocal(bareAddress(text))) return [];
      return [
        {
          netns,
          dev,
          owner: words.get(`${netns}/${dev}`) ?? linkWords(netns, dev),
          network: formatPrefix(networkOf(prefix)),
          family: prefix.family,
          first: firstOf(prefix),
          last: lastOf(prefix),
          at: placeOf(`${netns}/${dev}/${text}`) ?? atKey(at),
        },
      ];
    }),
  );
  return groupedByNetns(all);
});

function groupedByNetns(all: readonly Connected[]): ReadonlyMap<string, readonly Connected[]> {
  const groups = new Map<string, Connected[]>();
  for (const connected of all) {
    const group = groups.get(connected.netns);
    if (group) group.push(connected);
    else groups.set(connected.netns, [connected]);
  }
  return groups;
}
