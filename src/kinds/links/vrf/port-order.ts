import type { Operation } from '../../../model/operation.ts';

/** Whether a master that an operation depends on is a VRF: its ports come up with what is on them. */
export const isVrf = (
  { dependsOn }: Pick<Operation, 'dependsOn'>,
  { netns, master }: { readonly netns: string; readonly master: string | null },
): boolean => master !== null && dependsOn.includes(`vrf:${netns}/${master}`);
