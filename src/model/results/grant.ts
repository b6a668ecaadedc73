import type { Path } from '../diagnostics/source-location.ts';

/** What a topology can do beyond wires, by the word with which a machine allows it to a repository. */
export const GRANTS = ['run', 'cni', 'container', 'config', 'nic', 'file'] as const;

/** One of them: programs, calls of CNI plugins, containers, configurations of daemons, NICs of the machine, files by path. */
export type Grant = (typeof GRANTS)[number];

/** Something in a topology that needs a grant. */
export type GrantNeed = {
  readonly grant: Grant;
  /** What it is, as a noun with its name: `the program web/http`. */
  readonly what: string;
  readonly at: Path;
  /** Of a file: the path as it is written. */
  readonly path?: string;
};
