import type { ProcessDescription } from '../../model/kernel/lab-process.ts';

/** Processes that go on after netform has ended. */
export type ProcessInstruction =
  /**
   * Ends what there is of it already, starts it, and waits until it is ready. `bytesOf` gives the bytes of a digest, one
   * character for each, and is not written down; left out: it needs none.
   */
  | {
      readonly do: 'process.start';
      readonly netns: string;
      readonly lab: string;
      readonly process: ProcessDescription;
      readonly bytesOf?: (sha: string) => string | null;
    }
  /** Has its configuration checked by the program's own command, as long as the former one still runs. */
  | { readonly do: 'process.check'; readonly netns: string; readonly lab: string; readonly process: ProcessDescription }
  /** Has it read its files again, and waits until it is ready. */
  | {
      readonly do: 'process.reload';
      readonly netns: string;
      readonly lab: string;
      readonly process: ProcessDescription;
    }
  /** Ends it and all that it has started. `forGood`: what it wrote goes, too. One that is not there is no error. */
  | {
      readonly do: 'process.stop';
      readonly netns: string;
      readonly lab: string;
      readonly process: ProcessDescription;
      readonly forGood: boolean;
    };
