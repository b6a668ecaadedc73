import type { ConntrackMatch } from '../../model/kernel/conntrack-match.ts';

/** Deletes these conntrack entries, so that the next packet of each flow meets the rules as they are now. */
export type ConntrackInstruction = {
  readonly do: 'flows.forget';
  readonly netns: string;
  readonly flows: readonly ConntrackMatch[];
};
