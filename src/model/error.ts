/** The exit codes of every command. */
export const EXIT = {
  done: 0,
  internal: 1,
  usage: 2,
  topology: 3,
  rolledBack: 4,
  rollbackIncomplete: 5,
  drift: 6,
  foreign: 7,
  locked: 8,
  stale: 9,
  changes: 10,
} as const;

/** The machine refused, or is busy. `exitCode` and `oclif` are both read by oclif. */
export type NetformError = Error & {
  readonly code: string;
  readonly exitCode: number;
  readonly oclif: { readonly exit: number };
  /** What to do next; null when the message says it. */
  readonly hint: string | null;
  /** More lines: what failed, what was rolled back. */
  readonly details: readonly string[];
};

/** An error with a code (`E_PERMISSION`), an exit code and a remedy. */
export function netformError(
  code: string,
  exitCode: number,
  message: string,
  more: { readonly hint?: string; readonly details?: readonly string[] } = {},
): NetformError {
  return Object.assign(new Error(message), {
    code,
    exitCode,
    oclif: { exit: exitCode },
    hint: more.hint ?? null,
    details: more.details ?? [],
  });
}

/** Our own bug: says so and asks for a report. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition)
    throw new Error(`invariant: ${message}. This is a bug in netform; please report it with the topology.`);
}
