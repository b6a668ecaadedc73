import type { Instruction } from '../instruction.ts';

/** A setting of this machine that breaks labs. */
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
  /** Lines for sh that fix it, in this order. */
  readonly remedy: readonly string[];
  /** What `--fix` does about it; null: the user has to decide, because it is not netform's. */
  readonly fix: DoctorFix | null;
};

/** What `doctor --fix` does: instructions for the kernel, or the recovery of a lab. */
export type DoctorFix = { readonly instructions: readonly Instruction[] } | { readonly recover: string };
