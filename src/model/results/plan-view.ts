import type { Operation, Plan, PlanLine } from '../operation.ts';

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
  /** The order in which the lines are shown: namespaces after the host, and the kinds inside each. */
  readonly order: { readonly namespaces: readonly string[]; readonly kinds: readonly string[] };
};

/** A plan line about an unmanaged object: it has no sign, because nothing is done to it by default. */
export type UnmanagedLine = Omit<PlanLine, 'sign'>;

/** One operation and its plan lines. */
export type OperationView = { readonly operation: Operation; readonly lines: readonly PlanLine[] };
