import type { Lan, LanMember } from '../../model/lab.ts';
import type { LabModel, LanSegment } from '../model.ts';
import type { SegmentGateways } from '../routing/gateways.ts';

/** A LAN with its members: interfaces, and bridges that have an address. */
export function toLabLan({ addressesByLink: placedOn }: LabModel, segment: LanSegment, gateways: SegmentGateways): Lan {
  const [bridge] = segment.bridges;
  const members = segment.links.flatMap((link): LanMember[] => {
    const prefixes = (placedOn.get(link) ?? []).map(({ text }) => text);
    const isMember = link.kind !== 'switch' || prefixes.length > 0;
    return isMember ? [{ netns: link.netns, dev: link.name, prefixes, at: link.at }] : [];
  });
  return {
    label: segment.label,
    bridge: bridge ? { netns: bridge.netns, name: bridge.name } : null,
    ...vlanFields(segment),
    subnets: [...new Set(segment.subnets.map(({ text }) => text))],
    subnetPlaces: Object.fromEntries(segment.subnets.map(({ text, at }) => [text, at])),
    gateways: [...new Set((gateways.get(segment) ?? []).map(({ address }) => address))],
    members,
    at: segment.at,
  };
}

/** For spreading: the VLANs that a LAN is, of their bridges. */
function vlanFields({ bridges }: LanSegment): Pick<Lan, 'vlans'> {
  const vlans = bridges.flatMap(({ vlan }): NonNullable<Lan['vlans']> => {
    if (!vlan) return [];
    const { of, id } = vlan;
    const name = of.bridge?.vlans.vlans.find((one) => one.id?.value === id)?.name ?? null;
    return [{ netns: of.netns, bridge: of.name, id, name }];
  });
  return vlans.length === 0 ? {} : { vlans };
}
