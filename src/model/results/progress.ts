import type { Operation } from '../operation.ts';
import type { RecoveryNotice } from './recovery-notice.ts';

/** The reports of the pipeline while it works; the caller decides what is shown, and where. */
export type Progress = {
  /** Reports that work begins which takes as long as reading `size` namespaces; the returned function ends it. */
  readonly begin: (title: string, size: number) => () => void;
  /** Reports that `work` is being waited for, until it ends. */
  readonly wait: (title: string, work: Promise<void>) => Promise<void>;
  /** Reports a sentence that the user should know besides the result. */
  readonly warn: (sentence: string) => void;
  /** Reports that an interrupted run was finished or rolled back. */
  readonly recovered: (notice: RecoveryNotice) => void;
  /** Reports that another signal arrived while a run is being rolled back. */
  readonly rollingBack: () => void;
};

/** Reports nothing. */
export const NO_PROGRESS: Progress = {
  begin: () => () => {},
  wait: (_, work) => work,
  warn: () => {},
  recovered: () => {},
  rollingBack: () => {},
};

/** The result of `work`, which is reported as taking as long as reading `size` namespaces. */
export function withProgress<T>(progress: Progress, [title, size]: readonly [string, number], work: () => T): T {
  const end = progress.begin(title, size);
  try {
    return work();
  } finally {
    end();
  }
}

/** The size of work on a file of so many bytes, in namespaces that take as long to read. */
export const fileWorkSize = (bytes: number): number => bytes / BYTES_PER_NAMESPACE;

const BYTES_PER_NAMESPACE = 100;

/** The display of one run's operations; `close` resolves when it is erased from the terminal. */
export type ProgressDisplay = {
  readonly event: (event: { readonly operation: Operation; readonly phase: 'start' | 'done' | 'failed' }) => void;
  readonly rollback: () => void;
  readonly close: () => Promise<void>;
};
