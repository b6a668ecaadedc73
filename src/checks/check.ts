import type { CheckName } from '../model/diagnostics/check-codes.ts';
import type { Diagnostic } from '../model/diagnostics/diagnostic.ts';
import type { LiveState, Query } from '../model/kernel/need.ts';
import type { StateEntry } from '../model/kind.ts';
import type { Lab } from '../model/lab.ts';
import type { Operation } from '../model/operation.ts';
import type { Topology } from '../model/topology.ts';

/** What docs/checks.md says about a check. The examples are topologies without their `version` and `name` lines. */
export type CheckDoc = {
  readonly name: CheckName;
  readonly title: string;
  readonly explain: string;
  /** Raises the check. Null where an example would be too long to print, or is not a text. */
  readonly bad: string | null;
  /** The topology of `bad` with the mistake corrected. */
  readonly good: string | null;
};

/** A rule over the whole file. `find` looks at nothing but its arguments. */
export type LabCheck = CheckDoc & {
  readonly find: (topology: Topology, lab: Lab) => readonly Diagnostic[];
};

/** A rule over the lab and what was read of this machine. */
export type MachineCheck = CheckDoc & {
  /**
   * What has to be read for it; the check is not made of a lab for which it asks nothing. Left out: the needs of the
   * plan's own operations are enough.
   */
  readonly query?: (lab: Lab) => Query;
  readonly find: (lab: Lab, live: LiveState, context: MachineCheckContext) => readonly Diagnostic[];
};

/** What the state says that this lab made on this machine; empty when it was never applied. */
export type MachineCheckContext = {
  readonly recorded: readonly StateEntry[];
  /** The SSH session that the plan is made in; null, or left out: none, or one that may be cut. */
  readonly session?: SshGuardContext | null;
};

export type SshGuardContext = {
  readonly client: string;
  readonly server: string;
  readonly operations: readonly Operation[];
  readonly severity: Diagnostic['severity'];
};
