import type { Instruction } from '../../model/instruction.ts';
import type { StateEntry } from '../../model/kind.ts';
import type { Operation, Plan, Stage } from '../../model/operation.ts';
import type { Observation } from '../../model/resource.ts';

/** What may be given to a run; each is optional. */
export type ConvergeOptions = {
  /**
   * `rollback` (default): the first failure ends in the old state. `continue`: the rest is done all the same; only
   * `shouldStop` ends in the old state.
   */
  readonly onFailure?: 'rollback' | 'continue';
  readonly events?: (event: OperationEvent) => void;
  readonly journal?: ExecutionJournal;
  /** Asked between batches; true (a signal came) ends the run by rollback. Not asked during a rollback. */
  readonly shouldStop?: () => boolean;
  /** Called once, when a run has failed and is being undone: the events that follow are the rollback's. */
  readonly onRollback?: () => void;
  /** Called where much of what a run has made is no longer used: large labs have memory freed then. */
  readonly freeMemory?: () => void;
  /** Waits so many milliseconds before what settles late is looked at again. */
  readonly wait?: (ms: number) => Promise<void>;
};

/** The progress of one operation of a run. */
export type OperationEvent = { readonly operation: Operation; readonly phase: 'start' | 'done' | 'failed' };

/** Called before and after every durable step. An error that it throws ends the run, which is then rolled back. */
export type ExecutionJournal = {
  /** Once, before the first change, with what was there. */
  readonly begin: (plan: Plan, before: ReadonlyMap<string, Observation>) => void;
  readonly intent: (stage: Stage) => void;
  readonly done: (stage: Stage) => void;
  /** The goal is reached and verified: records `next`, the entries of the new state. */
  readonly commit: (next: readonly StateEntry[]) => void;
};

/** Something that the machine refused; `operation` null when it belongs to none (the machine could not be read). */
export type StepFailure = {
  readonly operation: Operation | null;
  readonly instruction: Instruction | null;
  readonly code: string;
  readonly message: string;
};

/**
 * How the attempt to reach a goal ended. `reached`: the machine was read and matches it. `stopped`: `shouldStop` ended it.
 * A reached goal can have failures that a later repair made good.
 */
export type AttemptResult = {
  readonly status: 'reached' | 'failed' | 'stopped';
  readonly failures: readonly StepFailure[];
  /** The operations that would still be needed to reach the goal. */
  readonly remaining: readonly Operation[];
  /** What was found when it was read again, of what was; left out: nothing was. */
  readonly verified?: ReadonlyMap<string, Observation>;
};

/** An attempt that an exception ended. */
export function failedAttempt(error: unknown, remaining: readonly Operation[]): AttemptResult {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'E_INTERNAL';
  const message = error instanceof Error ? error.message : String(error);
  return { status: 'failed', failures: [{ operation: null, instruction: null, code, message }], remaining };
}
