import type { Random } from '../random.ts';
import { type LabPart, pick } from './part.ts';
import { APPS, addLabels } from './services.ts';

/** Policies by name and by label, in both directions, with peers of every sort. */
export const policies: LabPart = {
  name: 'policies',
  add: (lab, dice) => {
    const names = Object.keys(lab.namespaces);
    if (names.length === 0) return false;
    addLabels(lab);
    const all = Array.from({ length: 1 + dice.below(3) }, (_, nth) => {
      const select = dice.one<unknown>([{ app: dice.one(APPS) }, pick(dice, names), 'any', { app: { exists: true } }]);
      const directions = dice.one([['ingress'], ['egress'], ['ingress', 'egress']]);
      const rules = directions.map((direction) => [direction, rulesOf(direction, dice)] as const);
      return [`policy-${nth + 1}`, { select, ...Object.fromEntries(rules) }] as const;
    });
    Object.assign(lab, { policies: Object.fromEntries(all) });
    return true;
  },
};

function rulesOf(direction: string, dice: Random): readonly unknown[] {
  const end = direction === 'ingress' ? 'from' : 'to';
  return Array.from({ length: dice.below(3) }, () => {
    const peer = dice.one<unknown>([
      { app: dice.one(APPS) },
      { app: { not: [dice.one(APPS)] } },
      { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] },
      'fd00::/16',
    ]);
    const ports = dice.one<unknown>([[80], ['60-90', '53/udp'], ['5432/tcp', '5432/udp']]);
    return { ...(dice.often(70) ? { [end]: peer } : {}), ...(dice.often(60) ? { ports } : {}) };
  });
}
