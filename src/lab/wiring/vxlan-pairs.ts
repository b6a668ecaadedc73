import type { ModelLink } from '../model.ts';

/**
 * Pairs vxlans of the same id and port when one sends to the namespace of the other. Reads names and written addresses
 * only, because the members of a LAN have to be known before addresses are assigned.
 */
export function pairVxlans(links: readonly ModelLink[]): readonly (readonly [ModelLink, ModelLink])[] {
  const ends = links.filter(({ vxlan }) => vxlan !== null);
  if (ends.length === 0) return [];
  const holders = new Map<string, Set<string>>();
  for (const { netns, staticAddresses: written } of links) {
    for (const { address } of written) holders.set(address, (holders.get(address) ?? new Set()).add(netns));
  }
  const byOverlay = new Map<string, ModelLink[]>();
  for (const end of ends) byOverlay.set(overlayKey(end), [...(byOverlay.get(overlayKey(end)) ?? []), end]);
  return ends.flatMap((end) => {
    const to = end.vxlan?.remote.value;
    const isMeant = ({ netns }: ModelLink): boolean =>
      to !== undefined && ('ref' in to ? to.ref.name === netns : (holders.get(to.address)?.has(netns) ?? false));
    const others = byOverlay.get(overlayKey(end)) ?? [];
    return others.filter((other) => other.netns !== end.netns && isMeant(other)).map((other) => [end, other] as const);
  });
}

const overlayKey = ({ vxlan }: ModelLink): string => `${vxlan?.id.value} ${vxlan?.port}`;
