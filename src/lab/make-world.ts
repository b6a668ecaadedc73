import { placeAddresses } from './addresses.ts';
import { lansOf } from './lans.ts';
import { linksOf } from './links.ts';
import type { Link, Placed, Segment, Source, World } from './world.ts';

/** Wires the lab and gives addresses: what every later stage stands on. */
export function worldOf(source: Source): World {
  const wiring = linksOf(source);
  const segments = lansOf(source, wiring);
  const segmentOf = new Map(segments.flatMap((segment) => segment.links.map((link) => [link, segment] as const)));
  const placedOn = placeAddresses(wiring.links, { ...source, segmentOf });
  const placedIn = new Map<string, Placed[]>();
  const placedAt = new Map<string, Map<Segment, Placed[]>>();
  for (const placed of [...placedOn.values()].flat()) {
    const { netns, master } = placed.link;
    push(placedIn, netns, placed);
    if (placed.segment === null || master) continue;
    const here = placedAt.get(netns) ?? new Map<Segment, Placed[]>();
    placedAt.set(netns, here);
    push(here, placed.segment, placed);
  }
  const broken = new Set(wiring.broken);
  for (const link of wiring.links) if (lacksAddress(link, segmentOf, placedOn)) broken.add(link.netns);
  return { ...source, wiring: { ...wiring, broken }, segments, segmentOf, placedOn, placedIn, placedAt };
}

/** Whether a link should have more addresses than it has: what is wrong has been said. */
function lacksAddress(link: Link, segmentOf: World['segmentOf'], placedOn: World['placedOn']): boolean {
  const count = placedOn.get(link)?.length ?? 0;
  if (!link.automatic) return count < link.written.length;
  return count === 0 && (segmentOf.get(link)?.bridges.some((bridge) => bridge.bridge?.subnets.length) ?? false);
}

function push<K>(map: Map<K, Placed[]>, key: K, placed: Placed): void {
  const list = map.get(key);
  if (list) list.push(placed);
  else map.set(key, [placed]);
}
