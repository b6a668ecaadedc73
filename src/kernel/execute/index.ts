import type { Instruction } from '../../model/instruction.ts';
import type { Failure } from '../../model/machine.ts';
import { groupBy } from '../../model/values/group-by.ts';
import { errorCode, errorSentence } from '../errno.ts';
import type { AttemptFunction } from '../kernel-context.ts';
import { errnoMessage } from './errno-message.ts';
import { executorOf, type InstructionExecutors, type KernelExecutionContext } from './instruction-executor.ts';
import { isNetlinkInstruction, sendNetlinkBatches } from './netlink-batch.ts';

/**
 * Carries out a whole batch, and gives the failures in its order: first what families do before netlink, then the netlink
 * messages of all families by namespace, then what families do after that. An error that is not the machine's is thrown.
 */
export function executeInstructions(
  context: KernelExecutionContext,
  batch: readonly Instruction[],
): readonly Failure[] {
  const { executors } = context;
  const failures = new Map<Instruction, Failure>();
  const attempt: AttemptFunction = (instructions, action) => {
    try {
      action();
    } catch (error) {
      for (const instruction of instructions) failures.set(instruction, toFailure(executors, instruction, error));
    }
  };
  const byFamily = groupBy(batch, (instruction) => executorOf(executors, instruction));
  const run = (phase: 'before' | 'after'): void => {
    for (const executor of executors.values()) {
      const instructions = byFamily.get(executor);
      if (instructions) executor[phase]?.(instructions, context, attempt);
    }
  };
  run('before');
  sendNetlinkBatches(
    batch.filter((instruction) => isNetlinkInstruction(executors, instruction)),
    context,
    attempt,
  );
  run('after');
  return batch.flatMap((instruction) => failures.get(instruction) ?? []);
}

function toFailure(executors: InstructionExecutors, instruction: Instruction, error: unknown): Failure {
  const code = errorCode(error);
  if (code === null) throw error;
  const ours = executorOf(executors, instruction).errors(instruction)[code];
  return { instruction, code, message: errorSentence(error) ?? ours ?? errnoMessage(code) };
}
