import { appendTo } from '../model/values/group-by.ts';
import { assignAddresses } from './addressing/assign-addresses.ts';
import type { AssignedAddress, LabModel, LabModelInput, LanSegment, ModelLink } from './model.ts';
import { resolveWiring } from './wiring/resolve-wiring.ts';
import { resolveSegments } from './wiring/segments.ts';

/** Wires the lab and gives addresses: what every later stage stands on. */
export function buildLabModel(source: LabModelInput): LabModel {
  const wiring = resolveWiring(source);
  const segments = resolveSegments(source, wiring);
  const segmentOf = new Map(segments.flatMap((segment) => segment.links.map((link) => [link, segment] as const)));
  const placedOn = assignAddresses(wiring.links, { ...source, segmentByLink: segmentOf });
  const placedIn = new Map<string, AssignedAddress[]>();
  const placedAt = new Map<string, Map<LanSegment, AssignedAddress[]>>();
  for (const placed of [...placedOn.values()].flat()) {
    const { netns, master } = placed.link;
    appendTo(placedIn, netns, placed);
    if (placed.segment === null || master) continue;
    const here = placedAt.get(netns) ?? new Map<LanSegment, AssignedAddress[]>();
    placedAt.set(netns, here);
    appendTo(here, placed.segment, placed);
  }
  const broken = new Set(wiring.broken);
  for (const link of wiring.links) if (isMissingAddress(link, segmentOf, placedOn)) broken.add(link.netns);
  return {
    ...source,
    wiring: { ...wiring, broken },
    segments,
    segmentByLink: segmentOf,
    addressesByLink: placedOn,
    addressesByNetns: placedIn,
    addressesByNetnsSegment: placedAt,
  };
}

/** Whether a link should have more addresses than it has: what is wrong has been said. */
function isMissingAddress(
  link: ModelLink,
  segmentOf: LabModel['segmentByLink'],
  placedOn: LabModel['addressesByLink'],
): boolean {
  const count = placedOn.get(link)?.length ?? 0;
  if (!link.automatic) return count < link.staticAddresses.length;
  return count === 0 && (segmentOf.get(link)?.bridges.some((bridge) => bridge.bridge?.subnets.length) ?? false);
}
