import type { Spec } from './json.ts';
import type { State } from './state.ts';

/** The first record of a journal: the run, and everything that its rollback needs without the topology. */
export type JournalBegin = {
  readonly type: 'begin';
  /** 1 is of an older netform: its records share no values. */
  readonly version: 1 | 2;
  /** Sixteen hex digits: this run and no other. */
  readonly run: string;
  /** As the user typed it: `apply lab.yaml`. */
  readonly command: string;
  readonly lab: string;
  readonly uid: string;
  readonly bootId: string;
  /** ISO 8601. */
  readonly at: string;
  /** sha256 over the operations. */
  readonly planHash: string;
  /** Null: the lab was not on this machine. */
  readonly previous: State | null;
  /** Everything that the run can have an effect on. */
  readonly subjects: readonly JournalSubject[];
  /** Of a rename: the new name of the lab. */
  readonly renameTo?: string;
  /** Null: the run counts as soon as it is verified. */
  readonly confirm: ConfirmDeadline | null;
};

/** A resource that a run may change, as its journal identifies it. */
export type JournalSubject = {
  readonly kind: string;
  readonly id: string;
  readonly netns: string;
  readonly dependsOn: readonly string[];
  readonly within: readonly string[];
  /** What the run wants; null: that it is gone. */
  readonly intended: Spec | null;
  /** What was found; null: nothing. */
  readonly before: Spec | null;
};

/** How long there is time to confirm, and until when: seconds since the boot of `bootId`, sleep included. */
export type ConfirmDeadline = { readonly seconds: number; readonly deadline: number; readonly bootId: string };

/** One line of a journal. */
export type JournalRecord =
  | JournalBegin
  /** Durable before the kernel is asked for anything about these ids. `subjects`: those that `begin` does not have. */
  | {
      readonly type: 'intent';
      readonly stage: number;
      readonly ids: readonly string[];
      readonly subjects?: readonly JournalSubject[];
    }
  | { readonly type: 'done'; readonly stage: number }
  /** Reached and verified; it counts when the user confirms it. `next` null: the lab is gone. */
  | { readonly type: 'applied'; readonly next: State | null }
  /** It counts: what is left to do is to write the state. */
  | { readonly type: 'commit'; readonly next: State | null };

/** The content of a journal whose run is not over. */
export type OpenJournal = {
  readonly begin: JournalBegin;
  /** Ids that the run has changed, or may have. */
  readonly intended: ReadonlySet<string>;
  readonly applied: { readonly next: State | null } | null;
  readonly commit: { readonly next: State | null } | null;
};
