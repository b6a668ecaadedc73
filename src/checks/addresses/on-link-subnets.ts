import { atKey, atValue, type SourceLocation } from '../../model/diagnostics/source-location.ts';
import { groupBy } from '../../model/values/group-by.ts';
import { addressBits, isLinkLocalAddress } from '../../net/address.ts';
import { firstAddress, formatPrefix, lastAddress, onLinkNetworkText, requirePrefix } from '../../net/prefix.ts';
import { linkSummaries } from '../links/link-summaries.ts';
import { memoizePerLab } from '../memoize-per-lab.ts';
import { linkPhrase } from '../phrases.ts';
import { routingDomains } from './routing-domains.ts';
import { bareAddress, writtenAddresses } from './written-addresses.ts';

/** A subnet that a namespace is on through one of its links. */
export type OnLinkSubnet = {
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
  readonly at: SourceLocation;
};

/** By namespace, and by VRF in it, its connected subnets in the order of the file; `lo`, host prefixes and link-local ones are left out. */
export const onLinkSubnetsByNetns = memoizePerLab((lab, topology): ReadonlyMap<string, readonly OnLinkSubnet[]> => {
  const places = new Map(
    writtenAddresses(topology, lab).map((written) => [`${written.netns}/${written.dev}/${written.prefix}`, written.at]),
  );
  const placeOf = (key: string): SourceLocation | null => {
    const path = places.get(key);
    return path ? atValue(path) : null;
  };
  const words = new Map(linkSummaries(lab).map((link) => [`${link.netns}/${link.name}`, link.words]));
  const all = lab.addresses.flatMap(({ netns, dev, prefixes, peers = {}, at }) =>
    prefixes.flatMap((text): OnLinkSubnet[] => {
      const prefix = requirePrefix(onLinkNetworkText(text, peers[text]));
      if (dev === 'lo' || prefix.length === addressBits(prefix.family) || isLinkLocalAddress(bareAddress(text)))
        return [];
      return [
        {
          netns,
          dev,
          owner: words.get(`${netns}/${dev}`) ?? linkPhrase(netns, dev),
          network: formatPrefix(prefix),
          family: prefix.family,
          first: firstAddress(prefix),
          last: lastAddress(prefix),
          at: placeOf(`${netns}/${dev}/${text}`) ?? atKey(at),
        },
      ];
    }),
  );
  return groupBy(all, routingDomains(lab));
});
