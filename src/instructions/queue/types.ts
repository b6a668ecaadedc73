import type { ImpairingKind, Impairment } from '../../model/kernel/impairment.ts';

/** Root queueing disciplines that impair what leaves a link. */
export type QueueInstruction =
  /** Makes the one of that handle (`4e46:`), in the place of whichever there is, or changes it in place. */
  | {
      readonly do: 'queue.set';
      readonly netns: string;
      readonly dev: string;
      readonly kind: ImpairingKind;
      readonly handle: string;
      readonly impairment: Impairment;
    }
  | { readonly do: 'queue.delete'; readonly netns: string; readonly dev: string; readonly handle: string };
