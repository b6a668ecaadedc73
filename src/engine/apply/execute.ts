import { setImmediate } from 'node:timers/promises';
import type { LiveState } from '../../model/kernel/need.ts';
import type { Failure, Machine } from '../../model/machine.ts';
import type { Operation, Stage } from '../../model/operation.ts';
import { splitList } from '../../model/values/group-by.ts';
import type { Goal } from '../goal.ts';
import { type OperationStep, stageBatches } from './batches.ts';
import type { ConvergeOptions, StepFailure } from './events.ts';

/** Instructions in one call of the machine: it cannot be interrupted meanwhile. */
const MAX_BATCH_INSTRUCTIONS = 500;

/** How the execution of a plan ended; an object to delete that is already gone is a failure that does not end it. */
export type ExecuteResult = {
  readonly status: 'done' | 'failed' | 'stopped';
  readonly failures: readonly StepFailure[];
  /** The ids of operations that the machine refused, in whole or in part. */
  readonly failed: ReadonlySet<string>;
};

/** The goal of a run, its options, and what it has touched so far. */
export type ExecutionContext = {
  readonly goal: Goal;
  readonly options: ConvergeOptions;
  /** Filled: ids with at least one instruction that was executed, or may have been. */
  readonly touched: Set<string>;
};
type ExecuteProgress = { readonly failures: StepFailure[]; readonly failed: Set<string> };

/**
 * Does stages of a plan, one after the other. In a stage the first rounds of all operations go together, then the second
 * ones, so that thousands of links are a handful of calls. Ends after the first batch with a failure, or, with `onFailure: 'continue'`, leaves out only what is left of the operations that failed.
 */
export async function executeStages(
  machine: Machine,
  stages: readonly Stage[],
  run: ExecutionContext,
): Promise<ExecuteResult> {
  const progress: ExecuteProgress = { failures: [], failed: new Set() };
  for (const stage of stages) {
    run.options.journal?.intent(stage);
    for (const operation of stage.operations) {
      if (stage.phase === 'delete' || operation.action !== 'replace') emitEvent(run, operation, 'start');
    }
    const ended = await executeBatches(machine, stageBatches(run.goal, stage), { run, progress });
    if (ended !== null) return ended;
    run.options.journal?.done(stage);
    for (const operation of stage.operations) {
      const ended = stage.phase === 'make' || operation.action === 'delete';
      if (ended && !progress.failed.has(operation.id)) emitEvent(run, operation, 'done');
    }
  }
  return executeResult(progress);
}

/** Gives links their carriers, after all that needs none. `live`: the machine as it was just read. */
export async function executeLast(
  machine: Machine,
  steps: readonly OperationStep[],
  { run, live }: { readonly run: ExecutionContext; readonly live: LiveState },
): Promise<ExecuteResult> {
  const progress: ExecuteProgress = { failures: [], failed: new Set() };
  for (const some of chunkBatch(steps)) {
    if (run.options.shouldStop?.()) return { status: 'stopped', ...progress };
    const instructions = some.map(({ instruction }) => instruction);
    const refused = await machine.connect(instructions, live);
    recordFailures(some, refused, { run, progress, before: run.touched });
    if (progress.failed.size > 0 && run.options.onFailure !== 'continue') break;
  }
  return executeResult(progress);
}

type ExecuteState = { readonly run: ExecutionContext; readonly progress: ExecuteProgress };

/** Executes batches, in pieces that the machine does in one call; null: all were executed. */
async function executeBatches(
  machine: Machine,
  batches: readonly (readonly OperationStep[])[],
  { run, progress }: ExecuteState,
): Promise<ExecuteResult | null> {
  for (const batch of batches.flatMap(chunkBatch)) {
    if (run.options.shouldStop?.()) return { status: 'stopped', ...progress };
    const steps = batch.filter(({ operation }) => !progress.failed.has(operation.id));
    executeBatch(machine, steps, { run, progress });
    if (progress.failed.size > 0 && run.options.onFailure !== 'continue') return executeResult(progress);
    await setImmediate();
  }
  return null;
}

const executeResult = ({ failures, failed }: ExecuteProgress): ExecuteResult => ({
  status: failed.size > 0 ? 'failed' : 'done',
  failures,
  failed,
});

const emitEvent = (run: ExecutionContext, operation: Operation, phase: 'start' | 'done' | 'failed'): void =>
  run.options.events?.({ operation, phase });

const chunkBatch = (steps: readonly OperationStep[]): readonly (readonly OperationStep[])[] =>
  splitList(steps, MAX_BATCH_INSTRUCTIONS);

/**
 * An object that already exists belongs to another program. After any other failure the object may have been created all
 * the same: a file whose folder could not be made durable, an answer that came too late.
 */
const ALREADY_EXISTS = 'EEXIST';

/**
 * Of an instruction that deletes: it is not there any more, which is what was wanted. ENXIO: nor is what it was in, such as
 * the IPv6 of a link (`inet6_addr_del` in net/ipv6/addrconf.c).
 */
const NOT_FOUND_CODES = new Set(['ENODEV', 'ENOENT', 'ESRCH', 'EADDRNOTAVAIL', 'ENXIO']);

const isAlreadyGone = ({ instruction, code }: Failure): boolean =>
  /\.(?:delete|unblock)$/.test(instruction.do) && NOT_FOUND_CODES.has(code);

function executeBatch(machine: Machine, steps: readonly OperationStep[], { run, progress }: ExecuteState): void {
  const before = new Set(run.touched);
  for (const { operation } of steps) run.touched.add(operation.id);
  const refused = machine.execute(steps.map((step) => step.instruction));
  recordFailures(steps, refused, { run, progress, before });
}

/** `before`: what the run had touched before these steps. */
function recordFailures(
  steps: readonly OperationStep[],
  refused: readonly Failure[],
  { run, progress, before }: ExecuteState & { readonly before: ReadonlySet<string> },
): void {
  if (refused.length === 0) return;
  const owner = new Map(steps.map((step) => [step.instruction, step.operation]));
  const refusals = new Set(refused.map((failure) => failure.instruction));
  const done = new Set(steps.filter((step) => !refusals.has(step.instruction)).map((step) => step.operation.id));
  for (const failure of refused) {
    const { instruction, code, message } = failure;
    const operation = owner.get(instruction) ?? null;
    progress.failures.push({ operation, instruction, code, message });
    if (!operation || isAlreadyGone(failure)) continue;
    const isOthers = code === ALREADY_EXISTS && !done.has(operation.id) && !before.has(operation.id);
    if (isOthers) run.touched.delete(operation.id);
    if (!progress.failed.has(operation.id)) emitEvent(run, operation, 'failed');
    progress.failed.add(operation.id);
  }
}
