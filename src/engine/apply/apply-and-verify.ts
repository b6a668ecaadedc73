import { setTimeout } from 'node:timers/promises';
import type { Spec } from '../../model/json.ts';
import type { StateEntry } from '../../model/kind.ts';
import type { Machine } from '../../model/machine.ts';
import { type Operation, operationsOf, type Stage } from '../../model/operation.ts';
import type { Goal } from '../goal.ts';
import { type GoalPlan, planFromLive, planGoal } from '../plan/plan.ts';
import { affectedGoal } from './affected.ts';
import { goalBefore, lastBatch, type OperationStep } from './batches.ts';
import type { AttemptResult, StepFailure } from './events.ts';
import { type ExecuteResult, type ExecutionContext, executeLast, executeStages } from './execute.ts';

/** How often what is not as wanted after a run is waited for and done again, and how long the first wait is. */
const MAX_REPAIRS = 3;
const FIRST_REPAIR_WAIT_MS = 40;

/**
 * Executes a plan and reads what it can have an effect on again, until nothing remains to be done: some things settle late
 * (carrier, the peer of a veth in a deleted namespace), some are lost as a side effect (routes of a link that went down for
 * a moment). What comes after all stages is done when the rest was read and is as wanted; then only the namespaces of that
 * are read again.
 */
export async function applyAndVerify(
  machine: Machine,
  planned: GoalPlan,
  run: ExecutionContext,
): Promise<AttemptResult> {
  const wait = run.options.wait ?? setTimeout;
  const at: RunProgress = { goal: run.goal, scope: run.goal, next: planned, last: [], failures: [], done: [] };
  const look = (): GoalPlan => planGoal(machine, goalBefore(at.scope, at.last));
  for (let round = 0; ; round++) {
    const ended = await executeRound(machine, at, run);
    if (ended !== null) return attemptResult(at, ended);
    if (isReached(at)) break;
    if (round === MAX_REPAIRS || at.next.diagnostics.length > 0) return attemptResult(at, 'failed');
    await wait(FIRST_REPAIR_WAIT_MS * 2 ** round);
    at.next = look();
    if (isReached(at)) break;
    if (at.next.diagnostics.length > 0) return attemptResult(at, 'failed');
  }
  await machine.afterRun({ before: run.goal.recorded.size > 0 ? planned.live : null, after: at.next.live });
  return { ...attemptResult(at, 'reached'), verified: at.next.found };
}

/** Where a run is. */
type RunProgress = {
  goal: Goal;
  /** The part of the goal that is read again. */
  scope: Goal;
  /** What is still to be done before `last`. */
  next: GoalPlan;
  /** What is to be done after all else. */
  last: readonly OperationStep[];
  readonly failures: StepFailure[];
  readonly done: Operation[];
};

/**
 * Executes what is next, reads, gives links their carriers when nothing else is left before that, and then does what may use
 * the network; null: the run goes on.
 */
async function executeRound(
  machine: Machine,
  at: RunProgress,
  run: ExecutionContext,
): Promise<'stopped' | 'failed' | null> {
  const goesOn = run.options.onFailure === 'continue';
  const { early, late } = stagesOf(at.next);
  const awaited = new Set(late.flatMap(({ operations }) => operations.map(({ id }) => id)));
  const isReady = (): boolean => goesOn || operationsOf(at.next.plan).every(({ id }) => awaited.has(id));
  if (early.length > 0) {
    const ended = endOf(await executeNext(machine, at, { run, stages: early }), goesOn);
    if (ended !== null) return ended;
  }
  if (at.last.length > 0 && isReady()) {
    const ended = endOf(await connect(machine, at, run), goesOn);
    if (ended !== null) return ended;
  }
  if (late.length === 0 || at.last.length > 0 || !isReady()) return null;
  return endOf(await executeNext(machine, at, { run, stages: late }), goesOn);
}

/** What comes before links get their carriers, and what comes after. */
const stagesOf = ({
  plan: { stages },
}: GoalPlan): { readonly early: readonly Stage[]; readonly late: readonly Stage[] } => ({
  early: stages.filter(({ afterLast }) => afterLast !== true),
  late: stages.filter(({ afterLast }) => afterLast === true),
});

type StagesToExecute = { readonly run: ExecutionContext; readonly stages: readonly Stage[] };

/** Executes stages of what is next, and reads again what they can have an effect on. */
async function executeNext(
  machine: Machine,
  at: RunProgress,
  { run, stages }: StagesToExecute,
): Promise<ExecuteResult> {
  const operations = operationsOf({ stages });
  const executed = await executeStages(machine, stages, { ...run, goal: at.goal });
  at.done.push(...operations);
  at.failures.push(...executed.failures);
  const isDone = ({ operation }: OperationStep): boolean => !executed.failed.has(operation.id);
  at.last = [...at.last, ...lastBatch(at.goal, stages).filter(isDone)];
  at.goal = withRestoring(withCreated(at.goal, operations, run.touched), operations, run.touched);
  at.scope = affectedGoal(at.goal, at.done);
  at.next = planGoal(machine, goalBefore(at.scope, at.last));
  return executed;
}

async function connect(machine: Machine, at: RunProgress, run: ExecutionContext): Promise<ExecuteResult> {
  run.options.freeMemory?.();
  const steps = at.last;
  const connected = await executeLast(machine, steps, { run: { ...run, goal: at.goal }, live: at.next.live });
  at.failures.push(...connected.failures);
  at.last = [];
  const batch = steps.map(({ instruction }) => instruction);
  at.next = planFromLive(machine.readAgain(at.next.live, batch), at.scope);
  return connected;
}

function endOf({ status }: ExecuteResult, goesOn: boolean): 'stopped' | 'failed' | null {
  if (status === 'stopped') return 'stopped';
  return status === 'failed' && !goesOn ? 'failed' : null;
}

const attemptResult = (
  { failures, last, next, scope }: RunProgress,
  status: AttemptResult['status'],
): AttemptResult => ({
  status,
  failures,
  remaining: operationsOf(last.length === 0 ? next.plan : planFromLive(next.live, scope).plan),
});

const isReached = ({ next, last }: RunProgress): boolean => isEmptyPlan(next) && last.length === 0;

/**
 * The goal as if the state already said what was just made: some things carry no mark, and only the state can say that
 * they are ours. Of what was changed in place it stays with the old state, so that what is left of that is seen.
 */
function withCreated(goal: Goal, operations: readonly Operation[], touched: ReadonlySet<string>): Goal {
  const made = operations.flatMap(({ action, kind, id, netns, after, dependsOn, within }): [string, StateEntry][] => {
    const isNew = action !== 'update' || !goal.recorded.has(id);
    return isNew && after && touched.has(id)
      ? [[id, { kind, id, netns, spec: after, dependsOn, within, before: null }]]
      : [];
  });
  return made.length === 0 ? goal : { ...goal, recorded: new Map([...goal.recorded, ...made]) };
}

/** The goal that still restores what the run has begun to restore, also where only a part of it was done. */
function withRestoring(goal: Goal, operations: readonly Operation[], touched: ReadonlySet<string>): Goal {
  const desired = new Set(goal.desired.map(({ id }) => id));
  const begun = operations.flatMap(({ action, id, after }): [string, Spec][] =>
    action === 'update' && after && touched.has(id) && !desired.has(id) ? [[id, after]] : [],
  );
  return begun.length === 0 ? goal : { ...goal, restoring: new Map([...(goal.restoring ?? []), ...begun]) };
}

const isEmptyPlan = (planned: GoalPlan): boolean => planned.plan.stages.length === 0;
