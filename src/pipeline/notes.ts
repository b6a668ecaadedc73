import { otherLabs } from '../store/labs.ts';
import { ROOTS } from '../store/roots.ts';

/** Is told at once what a person should know besides: one sentence. */
export type Note = (sentence: string) => void;

/** Says which labs of this machine cannot be taken into account. */
export function noteUnreadable(note: Note | undefined, lab: string | null): void {
  for (const { lab: other, why } of otherLabs(ROOTS, lab).unreadable) {
    note?.(`${why}; settings of the machine that it may need stay as they are (netform forget ${other} lets go of it)`);
  }
}
