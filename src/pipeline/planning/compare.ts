import type { Goal } from '../../engine/goal.ts';
import { adoptUnspecified } from '../../engine/plan/adopt-unspecified.ts';
import { type GoalPlan, planFromLive, planGoal } from '../../engine/plan/plan.ts';
import { findUnmanagedObjects, unmanagedQuery } from '../../engine/unmanaged.ts';
import { findSshSession } from '../../kernel/process/ssh-session.ts';
import type { Diagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { TopologyDiagnostics } from '../../model/diagnostics/diagnostic-file.ts';
import { EXIT } from '../../model/error.ts';
import type { UnmanagedObject } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import type { Machine } from '../../model/machine.ts';
import { operationsOf } from '../../model/operation.ts';
import type { PlanView } from '../../model/results/plan-view.ts';
import { checkMachine, machineQuery } from '../../registry/checks.ts';
import { withStatusLine } from '../../report/progress/status-line.ts';
import { readState } from '../../store/state.ts';
import { STORE_PATHS } from '../../store/store-paths.ts';
import { diagnosticsExitCode, toTopologyDiagnostics } from '../topology/diagnostics.ts';
import type { TopologyResolution } from '../topology/resolve.ts';
import { labGoal } from './goals.ts';
import { toPlanView } from './plan-view.ts';

/** A draft seen against the machine: what would have to happen, and what is in the way of it. */
export type Comparison = {
  readonly goal: Goal;
  readonly planned: GoalPlan;
  readonly view: PlanView;
  readonly findings: TopologyDiagnostics;
  readonly unmanaged: readonly UnmanagedObject[];
};

/** A draft without errors. */
export type ValidTopology = TopologyResolution & { readonly lab: Lab };

export const isValidTopology = (drafted: TopologyResolution): drafted is ValidTopology =>
  drafted.lab !== null && diagnosticsExitCode(drafted.diagnostics) === EXIT.done;

/** `ssh`: what it is that the plan would cut the session that it is made in; null: that is provided for. */
type ComparisonOptions = ForeignPolicy & { readonly ssh: Diagnostic['severity'] | null };

/** What is to become of what is not ours: of objects in the way, and of others in our namespaces. */
export type ForeignPolicy = { readonly foreign: 'refuse' | 'adopt'; readonly extras?: PlanView['fate'] };

/** Lab → Resource[] → what is there → Plan. Reads the machine, changes nothing. */
export const compareWithMachine = (machine: Machine, drafted: ValidTopology, manner: ComparisonOptions): Comparison =>
  withStatusLine('comparing with the machine', drafted.lab.namespaces.length, () =>
    buildComparison(machine, drafted, manner),
  );

function buildComparison(
  machine: Machine,
  drafted: ValidTopology,
  { foreign, ssh, extras: fate = 'kept' }: ComparisonOptions,
): Comparison {
  const { lab, file } = drafted;
  const state = readState(STORE_PATHS, lab.name);
  const plain = labGoal(lab, state, { foreign, extraQuery: machineQuery(lab) });
  const wanted = { ...plain, extraQuery: [...plain.extraQuery, ...unmanagedQuery(plain)] };
  const first = planGoal(machine, wanted);
  const goal = adoptUnspecified(wanted, first.found);
  const planned = goal === wanted ? first : planFromLive(first.live, goal);
  const recorded = state?.resources ?? [];
  const ends = ssh === null ? null : findSshSession();
  const session = ssh && ends && { ...ends, operations: operationsOf(planned.plan), severity: ssh };
  const context = { recorded, session };
  const findings = toTopologyDiagnostics(drafted, [
    ...planned.diagnostics,
    ...checkMachine(lab, planned.live, context),
  ]);
  const namespaces = lab.namespaces.map((namespace) => namespace.name);
  const extras = findUnmanagedObjects(goal, planned);
  return {
    goal,
    planned,
    view: toPlanView(goal, planned.plan, { file, namespaces, extras, fate }),
    findings,
    unmanaged: extras,
  };
}
