import { linkIdsOf } from '../../model/ids.ts';
import type { Lab, LabLink } from '../../model/lab.ts';
import type { LabPortVlans } from '../../model/lab-parts/lab-port.ts';
import { DEFAULT_VLAN, formatVlanRange } from '../../net/vlan.ts';

/** The LANs of a bridge that keeps VLANs apart, one line each: `VLAN 10 red 10.10.0.0/24, fd00:10::/64`. */
export const vlanLines = (lab: Lab, { netns, name }: Pick<LabLink, 'netns' | 'name'>): readonly string[] =>
  lab.lans
    .flatMap(({ vlans = [], subnets }) =>
      vlans
        .filter((vlan) => vlan.netns === netns && vlan.bridge === name)
        .map((vlan) => ({ id: vlan.id, texts: ['VLAN', vlan.id, vlan.name, subnets.join(', ')] })),
    )
    .sort((one, other) => one.id - other.id)
    .map(({ texts }) => texts.filter(Boolean).join(' '));

/** What is written at the line of a port that is in VLANs, by the ids of links: `vlan 10`, `trunk 10,20`. */
export function vlanNotes(lab: Lab): ReadonlyMap<string, string> {
  const ids = linkIdsOf(lab);
  const lines = [...lab.cables.map(({ ends }) => ends), ...lab.links.map((link) => [link])];
  return new Map(
    lines.flatMap((ends) => {
      const ports = ends.flatMap(({ netns, name, master, vlans }) => {
        const text = master === null || vlans === undefined ? '' : portText(vlans);
        return text === '' ? [] : [{ id: ids.get(`${netns}/${name}`) ?? '', netns, text }];
      });
      const [first, second] = ports;
      if (!first) return [];
      const isOne = second === undefined || second.text === first.text;
      return [[first.id, isOne ? first.text : ports.map(({ netns, text }) => `${netns}: ${text}`).join('; ')]];
    }),
  );
}

/** Empty: it is in the VLAN of ports that say nothing. */
function portText({ untagged, tagged }: LabPortVlans): string {
  if (tagged.length === 0) return untagged === null || untagged === DEFAULT_VLAN ? '' : `vlan ${untagged}`;
  return `trunk ${tagged.map(formatVlanRange).join(',')}${untagged === null ? '' : `, native ${untagged}`}`;
}
