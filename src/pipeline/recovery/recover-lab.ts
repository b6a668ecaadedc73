import type { AttemptResult, ExecutionJournal } from '../../engine/apply/events.ts';
import { rollBack } from '../../engine/apply/rollback.ts';
import { type Goal, kindOf } from '../../engine/goal.ts';
import { bootId } from '../../kernel/boot.ts';
import { recoverFolders } from '../../kernel/files/created-folders.ts';
import { removeTemporaryFiles } from '../../kernel/files/system-files.ts';
import { EXIT, netformError } from '../../model/error.ts';
import type { Instruction } from '../../model/instruction.ts';
import type { JournalSubject, OpenJournal } from '../../model/journal.ts';
import type { Query } from '../../model/kernel/need.ts';
import type { KindContext } from '../../model/kind.ts';
import type { Operation } from '../../model/operation.ts';
import { type RecoveryNotice, utcTimeText } from '../../model/results/recovery-notice.ts';
import { isOfAttachment } from '../../registry/attachments.ts';
import { kinds } from '../../registry/kinds.ts';
import { hasJournal, readJournal, removeJournal, resumeJournal } from '../../store/journal.ts';
import { writeRollbackNote } from '../../store/rollback-note.ts';
import { writeOrRemoveState } from '../../store/state.ts';
import { bytesLookup } from '../planning/goals.ts';
import { finishRun } from '../run/finish-run.ts';
import { rollbackDetails } from '../run/run-errors.ts';
import type { Session } from '../session.ts';
import { confirmSecondsLeft, recoveryNotice, rollbackOutcome } from './open-runs.ts';
import { recoverRename, renameOf } from './recover-rename.ts';

/** What is to be done about runs that may still be confirmed: left as they are, or undone all the same. */
export type UnconfirmedPolicy = 'wait' | 'undo';

/**
 * Brings the run of a lab that has not come to its end to one: finishes it when it counted already, undoes it otherwise.
 * Null: there was none. To be called while no other run may change anything. Throws E_ROLLBACK_INCOMPLETE (exit 5), and
 * then the journal stays; E_JOURNAL when the journal cannot be believed.
 */
export async function recoverLab(
  session: Session,
  lab: string,
  unconfirmed: UnconfirmedPolicy,
): Promise<RecoveryNotice | null> {
  const { store } = session;
  const journal = readJournal(store, lab);
  if (journal === null) {
    // One that was never begun: nothing was changed either.
    if (hasJournal(store, lab)) removeJournal(store, lab);
    return null;
  }
  const { begin, commit } = journal;
  const rename = renameOf(begin);
  if (rename !== null) return recoverRename(session, journal, rename);
  if (commit !== null) {
    finishRun(store, lab, begin.previous, commit);
    return recoveryNotice(journal, 'finished');
  }
  const isPending = confirmSecondsLeft(journal) !== null;
  if (isPending && unconfirmed === 'wait') return recoveryNotice(journal, 'pending');
  const isWhole = await rollBackJournal(session, journal, unconfirmed);
  if (!isWhole) return recoveryNotice(journal, 'in-pieces');
  return recoveryNotice(journal, isPending ? 'rolled-back' : rollbackOutcome(journal));
}

const SUBJECTS_PER_NAMESPACE = 5;

/**
 * False when only things of the old lab are missing or changed: the state still describes them, so for the run that is to
 * come they are like anything that was changed by hand. Who wishes the rollback itself gets an error.
 */
async function rollBackJournal(
  session: Session,
  journal: OpenJournal,
  unconfirmed: UnconfirmedPolicy,
): Promise<boolean> {
  const { begin, applied } = journal;
  const { lab, previous } = begin;
  const { store, progress } = session;
  const end = progress.begin(`rolling back ${begin.command}`, begin.subjects.length / SUBJECTS_PER_NAMESPACE);
  const settled = await rollBackSubjects(session, journal).finally(end);
  const old = new Set(previous?.resources.map(({ id }) => id));
  const isDrift = settled.remaining.every(({ id, action }) => action !== 'delete' && old.has(id));
  if (settled.status !== 'reached' && (unconfirmed === 'undo' || !isDrift))
    throw incompleteRollbackError(journal, settled);
  if (applied !== null) {
    const why = confirmSecondsLeft(journal) === null ? ', because it was not confirmed in time' : '';
    writeRollbackNote(store, lab, `\`${begin.command}\` of ${utcTimeText(begin.at)} was rolled back${why}`);
    writeOrRemoveState(store, lab, previous);
  }
  removeJournal(store, lab);
  return settled.status === 'reached';
}

async function rollBackSubjects({ machine, store }: Session, { begin, intended }: OpenJournal): Promise<AttemptResult> {
  const writer = resumeJournal(store, begin.lab);
  const goal = journalGoal(begin);
  const subjects = begin.bootId === bootId() ? begin.subjects : begin.subjects.filter((one) => outlivesBoot(goal, one));
  const ids = new Set(subjects.map(({ id }) => id));
  const kept: Goal = {
    ...goal,
    bytesOf: bytesLookup(store, begin.lab),
    desired: goal.desired.filter(({ id }) => ids.has(id)),
    recorded: new Map([...goal.recorded].filter(([id]) => ids.has(id))),
  };
  const before = new Map(subjects.map(({ id, before }) => [id, { spec: before }]));
  const touched = new Set([...intended].filter((id) => ids.has(id)));
  const journal: Pick<ExecutionJournal, 'intent'> = {
    intent: ({ operations }) => {
      const fresh = operations.map(({ id }) => id).filter((id) => !intended.has(id));
      if (fresh.length > 0) writer.append({ type: 'intent', stage: 0, ids: fresh });
    },
  };
  try {
    const settled = await rollBack(machine, { goal: kept, before, touched, options: { journal } });
    const touchedOnes = subjects.filter(({ id }) => touched.has(id));
    sweepPartialFiles(kept, touchedOnes);
    return settled;
  } finally {
    writer.close();
  }
}

function journalGoal({ lab, uid, subjects, previous }: OpenJournal['begin']): Goal {
  const recorded = new Map((previous?.resources ?? []).map((resource) => [resource.id, resource]));
  const desired = subjects.flatMap(({ intended, before: _before, ...rest }) =>
    intended === null ? [] : [{ ...rest, spec: intended, origin: null, note: null }],
  );
  return { kinds, lab, uid, desired, recorded, foreign: 'leave', heldByOthers: new Set(), extraQuery: [] };
}

/** What is nothing but files is still there after a reboot, and what plugins keep of an attachment that was to be made. */
function outlivesBoot(goal: Goal, subject: JournalSubject): boolean {
  const query = subjectQuery(goal, subject);
  return query.every(({ need }) => need === 'file') || (subject.before === null && query.some(isOfAttachment));
}

/** What was killed while it wrote a file may have left a part of it, and the folders that were made for it. */
function sweepPartialFiles(goal: Goal, subjects: readonly JournalSubject[]): void {
  const files = subjects.flatMap((subject) =>
    subjectQuery(goal, subject).some(({ need }) => need === 'file' || need === 'stored-file')
      ? removalInstructions(goal, subject)
      : [],
  );
  for (const instruction of files) {
    if ('path' in instruction) removeTemporaryFiles(instruction.path);
  }
  recoverFolders();
}

/** What would be done to remove it. */
function removalInstructions(goal: Goal, { intended, before, ...rest }: JournalSubject): readonly Instruction[] {
  const operation: Operation = {
    ...rest,
    action: 'delete',
    before: intended ?? before,
    after: null,
    changes: [],
    cause: 'file',
    takenBy: null,
    origin: null,
    note: null,
  };
  return kindOf(goal, rest).instructions(operation, 'delete', recoveryContext(goal)).flat();
}

const recoveryContext = ({ lab, uid }: Goal): KindContext => ({ lab, uid, recorded: null, interrupted: true });

function subjectQuery(goal: Goal, subject: JournalSubject): Query {
  const { kind, id, netns, dependsOn, within, intended, before } = subject;
  const spec = intended ?? before;
  if (spec === null) return [];
  const resource = { kind, id, netns, dependsOn, within, spec, origin: null, note: null };
  return kindOf(goal, subject).query(resource, recoveryContext(goal));
}

function incompleteRollbackError({ begin: { lab, command } }: OpenJournal, settled: AttemptResult): Error {
  const message = `\`${command}\` was interrupted, and not everything could be rolled back`;
  return netformError('E_ROLLBACK_INCOMPLETE', EXIT.rollbackIncomplete, message, {
    details: rollbackDetails(settled),
    hint: `look at what remains; netform rollback ${lab}, or the next apply or destroy, tries again`,
  });
}
