import type { LabAddresses } from '../../model/lab.ts';
import { formatAddress } from '../../net/address.ts';
import type { AssignedAddress, LabModel, LabModelInput, LanSegment, ModelLink } from '../model.ts';
import { allocateAddresses } from './allocate.ts';
import { placeStaticAddresses } from './place-address.ts';
import { collectReservedAddresses } from './reserved-addresses.ts';

type AddressAssignmentContext = LabModelInput & { readonly segmentByLink: ReadonlyMap<ModelLink, LanSegment> };

/** The addresses of every link, written and automatic; only links that have one are in the map. */
export function assignAddresses(
  links: readonly ModelLink[],
  ground: AddressAssignmentContext,
): LabModel['addressesByLink'] {
  const applicants = links.flatMap((link) => {
    const segment = ground.segmentByLink.get(link);
    return link.automatic && segment ? [{ link, segment }] : [];
  });
  const reserved = collectReservedAddresses(ground.topology);
  const given = allocateAddresses(applicants, {
    reserved,
    currentAddresses: ground.currentAddresses,
    report: ground.report,
  });
  return new Map(
    links.flatMap((link): [ModelLink, readonly AssignedAddress[]][] => {
      const all = [
        ...placeStaticAddresses(link, addressSegment(link, ground), ground.report),
        ...(given.get(link) ?? []),
      ];
      return all.length > 0 ? [[link, all]] : [];
    }),
  );
}

/** All addresses of one link as one entry. */
export function toLabAddresses({
  addressesByLink: placedOn,
}: Pick<LabModel, 'addressesByLink'>): readonly LabAddresses[] {
  return [...placedOn].map(([link, all]) => ({
    netns: link.netns,
    dev: link.name,
    prefixes: all.map(({ text }) => text),
    ...peersOfLink(all),
    automatic: all.filter(({ automatic }) => automatic).map(({ text }) => text),
    ...(link.kind === 'plugin' ? { byPlugin: true } : {}),
    at: link.at,
  }));
}

/** For spreading: only where there are any. */
function peersOfLink(all: readonly AssignedAddress[]): Pick<LabAddresses, 'peers'> {
  const peers = all.flatMap(({ text, peer }) => (peer ? [[text, formatAddress(peer)] as const] : []));
  return peers.length === 0 ? {} : { peers: Object.fromEntries(peers) };
}

/** A port lies on its bridge's LAN, for the length of an address that it should not have. */
const addressSegment = (link: ModelLink, { segmentByLink: segmentOf }: AddressAssignmentContext): LanSegment | null =>
  segmentOf.get(link) ?? (link.master && segmentOf.get(link.master)) ?? null;
