import type { Path } from '../../model/diagnostics/source-location.ts';
import type { Lab } from '../../model/lab.ts';
import type { TopologyAddress } from '../../model/topology.ts';
import { shortLinkName } from '../../net/name.ts';
import { memoizePerLab } from '../memoize-per-lab.ts';
import { bridgePhrase, linkPhrase } from '../phrases.ts';

/** An address that the file writes at an interface or a bridge. */
export type WrittenLinkAddress = {
  readonly netns: string;
  /** The kernel's name of the link. */
  readonly dev: string;
  /** `red:eth0`, `bridge v-net-0`. */
  readonly owner: string;
  readonly address: string;
  /** With the prefix length that the lab gave it; null when it could not be resolved. */
  readonly prefix: string | null;
  readonly hasPeer: boolean;
  readonly at: Path;
};

/** Every written address: those of the host, then the namespaces' in the order of the file. */
export const writtenAddresses = memoizePerLab((lab, topology): readonly WrittenLinkAddress[] => {
  const prefixes = prefixesByAddress(lab);
  const give = (netns: string, label: string, owner: string) => (written: TopologyAddress) => ({
    netns,
    dev: shortLinkName(label),
    owner,
    address: written.address,
    prefix: prefixes.get(`${netns}/${shortLinkName(label)}/${written.address}`) ?? null,
    hasPeer: written.peer !== undefined,
    at: written.at,
  });
  return [topology.host, ...topology.namespaces].flatMap((netns) => [
    ...netns.bridges.flatMap((bridge) =>
      bridge.addresses.map(give(netns.name, bridge.name, bridgePhrase(netns.name, bridge.name))),
    ),
    ...netns.interfaces.flatMap(({ name, address }) =>
      typeof address === 'string' ? [] : address.map(give(netns.name, name, linkPhrase(netns.name, name))),
    ),
  ]);
});

function prefixesByAddress(lab: Lab): ReadonlyMap<string, string> {
  return new Map(
    lab.addresses.flatMap(({ netns, dev, prefixes }) =>
      prefixes.map((prefix) => [`${netns}/${dev}/${bareAddress(prefix)}`, prefix] as const),
    ),
  );
}

/** The address of a canonical prefix, without its length. */
export const bareAddress = (prefix: string): string => prefix.slice(0, prefix.indexOf('/'));
