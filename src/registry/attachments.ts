import type { Need } from '../model/kernel/need.ts';

/** The need for an interface that CNI plugins made. `uid`: that of its lab, or of what is attached by hand. */
export const attachmentNeed = (uid: string, netns: string, dev: string) =>
  ({ need: 'attachment', netns, key: `${uid}/${dev}` }) as const;

/** Whether a need is about an interface that CNI plugins made: what they keep of it outlives a boot. */
export const isOfAttachment = ({ need }: Need): boolean => need === 'attachment';
