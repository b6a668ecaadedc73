import { macFor } from '../net/mac.ts';
import type { Link, Wiring } from './world.ts';

/** The MAC of every link that the lab makes: the written one, else one of ours for `<lab>/<namespace>/<name>`, unique in the lab. */
export function macsOf(lab: string, wiring: Wiring): ReadonlyMap<Link, string> {
  const tunnels = wiring.links.filter(({ vxlan }) => vxlan !== null);
  const links = [...wiring.bridges, ...wiring.wires.flatMap((wire) => wire.ends), ...tunnels];
  const taken = new Set(links.flatMap((link) => link.mac?.value ?? []));
  return new Map(links.map((link) => [link, link.mac?.value ?? freeMac(`${lab}/${link.netns}/${link.name}`, taken)]));
}

function freeMac(seed: string, taken: Set<string>): string {
  let attempt = 0;
  let mac = macFor(seed);
  while (taken.has(mac)) mac = macFor(seed, ++attempt);
  taken.add(mac);
  return mac;
}
