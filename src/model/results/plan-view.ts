import type { UnmanagedLine } from '../kind.ts';
import type { Disruption, Operation, Plan, PlanLine } from '../operation.ts';
import type { PlanFacts } from './plan-facts.ts';

/** A plan for display: its operations in order, each with the lines that its kind describes it with. */
export type PlanView = {
  readonly plan: Plan;
  readonly described: readonly OperationView[];
  /** Unmanaged objects in the lab's namespaces. */
  readonly extras: readonly UnmanagedLine[];
  /** What happens to the unmanaged objects. */
  readonly fate: 'kept' | 'pruned';
  /** True when the plan removes everything of a lab. */
  readonly empties: boolean;
  /** The topology as the user named it: `topologies/red-blue.yaml`. */
  readonly file: string;
  /** What programs want to know of it; null: an older netform saved the plan without them. */
  readonly facts: () => PlanFacts | null;
  /** The order in which the lines are shown: namespaces after the host, and the kinds inside each. */
  readonly order: { readonly namespaces: readonly string[]; readonly kinds: readonly string[] };
};

/** One operation, its plan lines, and what it does to traffic. */
export type OperationView = {
  readonly operation: Operation;
  readonly lines: readonly PlanLine[];
  readonly disrupts: Disruption;
  /** Its place among the resources of the lab, in the order in which they are shown; left out: an older netform saved it. */
  readonly place?: number;
  /** Nothing but the ownership mark changes. */
  readonly isMarkOnly?: true;
};
