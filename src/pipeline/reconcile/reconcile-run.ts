import type { ProgressDisplay } from '../../model/results/progress.ts';
import type {
  LabReconcileRecord,
  Moment,
  ReconcileOrders,
  ReconcileState,
} from '../../model/results/reconcile-state.ts';
import { NEW_RECORD } from '../../reconcile/lab-records.ts';
import type { ReconcileSettings } from '../../reconcile/settings.ts';
import { listJournals } from '../../store/journal.ts';
import { writeReconcileState } from '../../store/reconcile-store.ts';
import type { Session } from '../session.ts';
import type { ReconcileSource } from './sources/source.ts';

/**
 * `whole`: the source and the machine, once. A resident reconcile makes one run after the other: of both (`resident`), or only
 * of what was applied (`woken`), because the kernel spoke of it.
 */
export type RunManner = 'whole' | 'resident' | 'woken';

/** What a run works with: everything that it reads but the machine itself. */
export type ReconcileWorld = {
  readonly session: Session;
  readonly settings: ReconcileSettings;
  readonly source: ReconcileSource;
  readonly now: () => Moment;
  readonly orders: ReconcileOrders;
  /** The values of `vars`, with the facts of this machine. */
  readonly variables: ReadonlyMap<string, string>;
  /** Whether pauses after failures are over: a person has asked for it. */
  readonly isForced: boolean;
  readonly manner: RunManner;
  readonly lockTimeoutMs: number;
};

/** A run at work: its world, and the state as far as it has come. */
export type ReconcileRun = ReconcileWorld & {
  readonly state: () => ReconcileState;
  /** Changes what is remembered; it is on the disk after the next `save`. */
  readonly note: (change: Partial<ReconcileState>) => void;
  readonly record: (lab: string) => LabReconcileRecord;
  /** Null: the lab is forgotten. */
  readonly noteRecord: (lab: string, record: LabReconcileRecord | null) => void;
  /** Durable when it returns. */
  readonly save: () => void;
};

/** Begins a run with what is remembered. */
export function beginRun(world: ReconcileWorld, remembered: ReconcileState): ReconcileRun {
  let state = remembered;
  const note = (change: Partial<ReconcileState>): void => {
    state = { ...state, ...change };
  };
  return {
    ...world,
    state: () => state,
    note,
    record: (lab) => state.labs[lab] ?? NEW_RECORD,
    noteRecord: (lab, record) => {
      const { [lab]: _former, ...others } = state.labs;
      note({ labs: record === null ? others : { ...others, [lab]: record } });
    },
    save: () => writeReconcileState(world.session.store, world.settings.name, state),
  };
}

/** Ends all runs until a person has looked: what could not be rolled back is brought to an end first. */
export function stopRun(run: ReconcileRun, lab: string, problem: string): void {
  const isOpen = listJournals(run.session.store).length > 0;
  run.note({ stopped: { lab, problem, since: run.now(), isOpen } });
}

/** What records of netform call this run: the rollback of one that was killed is found by it. */
export const runCommand = ({ name }: Pick<ReconcileSettings, 'name'>): string => `reconcile ${name}`;

/** Shows nothing of a run. */
export const NO_DISPLAY: ProgressDisplay = { event: () => {}, rollback: () => {}, close: async () => {} };
