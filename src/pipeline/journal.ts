import { createHash, randomBytes } from 'node:crypto';
import { type Goal, subjectsOf } from '../engine/goal.ts';
import type { Before } from '../engine/rollback.ts';
import type { Journal } from '../engine/run.ts';
import { scopeOf } from '../engine/scope.ts';
import { bootId, bootSeconds } from '../kernel/boot.ts';
import { EXIT, netformError } from '../model/error.ts';
import type { Begin, Confirm, Subject } from '../model/journal.ts';
import type { Recorded } from '../model/kind.ts';
import { operationsOf, type Plan } from '../model/operation.ts';
import type { State } from '../model/state.ts';
import { beginJournal, type JournalWriter, removeJournal, unwritable } from '../store/journal.ts';
import { handOver } from '../store/labs.ts';
import { removeNote } from '../store/note.ts';
import { ROOTS } from '../store/roots.ts';
import { prepareState, removeState, writeState } from '../store/state.ts';

/** What a journal is told about its run. */
export type Record = {
  readonly goal: Goal;
  /** As the user typed it. */
  readonly command: string;
  readonly previous: State | null;
  /** What the state shall say when the run has reached its goal; null: the lab is gone. */
  readonly next: (recorded: readonly Recorded[]) => State | null;
  readonly confirm: Confirm | null;
  /** Sixteen hex digits. */
  readonly run: string;
};

export type Kept = {
  /** For the engine. */
  readonly journal: Journal;
  /** Whether something may have been changed: an intent is durable. */
  readonly isTouched: () => boolean;
  /** The run has reached its goal: the state is written; the journal goes, unless the run has to be confirmed. */
  readonly finish: () => void;
  /** The run has come to nothing. `open`: not everything could be undone, so the journal stays. */
  readonly abandon: (how: 'closed' | 'open') => void;
};

export const newRun = (): string => randomBytes(8).toString('hex');

/** Writes down a run while the engine does it. One that changes nothing has no journal. */
export function keepJournal(record: Record): Kept {
  const { goal, previous, confirm } = record;
  const known = new Set<string>();
  let unwritten: ReadonlyMap<string, Subject> = new Map();
  let writer: JournalWriter | null = null;
  let stages = 0;
  let reached: { readonly next: State | null; readonly put: () => void } | null = null;
  const close = () => {
    writer?.close();
    writer = null;
  };
  return {
    journal: {
      begin: (plan, before) => {
        if (plan.stages.length === 0) return;
        const begin = beginOf(record, plan, before);
        const written = new Set(begin.subjects.map(({ id }) => id));
        const others = subjectsIn(goal, before).filter(({ id }) => !written.has(id));
        unwritten = new Map(others.map((subject) => [subject.id, subject]));
        writer = beginJournal(ROOTS, begin);
      },
      intent: ({ operations }) => {
        stages += 1;
        const ids = operations.map(({ id }) => id).filter((id) => !known.has(id));
        if (ids.length === 0) return;
        const subjects = ids.flatMap((id) => unwritten.get(id) ?? []);
        writer?.append({ type: 'intent', stage: stages, ids, ...(subjects.length > 0 ? { subjects } : {}) });
        for (const id of ids) known.add(id);
      },
      done: () => writer?.append({ type: 'done', stage: stages }),
      commit: (recorded) => {
        const next = record.next(recorded);
        if (confirm !== null && bootSeconds() >= confirm.deadline) throw tooLate(confirm);
        // Afterwards nothing needs room on the disk any more.
        const put = preparing(goal.lab, next);
        writer?.append({ type: confirm === null ? 'commit' : 'applied', next });
        reached = { next, put };
      },
    },
    isTouched: () => known.size > 0,
    finish: () => {
      const isConfirmed = confirm === null || writer === null;
      close();
      if (reached === null) return;
      if (isConfirmed) finishRun(goal.lab, previous, reached);
      else reached.put();
    },
    abandon: (how) => {
      close();
      if (how === 'closed') removeJournal(ROOTS, goal.lab);
    },
  };
}

/** `put`: how the state is written; left out: as always. */
type Reached = { readonly next: State | null; readonly put?: () => void };

/** What a run that counts still has to do: what other labs hold too is theirs from now on, then the state, then the journal goes. */
export function finishRun(lab: string, previous: State | null, reached: Reached): void {
  try {
    settleRun(lab, previous, reached);
  } catch (error) {
    throw isOfSystem(error) ? unsettled(lab, error) : error;
  }
}

const isOfSystem = (error: unknown): error is Error => error instanceof Error && 'syscall' in error;

const unsettled = (lab: string, { message }: Error) =>
  netformError(
    'E_UNFINISHED',
    EXIT.rollbackIncomplete,
    `the run has reached its goal, but its record is not: ${message}`,
    {
      hint: `netform recover ${lab} writes it; so does the next apply or destroy`,
    },
  );

function settleRun(lab: string, previous: State | null, { next, put }: Reached): void {
  const kept = new Set(next?.resources.map(({ id }) => id));
  handOver(
    ROOTS,
    lab,
    (previous?.resources ?? []).filter(({ id }) => !kept.has(id)),
  );
  if (put) put();
  else putState(lab, next);
  removeNote(ROOTS, lab);
  removeJournal(ROOTS, lab);
}

/** Makes the state of a lab what is given; null: it has none. */
export function putState(lab: string, state: State | null): void {
  if (state === null) removeState(ROOTS, lab);
  else writeState(ROOTS, state);
}

/** What makes the state of a lab what is given, when all that may fail for want of room is done. */
function preparing(lab: string, next: State | null): () => void {
  if (next === null) return () => putState(lab, null);
  try {
    return prepareState(ROOTS, next);
  } catch (error) {
    throw unwritable(`the state of the lab ${lab}`, error);
  }
}

function beginOf({ goal, command, previous, confirm, run }: Record, plan: Plan, before: Before): Begin {
  const { lab, uid } = goal;
  return {
    ...{ type: 'begin', version: 1, run, command, lab, uid, bootId: bootId(), at: new Date().toISOString() },
    ...{ planHash: hashOf(plan), previous, subjects: subjectsIn(scopeOf(goal, operationsOf(plan)), before), confirm },
  };
}

function subjectsIn(goal: Goal, before: Before): readonly Subject[] {
  const desired = new Set(goal.desired.map(({ id }) => id));
  return subjectsOf(goal).map(({ kind, id, netns, spec, dependsOn, within }) => ({
    ...{ kind, id, netns, dependsOn, within },
    intended: desired.has(id) ? spec : null,
    before: before.get(id)?.spec ?? null,
  }));
}

function hashOf(plan: Plan): string {
  const operations = operationsOf(plan).map(({ id, action, before, after }) => ({ id, action, before, after }));
  return createHash('sha256').update(JSON.stringify(operations)).digest('hex');
}

const tooLate = ({ seconds }: Confirm) =>
  netformError(
    'E_UNCONFIRMED',
    EXIT.rolledBack,
    `the run took longer than the ${seconds} s that there were to confirm it`,
  );
