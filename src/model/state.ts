import type { StateEntry } from './kind.ts';

/** `/var/lib/netform/<lab>/state.json`: what this lab owns on this machine. */
export type State = {
  /** Of the file. 1, which an older netform wrote, shares no values. */
  readonly version: 2;
  readonly lab: string;
  /** Eight hex digits; part of every mark. */
  readonly uid: string;
  /** Another boot id than the running one: the kernel's objects are gone, the files are not. */
  readonly bootId: string;
  /** Absolute path of the topology; null for standard input. */
  readonly file: string | null;
  /** What generated MACs are made from, of a lab that was renamed: its first name. */
  readonly macSeed?: string;
  /** ISO 8601. */
  readonly appliedAt: string;
  /** The topology as it was applied, variables filled in; secrets in it are digests. */
  readonly topology: string;
  readonly resources: readonly StateEntry[];
};
