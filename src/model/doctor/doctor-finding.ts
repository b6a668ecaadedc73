import type { Instruction } from '../instruction.ts';

/** Something about this machine that troubles labs. */
export type DoctorFinding = {
  /** Of the page in docs/troubleshooting-doctor.md: `forwarding-dropped`. */
  readonly name: string;
  /** `error`: it breaks a lab that was asked about. */
  readonly severity: 'error' | 'warning';
  /** One sentence without a full stop. */
  readonly what: string;
  /** What it does to a lab. */
  readonly breaks: string;
  /** The rule, the file or the setting. */
  readonly where: string;
  /** Lines for sh that mend it, in this order. */
  readonly remedy: readonly string[];
  /** What `--fix` does about it; null: it is somebody else's, or has to be decided. */
  readonly fix: DoctorFix | null;
};

export type DoctorFix = { readonly instructions: readonly Instruction[] } | { readonly recover: string };
