import { EXIT, netformError } from '../../model/error.ts';
import type { State } from '../../model/state.ts';
import { removeJournal } from '../../store/journal.ts';
import { removeRollbackNote } from '../../store/rollback-note.ts';
import { transferPriorValues } from '../../store/shared-resources.ts';
import { writeOrRemoveState } from '../../store/state.ts';
import type { Store } from '../../store/store.ts';

/** The state after a run (null: the lab is gone), and how it is written; `put` left out: as always. */
export type RunCommit = { readonly next: State | null; readonly put?: () => void };

/**
 * Finishes a run that takes effect: other labs inherit the prior values of shared resources, the state is written, and the
 * journal is removed. Throws E_UNFINISHED (exit 5) when the file system refuses that.
 */
export function finishRun(store: Store, lab: string, previous: State | null, reached: RunCommit): void {
  try {
    commitRun(store, lab, previous, reached);
  } catch (error) {
    throw isSystemError(error) ? stateNotWrittenError(lab, error) : error;
  }
}

const isSystemError = (error: unknown): error is Error => error instanceof Error && 'syscall' in error;

const stateNotWrittenError = (lab: string, { message }: Error) =>
  netformError(
    'E_UNFINISHED',
    EXIT.rollbackIncomplete,
    `changes were applied, but the state file could not be written: ${message}`,
    { hint: `netform recover ${lab} writes it; so does the next apply or destroy` },
  );

function commitRun(store: Store, lab: string, previous: State | null, { next, put }: RunCommit): void {
  const kept = new Set(next?.resources.map(({ id }) => id));
  const removed = (previous?.resources ?? []).filter(({ id }) => !kept.has(id));
  transferPriorValues(store, lab, removed);
  if (put) put();
  else writeOrRemoveState(store, lab, next);
  removeRollbackNote(store, lab);
  removeJournal(store, lab);
}
