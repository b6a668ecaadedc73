import { generateMac } from '../../net/mac.ts';
import type { ModelLink, ModelWiring } from '../model.ts';

/** The MAC of every link that the lab makes: the written one, else one of ours for `<seed>/<namespace>/<name>`, unique in the lab. */
export function assignMacs(seed: string, wiring: ModelWiring): ReadonlyMap<ModelLink, string> {
  const own = wiring.links.filter(({ kind }) => kind === 'own');
  const links = [...wiring.bridges, ...wiring.vethPairs.flatMap((wire) => wire.ends), ...own];
  const taken = new Set(links.flatMap((link) => link.mac?.value ?? []));
  return new Map(
    links.map((link) => [link, link.mac?.value ?? nextFreeMac(`${seed}/${link.netns}/${link.name}`, taken)]),
  );
}

function nextFreeMac(seed: string, taken: Set<string>): string {
  let attempt = 0;
  let mac = generateMac(seed);
  while (taken.has(mac)) mac = generateMac(seed, ++attempt);
  taken.add(mac);
  return mac;
}
