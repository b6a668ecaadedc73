import { lastBatch, type OperationStep, stageBatches } from '../../engine/apply/batches.ts';
import { type Goal, kindOf, subjectsOf } from '../../engine/goal.ts';
import type { GoalPlan } from '../../engine/plan/plan.ts';
import type { Instruction } from '../../model/instruction.ts';
import type { Kind, UnmanagedLine, UnmanagedObject } from '../../model/kind.ts';
import { isMarkChange, type Operation, operationsOf, type PlanLine, type Stage } from '../../model/operation.ts';
import type { OperationView, PlanView } from '../../model/results/plan-view.ts';
import { type PlanSource, planFacts } from './plan-facts.ts';

/** A plan with the lines that its kinds describe it with. */
export function toPlanView(planned: GoalPlan, context: PlanViewContext): PlanView {
  const { goal, plan } = planned;
  const places = new Map(subjectsOf(goal).map(({ id }, i) => [id, i]));
  const kept = {
    extras: (context.extras ?? []).map(toUnmanagedLine),
    fate: context.fate ?? 'kept',
    empties: goal.desired.length === 0 && goal.recorded.size > 0,
  };
  return {
    file: context.file,
    ...kept,
    facts: () => planFacts(planned, kept, context.source ?? null),
    order: { namespaces: context.namespaces, kinds: [...goal.kinds.keys()] },
    plan,
    described: operationsOf(plan).map((operation) => ({
      operation,
      lines: describeLines(goal, operation),
      disrupts: kindOf(goal, operation).disrupts(operation),
      place: places.get(operation.id) ?? 0,
      ...markOnlyFlag(goal.kinds, operation),
    })),
  };
}

/** An unmanaged object, for display. */
export const toUnmanagedLine = ({ netns, noun, name, text, role }: UnmanagedObject): UnmanagedLine => ({
  netns,
  noun,
  name,
  text,
  ...(role === undefined ? {} : { role }),
});

/** Says of an operation that nothing but the ownership mark changes; empty otherwise. */
export function markOnlyFlag(
  kinds: ReadonlyMap<string, Kind>,
  { kind, action, changes }: Operation,
): Pick<OperationView, 'isMarkOnly'> {
  const markFields = kinds.get(kind)?.markFields;
  return action === 'update' && changes.every((change) => isMarkChange(change, markFields)) ? { isMarkOnly: true } : {};
}

/** An adopted object always has a line, even when only its mark changes. */
function describeLines(goal: Goal, operation: Operation): readonly PlanLine[] {
  const lines = kindOf(goal, operation).describe(operation);
  if (lines.length > 0 || operation.takenFrom === undefined) return lines;
  return [{ sign: '~', netns: operation.netns, noun: operation.kind, name: '', text: '' }];
}

type PlanViewContext = {
  readonly file: string;
  readonly namespaces: readonly string[];
  /** Left out: it was made from the state alone. */
  readonly source?: PlanSource;
  readonly extras?: readonly UnmanagedObject[];
  readonly fate?: PlanView['fate'];
};

/** The instructions of a plan, in the batches and the order in which they are executed. */
export function instructionBatches({ goal, plan: { stages } }: GoalPlan): readonly (readonly Instruction[])[] {
  const batchesOf = (some: readonly Stage[]): readonly (readonly OperationStep[])[] =>
    some.flatMap((stage) => stageBatches(goal, stage));
  const early = stages.filter(({ afterLast }) => afterLast !== true);
  const late = stages.filter(({ afterLast }) => afterLast === true);
  return [...batchesOf(early), lastBatch(goal, stages), ...batchesOf(late)].map((batch) =>
    batch.map(({ instruction }) => instruction),
  );
}
