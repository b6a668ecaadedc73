import type { Lab } from '../../model/lab.ts';

/** Whether the lab has anything in the host's own namespace, where it can conflict with what the machine has. */
export const touchesHost = (lab: Lab): boolean =>
  lab.existing.length > 0 ||
  lab.links.some(({ lower }) => lower?.netns === 'host') ||
  [lab.bridges, lab.addresses, lab.routes, lab.rules, lab.neighbours, lab.nat].some((items) =>
    items.some(({ netns }) => netns === 'host'),
  );
