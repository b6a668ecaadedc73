import type { Placed, Segment, World } from './world.ts';

/** Whose an address on a LAN is; null: no link of the lab has it. */
export type OwnerOf = (segment: Segment, address: string) => Placed | null;

/** Finds owners by LAN; each LAN is indexed once, when it is first asked for. */
export function ownersOf(world: World): OwnerOf {
  const known = new Map<Segment, ReadonlyMap<string, Placed>>();
  return (segment, address) => {
    const owners = known.get(segment) ?? index(world, segment);
    known.set(segment, owners);
    return owners.get(address) ?? null;
  };
}

function index(world: World, segment: Segment): ReadonlyMap<string, Placed> {
  const placed = segment.links.flatMap((link) => world.placedOn.get(link) ?? []);
  return new Map(placed.map((one) => [one.address, one]));
}
