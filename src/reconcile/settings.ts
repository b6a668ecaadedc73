import type { Grant } from '../model/results/grant.ts';

/** What the reconcile file of a machine says: from where labs come, in what order, and what is done when something goes wrong. */
export type ReconcileSettings = {
  /** That of the file, without its ending. */
  readonly name: string;
  /** Absolute path of the file. */
  readonly file: string;
  /** sha256 of its text: what was refused or failed under other settings is tried again. */
  readonly digest: string;
  readonly source: GitSource | FolderSource;
  /** `auto`, or the paths of topologies, from the folder of the source. */
  readonly labs: 'auto' | readonly string[];
  /** By lab the labs that come before it. */
  readonly after: { readonly [lab: string]: readonly string[] };
  readonly verify: {
    /** Absolute path of an allowed_signers file (ssh-keygen(1)); null: commits need no signature. */
    readonly signedBy: string | null;
    readonly fastForward: boolean;
  };
  /** As they are written: facts of the machine in them are filled in by each run. */
  readonly vars: { readonly [name: string]: string };
  /** How long there is to find out whether a change is good; 0: it counts at once. */
  readonly confirmSeconds: number;
  readonly probes: readonly Probe[];
  readonly drift: 'heal' | 'report';
  readonly ignore: readonly IgnoreRule[];
  readonly deletes: { readonly most: number; readonly empty: 'refuse' | 'hold' };
  readonly backoff: BackoffSettings;
  readonly allow: readonly Grant[];
  /** How often a resident reconcile looks at the source, and at what the kernel does not announce. */
  readonly everySeconds: number;
  readonly report: ReportSettings;
};

/** A branch of a git repository; `path`: the folder of the topologies in it, without slashes around it, empty: all of it. */
export type GitSource = { readonly git: string; readonly branch: string; readonly path: string };

/** A folder of this machine. */
export type FolderSource = { readonly folder: string };

/** A program that must exit 0 inside a namespace, or on the host. */
export type Probe = { readonly in: string; readonly run: readonly [string, ...(readonly string[])] };

/** Resources, by ids in which `*` stands for any text, whose changes by others stay; `fields` null: every field. */
export type IgnoreRule = { readonly resource: string; readonly fields: readonly string[] | null };

/** The pause after the first failure, and the longest; each is twice the one before. */
export type BackoffSettings = { readonly firstSeconds: number; readonly mostSeconds: number };

/** Where changes of state are written: absolute paths, an http address. */
export type ReportSettings = {
  readonly metrics: string | null;
  readonly webhook: string | null;
  readonly command: readonly [string, ...(readonly string[])] | null;
};
