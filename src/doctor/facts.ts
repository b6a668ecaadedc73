import type { Finding } from '../model/finding.ts';
import type { Lab } from '../model/lab.ts';
import type { Live } from '../model/live.ts';
import type { State } from '../model/state.ts';
import type { Survey } from '../model/survey.ts';

/** All that a diagnosis is made from. */
export type Facts = {
  /** Those that are asked about. */
  readonly labs: readonly Lab[];
  /** Of all labs of this machine. */
  readonly states: readonly State[];
  /** Runs that have not come to an end. */
  readonly unfinished: readonly Unfinished[];
  /** Read with `doctorQuery`. */
  readonly live: Live;
  readonly survey: Survey;
};

export type Unfinished = { readonly lab: string; readonly command: string; readonly outcome: string };

/** One thing that can be wrong with a machine. `find` looks at nothing but the facts. */
export type Ailment = {
  readonly name: string;
  /** For the page: what it is, in a few words. */
  readonly title: string;
  /** For the page: how it comes about, and what the remedy does. */
  readonly explain: string;
  readonly find: (facts: Facts) => readonly Omit<Finding, 'name'>[];
};
