import type { Json } from '../json.ts';
import type { UnmanagedLine } from '../kind.ts';
import type { Operation, PlanLine } from '../operation.ts';

/** A lab of this machine compared with its state. */
export type LabView = {
  readonly lab: string;
  readonly uid: string;
  /** The topology's absolute path; null when it was read from standard input. */
  readonly file: string | null;
  /** The file was moved or deleted since. */
  readonly isFileMissing?: true;
  /** ISO 8601. */
  readonly appliedAt: string;
  readonly resources: readonly ResourceView[];
  /** Unmanaged objects in the lab's namespaces. */
  readonly extras: readonly UnmanagedLine[];
};

/** All labs of this machine, and the runs that were rolled back after they had ended. */
export type LabList = { readonly labs: readonly LabView[]; readonly rolledBack: readonly RolledBackRun[] };

/** A run that was rolled back since the last reboot, and was not followed by another run of that lab. */
export type RolledBackRun = {
  readonly lab: string;
  /** `` `apply lab.yaml` of 2026-11-20 10:00:00 UTC was rolled back, because it was not confirmed in time ``. */
  readonly message: string;
};

/** One resource of a lab: its spec in the state, its spec on the machine, and the difference. */
export type ResourceView = {
  readonly id: string;
  readonly kind: string;
  readonly netns: string;
  readonly status: ResourceStatus;
  readonly recorded: Json;
  readonly found: Json;
  /** Field by field, from what was found to what is recorded. */
  readonly changes: Operation['changes'];
  readonly lines: readonly PlanLine[];
};

/** How a resource compares with its record; `foreign`: it exists, but without the lab's mark. */
export type ResourceStatus = 'ok' | 'changed' | 'missing' | 'foreign';
