import { type LabPart, lanEnds, pick } from './part.ts';

/** Firewalls of namespaces, and of the machine: what passes is not asked for here, but that they come, change and go. */
export const firewall: LabPart = {
  name: 'firewall',
  add: (lab, dice) => {
    const ends = lanEnds(lab);
    const end = pick(dice, ends);
    const other = pick(dice, ends);
    const netns = end && lab.namespaces[end.netns];
    if (!end || !other || !netns) return false;
    const entry = () => ({
      ...(dice.often(60) ? { from: dice.one([other.netns, 'any', 'outside', '10.0.0.0/8']) } : {}),
      ...(dice.often(40) ? { to: dice.one([end.netns, other.netns]) } : {}),
      ...(dice.often(50) ? { ports: dice.one([[80], ['8000-8100', '53/udp'], ['1-65535']]) } : { proto: 'icmp' }),
    });
    const wall = {
      input: dice.one(['accept', 'drop', 'reject']),
      forward: dice.one(['accept', 'drop', 'reject']),
      ...(dice.often(30) ? { output: 'drop' } : {}),
      ...(dice.often(50) ? { deny: [{ ...entry(), reject: dice.often(50) }] } : {}),
      ...(dice.often(70) ? { allow: [entry(), entry()] } : {}),
      ...(dice.often(30) ? { clampMss: true } : {}),
    };
    if (dice.often(30)) Object.assign(lab, { firewall: wall });
    else Object.assign(netns, { firewall: wall });
    return true;
  },
};
