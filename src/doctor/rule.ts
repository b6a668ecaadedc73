import type { DoctorFacts } from '../model/doctor/doctor-facts.ts';
import type { DoctorFinding } from '../model/doctor/doctor-finding.ts';
import type { LiveState } from '../model/kernel/need.ts';
import type { Lab } from '../model/lab.ts';
import type { Orphan } from '../model/results/orphan.ts';
import type { State } from '../model/state.ts';

/** The facts that a diagnosis is made from. */
export type DiagnosisContext = {
  /** Those that are asked about. */
  readonly labs: readonly Lab[];
  /** Of all labs of this machine. */
  readonly states: readonly State[];
  /** Runs that have not come to an end. */
  readonly unfinished: readonly UnfinishedRun[];
  /** Marked objects that no state has; left out: they were not looked for. */
  readonly orphans?: readonly Orphan[];
  /** Read with `doctorQuery`. */
  readonly live: LiveState;
  readonly survey: DoctorFacts;
};

export type UnfinishedRun = { readonly lab: string; readonly command: string; readonly outcome: string };

/** One thing that can be wrong with a machine. `find` looks at nothing but the facts. */
export type DoctorRule = {
  readonly name: string;
  /** For the page: what it is, in a few words. */
  readonly title: string;
  /** For the page: how it comes about, and what the remedy does. */
  readonly explain: string;
  readonly find: (facts: DiagnosisContext) => readonly Omit<DoctorFinding, 'name'>[];
};
