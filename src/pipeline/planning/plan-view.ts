import { contextOf, type Goal, kindOf } from '../../engine/goal.ts';
import type { Instruction } from '../../model/instruction.ts';
import type { UnmanagedObject } from '../../model/kind.ts';
import { type Operation, operationsOf, type Plan, type PlanLine, type Stage } from '../../model/operation.ts';
import type { PlanView } from '../../model/results/plan-view.ts';

/** A plan with the lines that its kinds give it. */
export const toPlanView = (goal: Goal, plan: Plan, about: PlanViewContext): PlanView => ({
  file: about.file,
  extras: (about.extras ?? []).map(({ remove: _remove, ...line }) => line),
  fate: about.fate ?? 'kept',
  empties: goal.desired.length === 0 && goal.recorded.size > 0,
  order: { namespaces: about.namespaces, kinds: [...goal.kinds.keys()] },
  plan,
  described: operationsOf(plan).map((operation) => ({
    operation,
    lines: describeLines(goal, operation),
  })),
});

/** What is taken over is always told, even when only its mark changes. */
function describeLines(goal: Goal, operation: Operation): readonly PlanLine[] {
  const lines = kindOf(goal, operation).describe(operation);
  if (lines.length > 0 || operation.takenFrom === undefined) return lines;
  return [{ sign: '~', netns: operation.netns, noun: operation.kind, name: '', text: '' }];
}

type PlanViewContext = {
  readonly file: string;
  readonly namespaces: readonly string[];
  readonly extras?: readonly UnmanagedObject[];
  readonly fate?: PlanView['fate'];
};

/** What the executor would be told, in its order: the first rounds of a stage's operations together, then the second. */
export const instructionBatches = (goal: Goal, plan: Plan): readonly (readonly Instruction[])[] =>
  plan.stages.flatMap((stage) => stageInstructionBatches(goal, stage));

function stageInstructionBatches(goal: Goal, stage: Stage): readonly (readonly Instruction[])[] {
  const rounds: Instruction[][] = [];
  for (const operation of stage.operations) {
    if (stage.phase === 'delete' && operation.takenBy !== null) continue;
    const steps = kindOf(goal, operation).instructions(operation, stage.phase, contextOf(goal, operation.id));
    for (const [i, step] of steps.entries()) {
      const round = rounds[i];
      if (round === undefined) rounds[i] = [...step];
      else round.push(...step);
    }
  }
  return rounds;
}
