import type { Lab } from '../model/lab.ts';
import type { Path } from '../model/place.ts';
import type { WrittenAddress } from '../model/topology.ts';
import { linkName } from '../net/name.ts';
import { oncePerLab } from './once.ts';
import { bridgeWords, linkWords } from './words.ts';

/** An address that stands in the file, at an interface or a bridge. */
export type Written = {
  readonly netns: string;
  /** The kernel's name of the link. */
  readonly dev: string;
  /** `red:eth0`, `bridge v-net-0`. */
  readonly owner: string;
  readonly address: string;
  /** With the prefix length that the lab gave it; null when it could not be resolved. */
  readonly prefix: string | null;
  readonly at: Path;
};

/** Every written address: those of the host, then the namespaces' in the order of the file. */
export const writtenAddresses = oncePerLab((lab, topology): readonly Written[] => {
  const prefixes = prefixesByAddress(lab);
  const give = (netns: string, label: string, owner: string) => (written: WrittenAddress) => ({
    netns,
    dev: linkName(label),
    owner,
    address: written.address,
    prefix: prefixes.get(`${netns}/${linkName(label)}/${written.address}`) ?? null,
    at: written.at,
  });
  return [topology.host, ...topology.namespaces].flatMap((netns) => [
    ...netns.bridges.flatMap((bridge) =>
      bridge.addresses.map(give(netns.name, bridge.name, bridgeWords(netns.name, bridge.name))),
    ),
    ...netns.interfaces.flatMap(({ name, address }) =>
      typeof address === 'string' ? [] : address.map(give(netns.name, name, linkWords(netns.name, name))),
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
