import { adoptUnspecified } from '../../engine/plan/adopt-unspecified.ts';
import { completeGoal } from '../../engine/plan/complete.ts';
import { type GoalPlan, planFromLive, planGoal } from '../../engine/plan/plan.ts';
import { findUnmanagedObjects, unmanagedQuery } from '../../engine/unmanaged.ts';
import type { Diagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { TopologyDiagnostics } from '../../model/diagnostics/diagnostic-file.ts';
import { EXIT } from '../../model/error.ts';
import type { UnmanagedObject } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import { operationsOf } from '../../model/operation.ts';
import type { PlanView } from '../../model/results/plan-view.ts';
import { withProgress } from '../../model/results/progress.ts';
import { shellWord } from '../../model/values/shell-word.ts';
import { checkMachine, machineQuery } from '../../registry/checks.ts';
import { containersAmong } from '../../registry/containers.ts';
import { readOtherLabs } from '../../store/shared-resources.ts';
import { readState } from '../../store/state.ts';
import { guardSsh } from '../run/ssh-guard.ts';
import type { Session } from '../session.ts';
import { diagnosticsExitCode, toTopologyDiagnostics } from '../topology/diagnostics.ts';
import type { TopologyResolution } from '../topology/resolve.ts';
import { labGoal } from './goals.ts';
import { type KeepRule, type KeptChanges, keepChanges } from './keep-changes.ts';
import { resolveLabConflicts } from './lab-conflicts.ts';
import { processLines, readLeavingProcesses } from './leaving-processes.ts';
import { resolveLostRecord } from './lost-record.ts';
import { toPlanView } from './plan-view.ts';

/** A topology compared with the machine: the plan, and the findings that may forbid it. */
export type Comparison = {
  readonly planned: GoalPlan;
  readonly view: PlanView;
  readonly findings: TopologyDiagnostics;
  readonly unmanaged: readonly UnmanagedObject[];
  /** By id, what the file says of resources whose changes by others stay. */
  readonly kept: KeptChanges['specs'];
};

/** A topology without errors. */
export type ValidTopology = TopologyResolution & { readonly lab: Lab };

/** Whether a topology has a lab and no error. */
export const isValidTopology = (drafted: TopologyResolution): drafted is ValidTopology =>
  drafted.lab !== null && diagnosticsExitCode(drafted.diagnostics) === EXIT.done;

/** `ssh`: the severity of a plan that cuts the SSH session it is made from; null: that is not looked for. */
type ComparisonOptions = ForeignPolicy & {
  readonly ssh: Diagnostic['severity'] | null;
  /** The severity of a container that does not run; left out: an error. */
  readonly absentContainers?: Diagnostic['severity'];
};

/** What happens to foreign objects in the way, and to unmanaged objects in the lab's namespaces. */
export type ForeignPolicy = {
  readonly foreign: 'refuse' | 'adopt';
  readonly extras?: PlanView['fate'];
  /** The changes of an operation that are not made, because others may change that. Left out: none. */
  readonly keeps?: KeepRule;
};

/** Lab → Resource[] → Observation[] → Plan. Reads the machine and changes nothing. */
export const compareWithMachine = (session: Session, drafted: ValidTopology, manner: ComparisonOptions): Comparison =>
  withProgress(session.progress, ['comparing with the machine', drafted.lab.namespaces.length], () =>
    buildComparison(session, drafted, manner),
  );

function buildComparison(
  { machine, store }: Session,
  drafted: ValidTopology,
  { foreign, ssh, extras: fate = 'kept', absentContainers = 'error', keeps }: ComparisonOptions,
): Comparison {
  const { lab, file } = drafted;
  const state = readState(store, lab.name);
  const full = labGoal(store, lab, state, { foreign, extraQuery: machineQuery(lab) });
  const { goal: plain, ...conflicts } = resolveLabConflicts(store, full, { state, file: drafted.path });
  const wanted = { ...plain, extraQuery: [...plain.extraQuery, ...unmanagedQuery(plain)] };
  const first = planGoal(machine, wanted);
  const goal = completeGoal(adoptUnspecified(wanted, first.found), first.live);
  const named = drafted.path === null ? '-' : shellWord(file);
  const { planned: whole, diagnostics } = resolveLostRecord(
    goal === wanted ? first : planFromLive(first.live, goal),
    named,
  );
  const kept = keepChanges(whole, keeps);
  const planned = kept.goal === whole.goal ? whole : planFromLive(first.live, kept.goal);
  const recorded = state?.resources ?? [];
  const session = ssh && guardSsh(planned, ssh);
  const context = {
    recorded,
    session,
    conflicting: conflicts.labs,
    file: named,
    absentContainers,
    operations: operationsOf(planned.plan),
    labsOfContainers: containersOfOthers(store, lab.name),
  };
  const findings = toTopologyDiagnostics(drafted, [
    ...conflicts.diagnose(lab, planned.live),
    ...diagnostics,
    ...planned.diagnostics,
    ...checkMachine(lab, planned.live, context),
  ]);
  const namespaces = lab.namespaces.map((namespace) => namespace.name);
  const extras = [...findUnmanagedObjects(planned), ...processLines(readLeavingProcesses(machine, planned))];
  return {
    planned,
    view: toPlanView(planned, { file, namespaces, extras, fate, source: drafted.source }),
    findings,
    unmanaged: extras,
    kept: kept.specs,
  };
}

/** The other labs that have containers, by the cookies of the networks of these. */
const containersOfOthers = (store: Session['store'], lab: string): ReadonlyMap<string, string> =>
  new Map(
    readOtherLabs(store, lab).states.flatMap((other) =>
      containersAmong(other.resources).flatMap(({ cookie }) => (cookie === null ? [] : [[cookie, other.lab] as const])),
    ),
  );
