import type { TopologyDiagnostics } from '../diagnostics/diagnostic-file.ts';
import type { PlanView } from './plan-view.ts';

/** How an apply or a destroy ended; of `refused` the findings say why, of `absent` there was nothing to destroy. */
export type RunResult = {
  readonly status: 'refused' | 'declined' | 'unchanged' | 'done' | 'absent';
  readonly lab: string;
  readonly view: PlanView | null;
  readonly findings: TopologyDiagnostics | null;
  /** Milliseconds. */
  readonly ms: number;
  /** Seconds in which the run has to be confirmed; null: it takes effect at once. */
  readonly confirmSeconds: number | null;
};
