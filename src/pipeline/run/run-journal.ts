import { randomBytes } from 'node:crypto';
import { affectedGoal } from '../../engine/apply/affected.ts';
import type { ExecutionJournal } from '../../engine/apply/events.ts';
import type { RollbackBaseline } from '../../engine/apply/rollback-goal.ts';
import { type Goal, subjectsOf } from '../../engine/goal.ts';
import { bootId, bootSeconds } from '../../kernel/boot.ts';
import { EXIT, netformError } from '../../model/error.ts';
import type { ConfirmDeadline, JournalBegin, JournalSubject } from '../../model/journal.ts';
import type { StateEntry } from '../../model/kind.ts';
import { operationsOf, type Plan } from '../../model/operation.ts';
import type { Observation } from '../../model/resource.ts';
import type { State } from '../../model/state.ts';
import { sha256 } from '../../model/values/hash.ts';
import { extractShared } from '../../model/values/shared-values.ts';
import { writeBlobs } from '../../store/blobs.ts';
import { beginJournal, type JournalWriter, removeJournal, stateWriteError } from '../../store/journal.ts';
import { prepareStateWrite, writeOrRemoveState } from '../../store/state.ts';
import type { Store } from '../../store/store.ts';
import { finishRun } from './finish-run.ts';

/** What a journal records about its run. */
export type RunJournalOptions = {
  readonly goal: Goal;
  /** As the user typed it. */
  readonly command: string;
  readonly previous: State | null;
  /** The state after the run has reached its goal; null: the lab no longer exists. */
  readonly next: (recorded: readonly StateEntry[]) => State | null;
  readonly confirm: ConfirmDeadline | null;
  /** Sixteen hex digits. */
  readonly runId: string;
};

/** The journal of one run, for the engine and for the end of the run. */
export type RunJournal = {
  /** For the engine. */
  readonly journal: ExecutionJournal;
  /** Whether something may have been changed: an intent is durable. */
  readonly isTouched: () => boolean;
  /** The run has reached its goal: the state is written; the journal goes, unless the run has to be confirmed. */
  readonly finish: () => void;
  /** Closes a run that did not reach its goal. `open`: the rollback is incomplete, so the journal stays. */
  readonly abandon: (how: 'closed' | 'open') => void;
};

/** A new id of a run: 16 random hex digits. */
export const newRunId = (): string => randomBytes(8).toString('hex');

/** Records a run while the engine executes it; a run that changes nothing has no journal. */
export function openRunJournal(store: Store, record: RunJournalOptions): RunJournal {
  const { goal, previous, confirm } = record;
  const known = new Set<string>();
  let unwritten: ReadonlyMap<string, JournalSubject> = new Map();
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
        const begin = beginRecord(record, plan, before);
        const written = new Set(begin.subjects.map(({ id }) => id));
        const others = journalSubjects(goal, before).filter(({ id }) => !written.has(id));
        unwritten = new Map(others.map((subject) => [subject.id, subject]));
        writeBlobs(store, goal.lab, blobsOf(goal, before));
        writer = beginJournal(store, begin);
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
        if (confirm !== null && bootSeconds() >= confirm.deadline) throw confirmTimeoutError(confirm);
        // Afterwards nothing needs room on the disk any more.
        const put = prepareNextState(store, goal.lab, next);
        writer?.append({ type: confirm === null ? 'commit' : 'applied', next });
        reached = { next, put };
      },
    },
    isTouched: () => known.size > 0,
    finish: () => {
      const isConfirmed = confirm === null || writer === null;
      close();
      if (reached === null) return;
      if (isConfirmed) finishRun(store, goal.lab, previous, reached);
      else reached.put();
    },
    abandon: (how) => {
      close();
      if (how === 'closed') removeJournal(store, goal.lab);
    },
  };
}

/** Reserves the disk space for the next state; the returned function writes it. */
function prepareNextState(store: Store, lab: string, next: State | null): () => void {
  if (next === null) return () => writeOrRemoveState(store, lab, null);
  try {
    return prepareStateWrite(store, next);
  } catch (error) {
    throw stateWriteError(`the state of the lab ${lab}`, error);
  }
}

function beginRecord(
  { goal, command, previous, confirm, runId: run }: RunJournalOptions,
  plan: Plan,
  before: RollbackBaseline,
): JournalBegin {
  const { lab, uid } = goal;
  return {
    type: 'begin',
    version: 2,
    run,
    command,
    lab,
    uid,
    bootId: bootId(),
    at: new Date().toISOString(),
    planHash: planHash(plan),
    previous,
    subjects: journalSubjects(affectedGoal(goal, operationsOf(plan)), before),
    confirm,
  };
}

function journalSubjects(goal: Goal, before: RollbackBaseline): readonly JournalSubject[] {
  const desired = new Set(goal.desired.map(({ id }) => id));
  return subjectsOf(goal).map(({ kind, id, netns, spec, dependsOn, within }) => ({
    kind,
    id,
    netns,
    dependsOn,
    within,
    intended: desired.has(id) ? spec : null,
    before: before.get(id)?.spec ?? null,
  }));
}

/** The bytes that the records of a run know by their digests: those that are wanted, and those that were found. */
const blobsOf = (
  { desired }: Goal,
  before: ReadonlyMap<string, Pick<Observation, 'spec' | 'blobs'>>,
): readonly string[] => [
  ...desired.flatMap(({ blobs = [] }) => blobs),
  ...[...before.values()].flatMap(({ blobs = [] }) => blobs),
];

function planHash(plan: Plan): string {
  const operations = operationsOf(plan).map(({ id, action, before, after }) => ({ id, action, before, after }));
  return sha256(JSON.stringify(extractShared(operations)));
}

const confirmTimeoutError = ({ seconds }: ConfirmDeadline) =>
  netformError(
    'E_UNCONFIRMED',
    EXIT.rolledBack,
    `the run took longer than the ${seconds} s that there were to confirm it`,
  );
