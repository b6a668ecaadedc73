/** What a failure is counted by: another commit, other settings or another kind of failure count from one. */
export type FailureKey = {
  readonly commit: string;
  readonly settings: string;
  /** Such as `apply`, `probe` or `interrupted`. */
  readonly kind: string;
};

/** Failures of one key: how many there were, and when it may be tried again. */
export type FailureCount = FailureKey & { readonly tries: number; readonly nextAt: Moment };

/** Milliseconds since 1970, as `Date.now` gives them. */
export type Moment = number;

/**
 * How a lab stands to its source. `healed`: synced, after changes of others were undone. `drifted`: these are only reported.
 * `held`: a person has to say yes, or another lab comes first. `failed`: it is tried again. `refused`: another commit has to come.
 */
export type LabSyncState = (typeof LAB_SYNC_STATES)[number];

/** Every such state. */
export const LAB_SYNC_STATES = ['synced', 'healed', 'drifted', 'held', 'failed', 'refused'] as const;

/** The status of a lab: about which commit, since when; `reason` is a word, `problem` a sentence. */
export type LabSyncStatus = {
  readonly state: LabSyncState;
  readonly commit: string;
  readonly reason: string | null;
  readonly problem: string | null;
  readonly since: Moment;
};

/** What a lab was applied from last: its commit, the files of that commit, its own file among them, and the variables. */
export type GoodRevision = {
  readonly commit: string;
  /** The name of the folder that the files are kept in. */
  readonly tree: string;
  /** From that folder. */
  readonly file: string;
  /** `NAME=VALUE`. */
  readonly vars: readonly string[];
};

/** Successive runs with one commit and one result. */
export type SyncHistoryEntry = {
  readonly commit: string;
  readonly state: LabSyncState;
  readonly first: Moment;
  readonly last: Moment;
  /** Milliseconds that the last one took. */
  readonly ms: number;
  readonly count: number;
};

/** A change of a lab that was begun; `target` null: that it goes. */
export type SyncAttempt = {
  readonly commit: string;
  readonly settings: string;
  readonly target: GoodRevision | null;
  readonly since: Moment;
};

/** What is remembered of a lab. */
export type LabReconcileRecord = {
  readonly status: LabSyncStatus | null;
  /** Null: it was never applied. */
  readonly good: GoodRevision | null;
  /** A run that was begun and whose end is not recorded. */
  readonly attempt: SyncAttempt | null;
  /** Of a commit that is not the good one. */
  readonly failure: FailureCount | null;
  /** Of healing the good one. */
  readonly healFailure: FailureCount | null;
  /** What is not tried again: another commit, or other settings, are. */
  readonly refused: { readonly commit: string; readonly settings: string } | null;
  /** Newest first, five at most. */
  readonly history: readonly SyncHistoryEntry[];
  /** What others may change, as the last run has found it changed: `id: fields`. */
  readonly ignored: readonly string[];
  /** When a resident reconcile healed resources, by their ids: those of a short while ago. */
  readonly healedAt?: { readonly [id: string]: Moment };
};

/** A topology of a commit; `refusal`: why it cannot be used. */
export type FoundLab = {
  readonly lab: string;
  readonly file: string;
  /** `NAME=VALUE`, those that it declares. */
  readonly vars: readonly string[];
  readonly refusal: { readonly reason: string; readonly problem: string } | null;
};

/** The newest usable commit, and what is in it. */
export type SourceTip = {
  readonly commit: string;
  readonly tree: string;
  /** What it was looked through with. */
  readonly key: string;
  readonly labs: readonly FoundLab[];
  /** Files that name no lab, and that no lab includes. */
  readonly unnamed: readonly string[];
};

/** The last notice about something: what it said, and when it was delivered to each receiver. */
export type NoticeRecord = { readonly key: string; readonly delivered: { readonly [receiver: string]: Moment } };

/** `/var/lib/netform/.reconcile/NAME/state.json`: what is remembered between runs. */
export type ReconcileState = {
  readonly version: 1;
  /** Absolute path of the reconcile file. */
  readonly file: string;
  /** The newest commit that a lab was applied from: another one has to come after it. */
  readonly applied: string | null;
  readonly tip: SourceTip | null;
  /** Why the source cannot be read now. */
  readonly unreachable: { readonly problem: string; readonly since: Moment } | null;
  /** The newest commit, where it cannot be used as a whole. */
  readonly refusal: LabSyncStatus | null;
  /** Labs whose commit is good wait for nothing; this one needs a person: exit 5. */
  readonly stopped: {
    readonly lab: string;
    readonly problem: string;
    readonly since: Moment;
    readonly isOpen: boolean;
  } | null;
  readonly labs: { readonly [lab: string]: LabReconcileRecord };
  readonly notices: { readonly [subject: string]: NoticeRecord };
  readonly run: {
    readonly at: Moment;
    readonly ms: number;
    readonly exitCode: number;
    readonly success: Moment | null;
  } | null;
};

/** What a person said about a reconcile, each in a file of its own. */
export type ReconcileOrders = {
  readonly suspended: { readonly by: string; readonly since: Moment; readonly why: string | null } | null;
  /** Labs and the commits that may do what they are held for. */
  readonly approved: readonly { readonly lab: string; readonly commit: string; readonly reason: string }[];
};
