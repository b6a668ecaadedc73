import type { AssignedAddress, LabModel, LanSegment } from '../model.ts';

/** Finds the owner of an address on a LAN; null: no link of the lab has it. */
export type AddressOwnerLookup = (segment: LanSegment, address: string) => AssignedAddress | null;

/** Finds owners by LAN; each LAN is indexed once, when it is first asked for. */
export function createAddressOwnerLookup(world: LabModel): AddressOwnerLookup {
  const known = new Map<LanSegment, ReadonlyMap<string, AssignedAddress>>();
  return (segment, address) => {
    const owners = known.get(segment) ?? indexSegment(world, segment);
    known.set(segment, owners);
    return owners.get(address) ?? null;
  };
}

function indexSegment(world: LabModel, segment: LanSegment): ReadonlyMap<string, AssignedAddress> {
  const placed = segment.links.flatMap((link) => world.addressesByLink.get(link) ?? []);
  return new Map(placed.map((one) => [one.address, one]));
}
