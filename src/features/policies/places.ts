import type { LabModel, LanSegment, ModelLink } from '../../lab/model.ts';
import { linkKindOf } from '../../model/link-kind.ts';
import { isUsual } from './peers.ts';

/** Where the packets of a namespace can be seen: the bridges of its LANs, in the order of the file; none: in itself only. */
export type PolicyPlaces = { readonly bridges: readonly ModelLink[]; readonly hasOther: boolean };

/** A LAN without a bridge of the kernel that is the lab's own (a cable, an Open vSwitch, a plugin's bridge) has its frames seen nowhere. */
export function placesOf(world: LabModel, netns: string, canFilter: boolean): PolicyPlaces {
  const isContainer = world.topology.namespaces.some(({ name, container }) => name === netns && container != null);
  const lans = [...(world.addressesByNetnsSegment.get(netns) ?? new Map<LanSegment, unknown>()).keys()];
  const bridges = lans.flatMap((lan) => (isFiltering(world, lan) ? lan.bridges : []));
  const hasOther = !canFilter || isContainer || lans.some((lan) => !isFiltering(world, lan));
  return { bridges: hasOther ? [] : bridges.filter((one) => one.netns !== netns), hasOther };
}

const isFiltering = ({ linkKinds }: LabModel, { bridges }: LanSegment): boolean =>
  bridges.length > 0 &&
  bridges.every(
    ({ kind, own, vlan }) =>
      kind === 'switch' && vlan === null && !(own && linkKindOf(linkKinds, own.kind).madeByProgram),
  );

/** The addresses of the bridges of the LANs of a namespace: what the node sends itself always passes. */
export function nodeAddresses(world: LabModel, netns: string): readonly string[] {
  const lans = [...(world.addressesByNetnsSegment.get(netns) ?? new Map<LanSegment, unknown>()).keys()];
  const bridges = new Set(lans.flatMap((lan) => lan.bridges));
  return [...bridges]
    .flatMap((bridge) => (world.addressesByLink.get(bridge) ?? []).map(({ address }) => address))
    .filter(isUsual);
}
