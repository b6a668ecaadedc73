import type { TopologyDiagnostics } from '../model/diagnostics/diagnostic-file.ts';
import { EXIT } from '../model/error.ts';
import type { Instruction } from '../model/instruction.ts';
import type { PlanView } from '../model/results/plan-view.ts';
import type { SavedPlan } from '../model/results/saved-plan.ts';
import { commandRounds } from '../registry/command-rounds.ts';
import { withMachine } from './host-session.ts';
import { warnOrphans } from './lab/orphans.ts';
import { compareWithMachine, type ForeignPolicy, isValidTopology } from './planning/compare.ts';
import { instructionBatches } from './planning/plan-view.ts';
import { toSavedPlan } from './planning/saved-plan.ts';
import { warnConcurrentRun, warnKept, warnUnreadableLabs } from './run/warnings.ts';
import type { Session } from './session.ts';
import { diagnosticsExitCode, toTopologyDiagnostics } from './topology/diagnostics.ts';
import { resolveRequest, type TopologyRequest } from './topology/resolve.ts';

export { shellScript } from '../registry/instructions.ts';
export { shortShellScript } from '../registry/short-script.ts';

/** What apply would do; without a view when the findings forbid it. */
export type PlanResult = {
  readonly findings: TopologyDiagnostics;
  readonly view: PlanView | null;
  /** The instructions that apply would execute, in batches. */
  readonly rounds: () => readonly (readonly Instruction[])[];
  /** Whether nothing of the lab is recorded on this machine. */
  readonly isNew: boolean;
  /** The plan in the form in which it is saved to a file; null when the findings forbid it. */
  readonly saved: (() => SavedPlan) | null;
};

/** Plans what apply would do. Writes nothing and takes no lock. */
export const planTopology = (session: Session, request: TopologyRequest, choice: ForeignPolicy): Promise<PlanResult> =>
  withMachine(session, (opened) => {
    const since = Date.now();
    const resolved = resolveRequest(opened, request);
    if (!isValidTopology(resolved)) return planRefusal(toTopologyDiagnostics(resolved));
    const comparison = compareWithMachine(opened, resolved, { ...choice, ssh: 'warning', absentContainers: 'warning' });
    const { planned, view, findings } = comparison;
    warnConcurrentRun(opened, since, 'this plan');
    warnUnreadableLabs(opened, planned.goal.lab);
    warnOrphans(opened, planned.live);
    warnKept(opened, planned);
    if (diagnosticsExitCode(findings.diagnostics) !== EXIT.done) return planRefusal(findings);
    const saved = () => toSavedPlan(opened.store, { request, choice, resolved }, comparison);
    return {
      findings,
      view,
      rounds: () =>
        commandRounds({ rounds: instructionBatches(planned), desired: planned.goal.desired, live: planned.live }),
      isNew: planned.goal.recorded.size === 0,
      saved,
    };
  });

const planRefusal = (findings: TopologyDiagnostics): PlanResult => ({
  findings,
  view: null,
  rounds: () => [],
  isNew: false,
  saved: null,
});
