import type { Instruction } from '../../model/instruction.ts';
import type { Spec } from '../../model/json.ts';
import type { Operation, Stage } from '../../model/operation.ts';
import { type Goal, kindContext, kindOf } from '../goal.ts';

/** An instruction, and the operation that it is a part of. */
export type OperationStep = { readonly operation: Operation; readonly instruction: Instruction };

/**
 * What a stage asks of the machine: the first rounds of all its operations together, then the second ones, and so on.
 * Nothing for a delete that the kernel does with the container's.
 */
export function stageBatches(goal: Goal, stage: Stage): readonly (readonly OperationStep[])[] {
  const merged: OperationStep[][] = [];
  for (const operation of stage.operations) {
    if (stage.phase === 'delete' && operation.takenBy !== null) continue;
    const rounds = kindOf(goal, operation).instructions(operation, stage.phase, kindContext(goal, operation.id));
    for (const [index, round] of rounds.entries()) {
      const steps = merged[index] ?? [];
      merged[index] = steps;
      for (const instruction of round) steps.push({ operation, instruction });
    }
  }
  return merged;
}

/** What stages ask of the machine when they are all done. */
export const lastBatch = (goal: Goal, stages: readonly Stage[]): readonly OperationStep[] =>
  stages
    .filter(({ phase }) => phase === 'make')
    .flatMap(({ operations }) => operations)
    .flatMap((operation) => {
      const last = kindOf(goal, operation).lastInstructions?.(operation, kindContext(goal, operation.id)) ?? [];
      return last.map((instruction) => ({ operation, instruction }));
    });

/** A goal that is reached before these steps. */
export function goalBefore(goal: Goal, steps: readonly OperationStep[]): Goal {
  if (steps.length === 0) return goal;
  const ids = new Set(steps.map(({ operation }) => operation.id));
  const before = <
    R extends {
      readonly kind: string;
      readonly id: string;
      readonly spec: Spec;
      readonly dependsOn: readonly string[];
    },
  >(
    one: R,
  ): R => (ids.has(one.id) ? { ...one, spec: kindOf(goal, one).beforeLast?.(one.spec, one) ?? one.spec } : one);
  return {
    ...goal,
    desired: goal.desired.map(before),
    recorded: new Map([...goal.recorded].map(([id, entry]) => [id, before(entry)])),
  };
}
