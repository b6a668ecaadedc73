/** An interrupted or unconfirmed run, and what was done about it or would be done. */
export type RecoveryNotice = {
  readonly lab: string;
  /** As the user typed it. */
  readonly command: string;
  /** When the run began, ISO 8601. */
  readonly at: string;
  readonly outcome: RecoveryOutcome;
  /** Of `pending`: seconds that are left to confirm it. */
  readonly secondsLeft: number | null;
};

/**
 * What became of the run. `finished`: it had reached its goal, and its state is now written. `undone`: it was interrupted
 * and is rolled back; `in-pieces`: the same, except for some objects of the old lab. `unconfirmed`: rolled back because
 * the time to confirm it ran out. `rebooted`: rolled back after a reboot, which removed the kernel's objects.
 * `rolled-back`: rolled back on request. The others are not handled yet: `pending` can still be confirmed, `expired` was
 * not confirmed in time, `interrupted` did not end, and the journal of a `damaged` one cannot be read.
 */
export type RecoveryOutcome =
  | 'finished'
  | 'undone'
  | 'in-pieces'
  | 'unconfirmed'
  | 'rolled-back'
  | 'rebooted'
  | 'pending'
  | 'expired'
  | 'interrupted'
  | 'damaged';

/** `2026-11-20 10:00:00 UTC` of an ISO 8601 time. */
export const utcTimeText = (at: string): string => at.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
