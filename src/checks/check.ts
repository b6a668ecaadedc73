import type { CheckName } from '../model/codes.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Recorded } from '../model/kind.ts';
import type { Lab } from '../model/lab.ts';
import type { Live } from '../model/live.ts';
import type { Operation } from '../model/operation.ts';
import type { Topology } from '../model/topology.ts';

/** What docs/checks.md says about a check. The examples are topologies without their `version` and `name` lines. */
export type Documented = {
  readonly name: CheckName;
  readonly title: string;
  readonly explain: string;
  /** Raises the check. Null where an example would be too long to print, or is not a text. */
  readonly bad: string | null;
  /** The same lab without the mistake. */
  readonly good: string | null;
};

/** A rule over the whole file. `find` looks at nothing but its arguments. */
export type LabCheck = Documented & {
  readonly find: (topology: Topology, lab: Lab) => readonly Diagnostic[];
};

/** A rule over the lab and what was read of this machine. */
export type MachineCheck = Documented & {
  readonly find: (lab: Lab, live: Live, context: MachineContext) => readonly Diagnostic[];
};

/** What the state says that this lab made on this machine; empty when it was never applied. */
export type MachineContext = {
  readonly recorded: readonly Recorded[];
  /** The SSH session that the plan is made in; null, or left out: none, or one that may be cut. */
  readonly session?: MadeOver | null;
};

export type MadeOver = {
  readonly client: string;
  readonly server: string;
  readonly operations: readonly Operation[];
  readonly severity: Diagnostic['severity'];
};
