import type { Instruction } from './instruction.ts';
import type { LiveState, Query } from './kernel/need.ts';

/** The machine that a lab is made on: the real kernel, or the strict one of the tests. */
export type Machine = {
  /** Looks; changes nothing. Throws a NetformError when it may not look. */
  readonly read: (query: Query) => LiveState;
  /**
   * Does a batch whose instructions do not depend on each other, in any namespaces. All are tried, also after one failed.
   * Gives one failure for each that the machine refused, in the order of the batch.
   */
  readonly execute: (batch: readonly Instruction[]) => readonly Failure[];
  /**
   * Has links say to the others on their LAN which addresses they have. It changes nothing of the machine, and what cannot
   * be said is left unsaid.
   */
  readonly announce: (all: readonly Announcement[]) => Promise<void>;
  /** Frees sockets and contexts; the machine can still be used afterwards. */
  readonly close: () => void;
};

export type Failure = {
  readonly instruction: Instruction;
  /** `EEXIST`, `EPERM`, `NFT`, … */
  readonly code: string;
  /** The kernel's own sentence, or ours for (operation, errno). */
  readonly message: string;
};

/** A link, its MAC, and addresses of it without their lengths. */
export type Announcement = {
  readonly netns: string;
  readonly dev: string;
  readonly mac: string;
  readonly addresses: readonly string[];
};
