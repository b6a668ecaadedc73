import type { Spec } from '../json.ts';

/**
 * What is there of a process that netform started. `running`: as it was started. `silent`: it runs, and does not answer.
 * `misread`: it answers with another configuration than it was given. `elsewhere`: in another namespace than the one that has the
 * name now. `remains`: the program ended, and what it started runs. `ended`: nothing but our record. `finished`: it ended with 0
 * after it was ready, and is not to be started again for that. `taken`: it never was, and a unit of systemd that is not netform's has its name.
 */
export type ProcessLive = {
  readonly place: 'running' | 'silent' | 'misread' | 'elsewhere' | 'remains' | 'ended' | 'finished' | 'taken';
  /** Its description when it was started; of one whose name is taken, only that name. */
  readonly spec: Spec;
  /** 0: it was never started. */
  readonly pid: number;
  /** All that is known to be of it. */
  readonly pids: readonly number[];
  /** Seconds since it was started; 0 when it does not run. */
  readonly seconds: number;
  /** How it ended; null: it runs, or that was not seen. Left out: not looked at. */
  readonly exitCode?: number | null;
  /** How often its supervisor has started it again. Left out: it has none. */
  readonly restarts?: number;
};

/** A file with what a digest does not say of it. */
export type StoredFileLive = {
  readonly sha: string;
  /** One character for each byte. */
  readonly bytes: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
};
