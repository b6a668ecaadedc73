import type { CheckDoc } from '../model/diagnostics/check-doc.ts';
import type { Diagnostic } from '../model/diagnostics/diagnostic.ts';
import type { LiveState, Query } from '../model/kernel/need.ts';
import type { StateEntry } from '../model/kind.ts';
import type { Lab } from '../model/lab.ts';
import type { Operation } from '../model/operation.ts';

/** A rule over the lab and what was read of this machine. */
export type MachineCheck = CheckDoc & {
  /** Of several findings at one place, the one of the lowest rank is reported. Left out: the highest rank. */
  readonly rank?: number;
  /**
   * What has to be read for the check; it is skipped for a lab for which it asks nothing. Left out: what the kinds of
   * the plan's operations ask for is enough.
   */
  readonly query?: (lab: Lab) => Query;
  readonly find: (lab: Lab, live: LiveState, context: MachineCheckContext) => readonly Diagnostic[];
};

/** What the state says that this lab made on this machine; empty when it was never applied. */
export type MachineCheckContext = {
  readonly recorded: readonly StateEntry[];
  /** The file as the user called it, as a word of a shell, for commands that name it. */
  readonly file: string;
  /** Other labs of this machine with which the lab is found to be in conflict; left out: none. */
  readonly conflicting?: ReadonlySet<string>;
  /** The labs that have containers, by the cookies of the networks of these; left out: none. */
  readonly labsOfContainers?: ReadonlyMap<string, string>;
  /** What the plan does; left out: nothing. */
  readonly operations?: readonly Operation[];
  /** The severity of a container that does not run; left out: an error. */
  readonly absentContainers?: Diagnostic['severity'];
  /** The SSH session that the plan is made in; null, or left out: none, or one that may be cut. */
  readonly session?: SshGuardContext | null;
};

export type SshGuardContext = {
  readonly client: string;
  readonly server: string;
  readonly port?: number;
  readonly operations: readonly Operation[];
  readonly severity: Diagnostic['severity'];
};
