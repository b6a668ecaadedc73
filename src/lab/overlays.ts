import type { Link } from './world.ts';

/**
 * Which vxlans belong together: those of one number and port of which one sends to the namespace of the other. Told by
 * names and written addresses alone, because who is on a LAN has to be known before addresses are given out.
 */
export function overlayPairs(links: readonly Link[]): readonly (readonly [Link, Link])[] {
  const ends = links.filter(({ vxlan }) => vxlan !== null);
  if (ends.length === 0) return [];
  const holders = new Map<string, Set<string>>();
  for (const { netns, written } of links) {
    for (const { address } of written) holders.set(address, (holders.get(address) ?? new Set()).add(netns));
  }
  const byOverlay = new Map<string, Link[]>();
  for (const end of ends) byOverlay.set(overlayOf(end), [...(byOverlay.get(overlayOf(end)) ?? []), end]);
  return ends.flatMap((end) => {
    const to = end.vxlan?.remote.value;
    const isMeant = ({ netns }: Link): boolean =>
      to !== undefined && ('ref' in to ? to.ref.name === netns : (holders.get(to.address)?.has(netns) ?? false));
    const others = byOverlay.get(overlayOf(end)) ?? [];
    return others.filter((other) => other.netns !== end.netns && isMeant(other)).map((other) => [end, other] as const);
  });
}

const overlayOf = ({ vxlan }: Link): string => `${vxlan?.id.value} ${vxlan?.port}`;
