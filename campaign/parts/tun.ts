import type { Random } from '../random.ts';
import { type DraftLab, type LabPart, pick } from './part.ts';

const owner = (dice: Random): { readonly [word: string]: string } =>
  dice.one([{}, {}, { user: 'nobody' }, { user: 'daemon', group: 'daemon' }, { group: 'nogroup' }]);

/** Links to programs that never come, with addresses, in a namespace and in the machine. */
export const tun: LabPart = {
  name: 'tun',
  add: (lab, dice) => {
    const { interfaces, nth } = placeIn(lab, dice);
    interfaces['tun0'] = {
      tun: owner(dice),
      address: dice.one<unknown>([
        'none',
        `10.72.${nth}.1/24`,
        [`10.72.${nth}.1/24`, `fd00:72:${nth}::1/64`],
        { address: `10.72.${nth}.1`, peer: `10.72.${nth}.2` },
      ]),
      ...(dice.often(20) ? { state: 'down' } : {}),
      ...(dice.often(20) ? { mtu: 1400 } : {}),
    };
    return true;
  },
};

/** Some of them are ports of a bridge. */
export const tap: LabPart = {
  name: 'tap',
  add: (lab, dice) => {
    const lan = pick(dice, Object.keys(lab.bridges));
    if (lan !== null && dice.often(60)) {
      lab.host.interfaces['tap8'] = { bridge: lan, tap: owner(dice) };
      return true;
    }
    const { interfaces, nth } = placeIn(lab, dice);
    interfaces['tap0'] = {
      tap: owner(dice),
      address: dice.one<unknown>(['none', `10.73.${nth}.1/24`, [`10.73.${nth}.1/24`, `fd00:73:${nth}::1/64`]]),
      ...(dice.often(30) ? { mac: '02:00:00:00:73:01' } : {}),
    };
    return true;
  },
};

/** A namespace, or the machine. */
function placeIn(lab: DraftLab, dice: Random) {
  const names = Object.keys(lab.namespaces);
  const nth = dice.below(names.length + 1);
  return { interfaces: lab.namespaces[names[nth] ?? '']?.interfaces ?? lab.host.interfaces, nth };
}
