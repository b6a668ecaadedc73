import type { Operation } from '../operation.ts';

/** What is told while a plan is executed; `close` ends the report and resolves when it has gone from the terminal. */
export type ProgressDisplay = {
  /** Resolves when what is to be seen at once is there: the work that follows does not come back for some time. */
  readonly begun?: Promise<unknown>;
  readonly event: (event: { readonly operation: Operation; readonly phase: 'start' | 'done' | 'failed' }) => void;
  readonly rollback: () => void;
  readonly close: () => Promise<void>;
};
