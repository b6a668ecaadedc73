import type { Lab } from '../../../model/lab.ts';
import type { Operation } from '../../../model/operation.ts';

/** Whether a link of a lab is a bond. */
export const isBondIn = ({ links }: Lab, netns: string, name: string): boolean =>
  links.some((link) => link.kind === 'bond' && link.netns === netns && link.name === name);

/** Whether a master that an operation depends on is a bond, which takes only ports that are down (`bond_enslave`). */
export const isBond = (
  { dependsOn }: Pick<Operation, 'dependsOn'>,
  { netns, master }: { readonly netns: string; readonly master: string | null | undefined },
): boolean => typeof master === 'string' && dependsOn.includes(`bond:${netns}/${master}`);
