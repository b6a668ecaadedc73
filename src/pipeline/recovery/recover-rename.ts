import { EXIT, netformError } from '../../model/error.ts';
import type { JournalBegin, OpenJournal } from '../../model/journal.ts';
import type { RecoveryNotice } from '../../model/results/recovery-notice.ts';
import type { State } from '../../model/state.ts';
import { removeJournal } from '../../store/journal.ts';
import { removeState, writeState } from '../../store/state.ts';
import { executeMarks, relabelState } from '../lab/rename-marks.ts';
import type { Session } from '../session.ts';
import { recoveryNotice, rollbackOutcome } from './open-runs.ts';

/** What a journal says of a rename: the former record, and what carried its mark, under the former and the new name. */
export type RenameRun = { readonly previous: State; readonly old: State; readonly renamed: State };

/** The rename of a journal; null: it is the journal of another run. */
export function renameOf({ renameTo, previous, subjects }: JournalBegin): RenameRun | null {
  if (renameTo === undefined || previous === null) return null;
  const specs = new Map(subjects.map(({ id, before }) => [id, before]));
  const resources = previous.resources.flatMap((entry) => {
    const spec = specs.get(entry.id);
    return spec ? [{ ...entry, spec }] : [];
  });
  const old = { ...previous, resources };
  return { previous, old, renamed: relabelState(old, renameTo) };
}

/** Brings an interrupted rename to its end: to the new name when all marks were changed, else back to the former one. */
export function recoverRename(session: Session, journal: OpenJournal, run: RenameRun): RecoveryNotice {
  const { commit } = journal;
  if (commit?.next) {
    finishRename(session, run, commit.next);
    return recoveryNotice(journal, 'finished');
  }
  undoRename(session, run);
  removeJournal(session.store, run.previous.lab);
  return recoveryNotice(journal, rollbackOutcome(journal));
}

/** Deletes what carries the former name, and writes the record under the new one. Throws E_UNFINISHED (exit 5). */
export function finishRename({ machine, store }: Session, { previous, old }: RenameRun, next: State): void {
  const failure = executeMarks(machine, old, ['drop']);
  if (failure !== null) throw unfinishedError(previous.lab, failure);
  writeState(store, next);
  removeState(store, previous.lab);
  removeJournal(store, previous.lab);
}

/** Gives everything its former mark. Throws E_ROLLBACK_INCOMPLETE (exit 5). */
export function undoRename({ machine }: Session, { previous, old, renamed }: RenameRun): void {
  const failures = [executeMarks(machine, old, ['set']), executeMarks(machine, renamed, ['drop'])];
  const [first] = failures.filter((failure) => failure !== null);
  if (first === undefined) return;
  const message = `the lab ${previous.lab} could not be given its former name everywhere: ${first}`;
  throw netformError('E_ROLLBACK_INCOMPLETE', EXIT.rollbackIncomplete, message, {
    hint: `netform recover ${previous.lab} tries again; so does the next apply or destroy`,
  });
}

const unfinishedError = (lab: string, failure: string) =>
  netformError(
    'E_UNFINISHED',
    EXIT.rollbackIncomplete,
    `the new name is in place, but the former one is not gone: ${failure}`,
    {
      hint: `netform recover ${lab} tries again; so does the next apply or destroy`,
    },
  );
