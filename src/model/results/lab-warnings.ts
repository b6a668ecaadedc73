/** A lab of this machine whose topology has warnings. */
export type LabWarnings = {
  readonly lab: string;
  /** The topology's absolute path; null when it was read from standard input. */
  readonly file: string | null;
  readonly count: number;
};
