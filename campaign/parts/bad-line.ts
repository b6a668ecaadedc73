import { type LabPart, pick } from './part.ts';

/** One or two interfaces, or a cable, from which packets are lost, or leave twice or slowly: what every kernel can do. */
export const badLine: LabPart = {
  name: 'bad line',
  add: (lab, dice) => {
    const words = (): unknown => {
      const chosen = {
        ...(dice.often(60) ? { loss: dice.one(['1%', '12.5%', '0.0001%']) } : {}),
        ...(dice.often(30) ? { duplicate: dice.one(['2%', '50%']) } : {}),
        ...(dice.often(50) ? { rate: dice.one(['10mbit', '64kbit', '1gbit']) } : {}),
      };
      return Object.keys(chosen).length > 0 ? chosen : { rate: '5mbit' };
    };
    const links = [lab['links'] ?? []].flat() as unknown[];
    const cable = dice.below(Math.max(1, links.length));
    if (typeof links[cable] === 'string' && dice.often(40)) {
      links[cable] = { ends: links[cable].split(' -- '), impair: words() };
      Object.assign(lab, { links });
      return true;
    }
    const ends = Object.values(lab.namespaces).flatMap(({ interfaces }) =>
      Object.entries(interfaces).flatMap(([name, value]) =>
        name !== 'lo' && typeof value === 'object' && !Array.isArray(value) ? [{ interfaces, name }] : [],
      ),
    );
    const chosen = [pick(dice, ends), pick(dice, ends)].flatMap((end) => end ?? []);
    for (const { interfaces, name } of chosen) Object.assign(Object(interfaces[name]), { impair: words() });
    return chosen.length > 0;
  },
};
