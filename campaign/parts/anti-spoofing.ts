import { type LabPart, pick } from './part.ts';

/** A bridge of the machine whose ports are held to their addresses. */
export const antiSpoofing: LabPart = {
  name: 'anti-spoofing',
  add: (lab, dice) => {
    const name = pick(dice, Object.keys(lab.bridges));
    if (name === null) return false;
    const written = lab.bridges[name];
    const words = typeof written === 'string' || Array.isArray(written) ? { subnet: written } : Object(written ?? {});
    lab.bridges[name] = { ...words, antiSpoofing: true };
    return true;
  },
};
