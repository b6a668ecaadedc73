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
   * Does a batch that gives links their carriers, and waits, some seconds at most, until the kernel has acted on these.
   * `live`: the machine as it was just read. Gives failures as `execute` does.
   */
  readonly connect: (batch: readonly Instruction[], live: LiveState) => Promise<readonly Failure[]>;
  /** The machine as it was read, with the namespaces of a batch as they are now. */
  readonly readAgain: (live: LiveState, batch: readonly Instruction[]) => LiveState;
  /**
   * Called after a run that reached its goal: waits until the new links carry packets, and announces addresses that moved to
   * another link. It changes nothing of the machine.
   */
  readonly afterRun: (run: MachineReadings) => Promise<void>;
  /** Frees sockets and contexts; the machine can still be used afterwards. */
  readonly close: () => void;
};

/** An instruction that the machine refused. */
export type Failure = {
  readonly instruction: Instruction;
  /** `EEXIST`, `EPERM`, `NFT`, … */
  readonly code: string;
  /** The kernel's own sentence, or ours for (operation, errno). */
  readonly message: string;
};

/** What was read of the machine before and after a run. `before` is null for a lab that was not there. */
export type MachineReadings = { readonly before: LiveState | null; readonly after: LiveState };
