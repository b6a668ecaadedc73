import type { TopologyDiagnostics } from '../../model/diagnostics/diagnostic-file.ts';
import type { PlanView } from '../../model/results/plan-view.ts';
import type { ProgressDisplay } from '../../model/results/progress.ts';
import type { RunResult } from '../../model/results/run-result.ts';

/** How a run that changes the machine talks to the user. */
export type RunInteraction = {
  /** Receives the plan before anything is changed; false ends the run there. */
  readonly agree: (view: PlanView, findings: TopologyDiagnostics | null) => Promise<boolean>;
  readonly progress: (view: PlanView) => ProgressDisplay;
  /** How long to wait for another run to end. */
  readonly lockTimeoutMs: number;
  /** Seconds in which the run has to be confirmed, or it is rolled back; null or left out: it takes effect at once. */
  readonly confirmSeconds?: number | null;
  /** What records and other runs call it; left out: the command with its file or lab. */
  readonly command?: string;
};

/** The result of a run, with null and zero for what it has no value of. */
export const runResult = (status: RunResult['status'], lab: string, more: Partial<RunResult>): RunResult => ({
  status,
  lab,
  view: null,
  findings: null,
  ms: 0,
  confirmSeconds: null,
  ...more,
});
