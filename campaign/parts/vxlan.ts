import { type LabPart, lanEnds, pick } from './part.ts';

/** Two or three ends of an overlay on one LAN, each with all others as its remotes, or all in one multicast group. */
export const vxlan: LabPart = {
  name: 'vxlan with remotes',
  add: (lab, dice) => {
    const first = pick(dice, lanEnds(lab));
    const onLan = lanEnds(lab).filter(({ lan }) => lan === first?.lan);
    const chosen = onLan.slice(0, 2 + dice.below(2));
    if (chosen.length < 2) return false;
    const isMulticast = dice.often(30);
    const isDual = chosen.every(({ ip }) => ip.some((one) => one.includes(':')));
    const group = isDual && dice.often(50) ? 'ff05::9' : '239.1.9.9';
    for (const { netns, nth, dev } of chosen) {
      const others = chosen.filter((one) => one.netns !== netns);
      const remotes = others.map(({ netns: name, ip }) => (dice.often(50) ? name : bare(ip[0])));
      const interfaces = lab.namespaces[netns]?.interfaces ?? {};
      interfaces['vx9'] = {
        vxlan: {
          id: 900,
          ...(isMulticast ? { group, dev } : { remote: dice.often(50) ? remotes : remotes[0] }),
          ...(dice.often(30) ? { port: 8472 } : {}),
        },
        address: `10.68.0.${nth + 1}/24`,
      };
    }
    return true;
  },
};

const bare = (prefix = ''): string => prefix.replace(/\/\d+$/, '');
