import { readOtherLabs } from '../../store/shared-resources.ts';
import { STORE_PATHS } from '../../store/store-paths.ts';

/** Is told at once what a person should know besides: one sentence. */
export type Warn = (sentence: string) => void;

/** Says which labs of this machine cannot be taken into account. */
export function warnUnreadableLabs(note: Warn | undefined, lab: string | null): void {
  for (const { lab: other, why } of readOtherLabs(STORE_PATHS, lab).unreadable) {
    note?.(`${why}; settings of the machine that it may need stay as they are (netform forget ${other} lets go of it)`);
  }
}
