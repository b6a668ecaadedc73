import { type Goal, kindOf } from '../engine/goal.ts';
import type { Journal } from '../engine/run.ts';
import type { Settled } from '../engine/settle.ts';
import { undo } from '../engine/undo.ts';
import { bootId, bootSeconds } from '../kernel/boot.ts';
import { sweepBeside } from '../kernel/files.ts';
import { sweepFolders } from '../kernel/folders.ts';
import { kinds } from '../kinds/index.ts';
import { EXIT, netformError } from '../model/error.ts';
import type { Instruction } from '../model/instruction.ts';
import type { OpenJournal, Subject } from '../model/journal.ts';
import type { Context } from '../model/kind.ts';
import type { Query } from '../model/live.ts';
import type { Machine } from '../model/machine.ts';
import type { Operation } from '../model/operation.ts';
import { type Outcome, type Recovered, timeText } from '../report/recovered.ts';
import { beginStep } from '../report/step.ts';
import { hasJournal, listJournals, readJournal, removeJournal, resumeJournal } from '../store/journal.ts';
import { isLockHeld } from '../store/lock.ts';
import { noteRollback } from '../store/note.ts';
import { ROOTS } from '../store/roots.ts';
import { finishRun, putState } from './journal.ts';
import { detailsOf } from './outcome.ts';

/** What is to be done about runs that may still be confirmed: left as they are, or undone all the same. */
export type Unconfirmed = 'wait' | 'undo';

/**
 * Brings the run of a lab that has not come to its end to one: finishes it when it counted already, undoes it otherwise.
 * Null: there was none. To be called while no other run may change anything. Throws E_ROLLBACK_INCOMPLETE (exit 5), and
 * then the journal stays; E_JOURNAL when the journal cannot be believed.
 */
export async function recoverLab(machine: Machine, lab: string, unconfirmed: Unconfirmed): Promise<Recovered | null> {
  const journal = readJournal(ROOTS, lab);
  if (journal === null) {
    // One that was never begun: nothing was changed either.
    if (hasJournal(ROOTS, lab)) removeJournal(ROOTS, lab);
    return null;
  }
  const { begin, commit } = journal;
  if (commit !== null) {
    finishRun(lab, begin.previous, commit);
    return recovered(journal, 'finished');
  }
  const isPending = secondsLeft(journal) !== null;
  if (isPending && unconfirmed === 'wait') return recovered(journal, 'pending');
  const isWhole = await putBack(machine, journal, unconfirmed);
  if (!isWhole) return recovered(journal, 'in-pieces');
  return recovered(journal, isPending ? 'rolled-back' : wayOf(journal));
}

/** What would be done about each run that has not come to its end; none while one is under way. Changes nothing. */
export function unfinishedRuns(): readonly Recovered[] {
  if (isLockHeld(ROOTS)) return [];
  return listJournals(ROOTS).flatMap((lab) => {
    try {
      const journal = readJournal(ROOTS, lab);
      if (journal === null) return [];
      return [recovered(journal, prospectOf(journal))];
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'E_JOURNAL')) throw error;
      return [{ lab, command: '', at: '', outcome: 'damaged', secondsLeft: null }];
    }
  });
}

/** Seconds in which a run may still be confirmed; null: it cannot be, or not any more. */
export function secondsLeft({ begin: { confirm }, applied, commit }: OpenJournal): number | null {
  if (confirm === null || applied === null || commit !== null || confirm.bootId !== bootId()) return null;
  const left = confirm.deadline - bootSeconds();
  return left > 0 ? Math.ceil(left) : null;
}

function recovered(journal: OpenJournal, outcome: Outcome): Recovered {
  const { lab, command, at } = journal.begin;
  return { lab, command, at, outcome, secondsLeft: secondsLeft(journal) };
}

function wayOf({ begin, applied }: OpenJournal): Outcome {
  if (begin.bootId !== bootId()) return 'rebooted';
  return begin.confirm !== null && applied !== null ? 'unconfirmed' : 'undone';
}

function prospectOf(journal: OpenJournal): Outcome {
  if (secondsLeft(journal) !== null) return 'pending';
  return wayOf(journal) === 'unconfirmed' ? 'expired' : 'interrupted';
}

const SUBJECTS_A_NAMESPACE = 5;

/**
 * False when only things of the old lab are missing or changed: the state still describes them, so for the run that is to
 * come they are like anything that was changed by hand. Who wishes the rollback itself gets an error.
 */
async function putBack(machine: Machine, journal: OpenJournal, unconfirmed: Unconfirmed): Promise<boolean> {
  const { begin, applied } = journal;
  const { lab, previous } = begin;
  const end = beginStep(`undoing ${begin.command}`, begin.subjects.length / SUBJECTS_A_NAMESPACE);
  const settled = await settle(machine, journal).finally(end);
  const old = new Set(previous?.resources.map(({ id }) => id));
  const isDrift = settled.left.every(({ id, action }) => action !== 'delete' && old.has(id));
  if (!settled.reached && (unconfirmed === 'undo' || !isDrift)) throw incomplete(journal, settled);
  if (applied !== null) {
    noteRollback(ROOTS, lab, `\`${begin.command}\` of ${timeText(begin.at)} was rolled back`);
    putState(lab, previous);
  }
  removeJournal(ROOTS, lab);
  return settled.reached;
}

async function settle(machine: Machine, { begin, intended }: OpenJournal): Promise<Settled> {
  const writer = resumeJournal(ROOTS, begin.lab);
  const goal = goalOf(begin);
  const subjects = begin.bootId === bootId() ? begin.subjects : begin.subjects.filter((one) => isOnDisk(goal, one));
  const ids = new Set(subjects.map(({ id }) => id));
  const kept: Goal = {
    ...goal,
    desired: goal.desired.filter(({ id }) => ids.has(id)),
    recorded: new Map([...goal.recorded].filter(([id]) => ids.has(id))),
  };
  const before = new Map(subjects.map(({ id, before }) => [id, { spec: before }]));
  const touched = new Set([...intended].filter((id) => ids.has(id)));
  const journal: Pick<Journal, 'intent'> = {
    intent: ({ operations }) => {
      const fresh = operations.map(({ id }) => id).filter((id) => !intended.has(id));
      if (fresh.length > 0) writer.append({ type: 'intent', stage: 0, ids: fresh });
    },
  };
  try {
    const settled = await undo(machine, { goal: kept, before, touched, options: { journal } });
    const touchedOnes = subjects.filter(({ id }) => touched.has(id));
    sweep(kept, touchedOnes);
    return settled;
  } finally {
    writer.close();
  }
}

function goalOf({ lab, uid, subjects, previous }: OpenJournal['begin']): Goal {
  const recorded = new Map((previous?.resources ?? []).map((resource) => [resource.id, resource]));
  const desired = subjects.flatMap(({ intended, before: _before, ...rest }) =>
    intended === null ? [] : [{ ...rest, spec: intended, origin: null, note: null }],
  );
  return { kinds, lab, uid, desired, recorded, foreign: 'leave', heldByOthers: new Set(), extraQuery: {} };
}

/** What is nothing but files is still there after a reboot. */
const isOnDisk = (goal: Goal, subject: Subject): boolean =>
  Object.keys(wantsOf(goal, subject)).every((what) => what === 'files');

/** What was killed while it wrote a file may have left a part of it, and the folders that were made for it. */
function sweep(goal: Goal, subjects: readonly Subject[]): void {
  const files = subjects.flatMap((subject) => (wantsOf(goal, subject).files ? removalOf(goal, subject) : []));
  for (const instruction of files) {
    if ('path' in instruction) sweepBeside(instruction.path);
  }
  if (files.length > 0) sweepFolders();
}

/** What would be done to remove it. */
function removalOf(goal: Goal, { intended, before, ...rest }: Subject): readonly Instruction[] {
  const operation: Operation = {
    ...{ ...rest, action: 'delete', before: intended ?? before, after: null, changes: [], cause: 'file' },
    ...{ takenBy: null, origin: null, note: null },
  };
  return kindOf(goal, rest).steps(operation, 'delete', contextFor(goal)).flat();
}

const contextFor = ({ lab, uid }: Goal): Context => ({ lab, uid, recorded: null, interrupted: true });

function wantsOf(goal: Goal, subject: Subject): Partial<Query> {
  const { kind, id, netns, dependsOn, within, intended, before } = subject;
  const spec = intended ?? before;
  if (spec === null) return {};
  const resource = { kind, id, netns, dependsOn, within, spec, origin: null, note: null };
  return kindOf(goal, subject).wants(resource, contextFor(goal));
}

function incomplete({ begin: { lab, command } }: OpenJournal, settled: Settled): Error {
  const message = `\`${command}\` was ended half-way, and not everything of it could be undone`;
  return netformError('E_ROLLBACK_INCOMPLETE', EXIT.rollbackIncomplete, message, {
    details: detailsOf(settled),
    hint: `look at what is left; netform rollback ${lab}, or the next apply or destroy, tries again`,
  });
}
