import type { Lab } from '../../model/lab.ts';

/** Whether the lab has anything on the machine itself, so that what the machine has can be in its way. */
export const touchesHost = (lab: Lab): boolean =>
  lab.existing.length > 0 ||
  [lab.bridges, lab.addresses, lab.routes, lab.rules, lab.neighbours, lab.nat].some((items) =>
    items.some(({ netns }) => netns === 'host'),
  );
