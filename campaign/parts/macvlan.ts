import type { Random } from '../random.ts';
import { type DraftInterfaces, type DraftLab, type LabPart, lanEnds, pick } from './part.ts';

/** One or two links of this kind on an interface of a namespace, or on the NIC of the machine (foreign-objects.ts). */
const onParent = (kind: 'macvlan' | 'macvtap', prefix: string, net: number): LabPart => ({
  name: kind,
  add: (lab, dice) => {
    const place = placeIn(lab, dice);
    if (place === null) return false;
    const { interfaces, parent, nth, hasSubnet } = place;
    const count = 1 + dice.below(2);
    for (let i = 0; i < count; i++) {
      const ip = [`10.${net + i}.${nth}.1/24`, `fd00:${net + i}:${nth}::1/64`];
      interfaces[`${prefix}${i}`] = {
        [kind]: { parent, mode: dice.one(['bridge', 'private', 'vepa']) },
        address: hasSubnet ? 'none' : dice.one(['none', ip[0], ip]),
        ...(dice.often(20) ? { state: 'down' } : {}),
        ...(dice.often(20) ? { mac: `02:00:00:00:${net}:0${i}` } : {}),
      };
    }
    return true;
  },
});

/** `hasSubnet`: the parent is on a LAN with a subnet, of which one namespace has one address. */
type Place = {
  readonly interfaces: DraftInterfaces;
  readonly parent: string;
  readonly nth: number;
  readonly hasSubnet: boolean;
};

function placeIn(lab: DraftLab, dice: Random): Place | null {
  const end = pick(dice, lanEnds(lab));
  if (end !== null && dice.often(60)) {
    return { interfaces: lab.namespaces[end.netns]?.interfaces ?? {}, parent: end.dev, nth: end.nth, hasSubnet: true };
  }
  const names = Object.keys(lab.namespaces);
  const nth = dice.below(names.length);
  const { interfaces } = lab.namespaces[names[nth] ?? ''] ?? {};
  if (interfaces === undefined) return null;
  const cable = Object.keys(interfaces).find((name) => /^c\d$/.test(name));
  const parent = cable !== undefined && dice.often(50) ? cable : 'host:eth9';
  return { interfaces, parent, nth, hasSubnet: false };
}

export const macvlan = onParent('macvlan', 'mv', 60);
export const macvtap = onParent('macvtap', 'mt', 90);
