import { placeAddresses } from './addresses.ts';
import { lansOf } from './lans.ts';
import { linksOf } from './links.ts';
import type { Placed, Segment, Source, World } from './world.ts';

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
  return { ...source, wiring, segments, segmentOf, placedOn, placedIn, placedAt };
}

function push<K>(map: Map<K, Placed[]>, key: K, placed: Placed): void {
  const list = map.get(key);
  if (list) list.push(placed);
  else map.set(key, [placed]);
}
