import type { Operation } from '../operation.ts';

/** Receives the events of a plan's execution; `close` ends the display and resolves when the terminal is clear of it. */
export type ProgressDisplay = {
  /** Resolves when the first display is drawn: the work that follows blocks the event loop. */
  readonly begun?: Promise<unknown>;
  readonly event: (event: { readonly operation: Operation; readonly phase: 'start' | 'done' | 'failed' }) => void;
  readonly rollback: () => void;
  readonly close: () => Promise<void>;
};
