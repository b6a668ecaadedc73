import { findSshCut, sshCutText } from '../checks/machine/cuts-ssh.ts';
import type { Goal } from '../engine/goal.ts';
import { type GoalPlan, planGoal as planFor } from '../engine/plan/plan.ts';
import { bootId } from '../kernel/boot.ts';
import { findSshSession } from '../kernel/process/ssh-session.ts';
import type { TopologyDiagnostics } from '../model/diagnostics/diagnostic-file.ts';
import { EXIT, netformError } from '../model/error.ts';
import type { Instruction } from '../model/instruction.ts';
import type { StateEntry } from '../model/kind.ts';
import { operationsOf } from '../model/operation.ts';
import type { LabView } from '../model/results/lab-view.ts';
import type { PlanView } from '../model/results/plan-view.ts';
import type { ProgressDisplay } from '../model/results/progress.ts';
import type { RecoveryNotice } from '../model/results/recovery-notice.ts';
import type { RunResult } from '../model/results/run-result.ts';
import type { SavedPlan } from '../model/results/saved-plan.ts';
import type { State } from '../model/state.ts';
import { readOtherLabs } from '../store/shared-resources.ts';
import { readState } from '../store/state.ts';
import { STORE_PATHS } from '../store/store-paths.ts';
import { withLockedMachine, withMachine } from './host-session.ts';
import { compareWithState } from './lab/drift.ts';
import { compareWithMachine, type ForeignPolicy, isValidTopology } from './planning/compare.ts';
import { destroyGoal } from './planning/goals.ts';
import { instructionBatches, toPlanView } from './planning/plan-view.ts';
import { readSavedPlan, refuseStalePlan, resolveSavedPlan, toSavedPlan } from './planning/saved-plan.ts';
import { type OnRecovered, recoverAll } from './recovery/recover-all.ts';
import { listOpenRuns } from './recovery/recover-lab.ts';
import { resolveLabName } from './resolve/lab.ts';
import { readProcessesByNetns, warnLeftBehind, warnRunningProcesses } from './run/destroy-warnings.ts';
import { pruneConfirmConflict, pruneUnmanaged } from './run/prune-unmanaged.ts';
import { runPlan } from './run/run-plan.ts';
import { type Warn, warnUnreadableLabs } from './run/warnings.ts';
import { currentAddresses } from './topology/current-addresses.ts';
import { diagnosticsExitCode, toTopologyDiagnostics } from './topology/diagnostics.ts';
import { resolveRequest, type TopologyRequest, type TopologyResolution } from './topology/resolve.ts';
import { delayOptimisation } from './v8-tuning.ts';

/** How a run that changes the machine talks to the person who started it. */
export type RunInteraction = {
  /** Shown the plan before anything is changed; false ends the run there. */
  readonly agree: (view: PlanView, findings: TopologyDiagnostics | null) => Promise<boolean>;
  readonly progress: (view: PlanView) => ProgressDisplay;
  /** How long another run is waited for. */
  readonly lockTimeoutMs: number;
  /** Undone unless it is confirmed within so many seconds; null, or left out: it counts at once. */
  readonly confirmSeconds?: number | null;
  /** Told what became of runs that had not come to their end. */
  readonly tell?: OnRecovered;
  readonly note?: Warn;
};

export { linkKinds } from '../registry/kinds.ts';

export type PlanResult = {
  readonly findings: TopologyDiagnostics;
  readonly view: PlanView | null;
  /** What apply would ask of the machine, in the order of asking. */
  readonly rounds: () => readonly (readonly Instruction[])[];
  /** What is written to a file to be applied later; null when the findings forbid it. */
  readonly saved: (() => SavedPlan) | null;
};

/** Every mistake of a file. Looks at nothing else. */
export const validateTopology = (request: TopologyRequest): TopologyDiagnostics =>
  toTopologyDiagnostics(resolveRequest(request, () => ({})));

/** What apply would do. Writes nothing, takes no lock. `view` is null when the findings forbid it. */
export const planTopology = (request: TopologyRequest, choice: ForeignPolicy, note?: Warn): Promise<PlanResult> =>
  withMachine((machine) => {
    const drafted = resolveRequest(request, (lab) => currentAddresses(machine, lab));
    if (!isValidTopology(drafted)) return planRefusal(toTopologyDiagnostics(drafted));
    const surveyed = compareWithMachine(machine, drafted, { ...choice, ssh: 'warning' });
    const { goal, planned, view, findings } = surveyed;
    warnUnreadableLabs(note, goal.lab);
    if (diagnosticsExitCode(findings.diagnostics) !== EXIT.done) return planRefusal(findings);
    const saved = () => toSavedPlan({ request, choice }, drafted, surveyed);
    return { findings, view, rounds: () => instructionBatches(goal, planned.plan), saved };
  });

/** Makes the machine as the file says, or leaves it as it was: lock → plan → agree → converge → remember. */
export const applyTopology = (request: TopologyRequest, run: RunInteraction & ForeignPolicy): Promise<RunResult> =>
  withLockedMachine({ command: `apply ${request.file}`, timeoutMs: run.lockTimeoutMs }, async (machine) => {
    await recoverAll(machine, run.tell);
    const saved = readSavedPlan(request, run);
    const drafted = saved
      ? resolveSavedPlan(machine, saved)
      : resolveRequest(request, (lab) => currentAddresses(machine, lab));
    if (!isValidTopology(drafted)) return runResult('refused', '', { findings: toTopologyDiagnostics(drafted) });
    const choice: ForeignPolicy = saved ? { foreign: saved.foreign, extras: saved.fate } : run;
    if (choice.extras === 'pruned' && (run.confirmSeconds ?? null) !== null) throw pruneConfirmConflict();
    const surveyed = compareWithMachine(machine, drafted, {
      ...{ foreign: choice.foreign, extras: choice.extras ?? 'kept' },
      ssh: (run.confirmSeconds ?? null) === null ? 'error' : null,
    });
    if (saved) refuseStalePlan(saved, surveyed);
    const { goal, planned, view, findings, unmanaged: extras } = surveyed;
    warnUnreadableLabs(run.note, goal.lab);
    if (diagnosticsExitCode(findings.diagnostics) !== EXIT.done) return runResult('refused', goal.lab, { findings });
    if (!(await run.agree(view, findings))) return runResult('declined', goal.lab, { view, findings });
    const isDone = view.described.length > 0;
    const confirmSeconds = isDone ? (run.confirmSeconds ?? null) : null;
    const next = (resources: readonly StateEntry[]) => newState(drafted, goal, resources);
    const about = { command: `apply ${request.file}`, confirmSeconds, next, view };
    const ms = await runPlan(machine, planned, { goal, interaction: run, onFailure: 'rollback', ...about });
    const pruned = choice.extras === 'pruned' && extras.length > 0;
    if (pruned) pruneUnmanaged(machine, extras);
    return runResult(isDone || pruned ? 'done' : 'unchanged', goal.lab, { view, findings, ms, confirmSeconds });
  });

/** Makes the machine as it was before the lab was first applied, from the state alone; what is gone already is no matter. */
export const destroyLab = (target: string | null, run: RunInteraction): Promise<RunResult> =>
  withLockedMachine({ command: `destroy ${target ?? ''}`.trim(), timeoutMs: run.lockTimeoutMs }, async (machine) => {
    await recoverAll(machine, run.tell);
    const lab = resolveLabName(target);
    const state = readState(STORE_PATHS, lab);
    if (state === null) return runResult('absent', lab, {});
    warnUnreadableLabs(run.note, lab);
    if (state.resources.length > LARGE_LAB_RESOURCES) delayOptimisation();
    const goal = destroyGoal(state);
    const planned = planFor(machine, goal);
    if ((run.confirmSeconds ?? null) === null) refuseToCutSsh(planned);
    const view = toPlanView(goal, planned.plan, { file: lab, namespaces: stateNamespaces(state) });
    if (!(await run.agree(view, null))) return runResult('declined', lab, { view });
    warnLeftBehind(run.note, goal, planned);
    const held = readProcessesByNetns(machine, stateNamespaces(state));
    const { confirmSeconds = null } = run;
    const about = { command: `destroy ${lab}`, confirmSeconds, next: () => null, view };
    const ms = await runPlan(machine, planned, { goal, interaction: run, onFailure: 'continue', ...about });
    warnRunningProcesses(run.note, machine, held);
    return runResult('done', lab, { view, ms, confirmSeconds });
  });

/** A lab of this machine, each resource compared with what is recorded of it. */
export const showLab = (target: string | null): Promise<LabView> =>
  withMachine((machine) => {
    const lab = resolveLabName(target);
    const state = readState(STORE_PATHS, lab);
    if (state !== null) return compareWithState(machine, state);
    throw netformError('E_NO_LAB', EXIT.usage, `the lab ${lab} is not on this machine`, {
      hint: 'netform list shows those that are; netform apply makes it',
    });
  });

/** All labs of this machine, likewise. */
export const showLabs = (note?: Warn): Promise<readonly LabView[]> =>
  withMachine((machine) => {
    warnUnreadableLabs(note, null);
    return readOtherLabs(STORE_PATHS, null).states.map((state) => compareWithState(machine, state));
  });

/** Runs that were interrupted or wait to be confirmed, for a command that only looks. Empty when this process may not see. */
export function listVisibleOpenRuns(): readonly RecoveryNotice[] {
  try {
    return listOpenRuns();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EACCES') return [];
    throw error;
  }
}

const planRefusal = (findings: TopologyDiagnostics): PlanResult => ({
  findings,
  view: null,
  rounds: () => [],
  saved: null,
});

/** Throws E_CUTS_SSH when a plan would cut the SSH session that it is made in. */
function refuseToCutSsh({ plan, live }: GoalPlan): void {
  const session = findSshSession();
  const host = live.get({ need: 'namespace', netns: 'host' });
  const cut = session && host ? findSshCut(operationsOf(plan), host, session) : null;
  if (cut === null) return;
  throw netformError('E_CUTS_SSH', EXIT.topology, sshCutText(cut), {
    hint: 'run it with --confirm 60s: it is then undone unless netform confirm comes in time; nothing was changed',
  });
}

const LARGE_LAB_RESOURCES = 1000;

const stateNamespaces = (state: State): readonly string[] => [...new Set(state.resources.map(({ netns }) => netns))];

function newState(drafted: TopologyResolution, { lab, uid }: Goal, resources: readonly StateEntry[]): State {
  const { path: file, source } = drafted;
  const appliedAt = new Date().toISOString();
  return { version: 1, lab, uid, bootId: bootId(), file, appliedAt, topology: source.rendered, resources };
}

const runResult = (status: RunResult['status'], lab: string, more: Partial<RunResult>): RunResult => ({
  ...{ status, lab, view: null, findings: null, ms: 0, confirmSeconds: null },
  ...more,
});
