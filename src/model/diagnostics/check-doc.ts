import type { Lab } from '../lab.ts';
import type { Topology } from '../topology.ts';
import type { CheckName } from './check-codes.ts';
import type { Diagnostic } from './diagnostic.ts';

/**
 * What docs/checks.md says about a check; it stands beside the code that makes the check. The examples are topologies
 * without their `version` and `name` lines.
 */
export type CheckDoc = {
  readonly name: CheckName;
  /** NF1xxx: the text of the file; NF2xxx: what the file says; NF3xxx: the file against this machine. Never changes. */
  readonly code: string;
  readonly title: string;
  readonly explain: string;
  /** Raises the check. Null where an example would be too long to print, or is not a text. */
  readonly bad: string | null;
  /** The topology of `bad` with the mistake corrected. */
  readonly good: string | null;
};

/** A rule over the whole file. `find` looks at nothing but its arguments. */
export type LabCheck = CheckDoc & {
  /** Of several findings at one place, the one of the lowest rank is reported. Left out: the highest rank. */
  readonly rank?: number;
  /** It follows packets through the whole lab: only a lab without errors is looked at. Left out: any lab. */
  readonly ofTraffic?: true;
  readonly find: (topology: Topology, lab: Lab) => readonly Diagnostic[];
};
