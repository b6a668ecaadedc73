import type { Operation } from '../../../model/operation.ts';

/** Whether a master that an operation depends on is a bond, which takes only ports that are down (`bond_enslave`). */
export const isBond = (
  { dependsOn }: Pick<Operation, 'dependsOn'>,
  { netns, master }: { readonly netns: string; readonly master: string | null | undefined },
): boolean => typeof master === 'string' && dependsOn.includes(`bond:${netns}/${master}`);
