import type { Progress } from '../../model/results/progress.ts';

/** The signals that arrived since the watch began. */
export type SignalWatch = {
  /** 128 + the number of the first signal; null when none arrived. */
  readonly exitCode: () => number | null;
  readonly release: () => void;
};

/**
 * Records INT, TERM, HUP (a dropped session) and a closed pipe instead of ending the process, until it is released. A
 * second signal is only reported: the run is rolled back first.
 */
export function watchSignals(progress: Progress): SignalWatch {
  let first: number | null = null;
  const listeners = Object.entries(SIGNALS).map(([name, number]) => {
    const listener = () => {
      if (first !== null) progress.rollingBack();
      first ??= 128 + number;
    };
    process.on(name, listener);
    return () => process.off(name, listener);
  });
  const closed = (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') first ??= 128 + SIGPIPE;
  };
  for (const stream of [process.stdout, process.stderr]) stream.on('error', closed);
  return {
    exitCode: () => first,
    release: () => {
      for (const remove of listeners) remove();
      for (const stream of [process.stdout, process.stderr]) stream.off('error', closed);
    },
  };
}

/** Calls `take` on each INT, TERM and HUP, with 128 + its number, until the returned function is called. */
export function onSignals(take: (name: NodeJS.Signals, exitCode: number) => void): () => void {
  const listeners = Object.entries(SIGNALS).map(([name, number]) => {
    const listener = (signal: NodeJS.Signals) => take(signal, 128 + number);
    process.on(name, listener);
    return () => process.off(name, listener);
  });
  return () => {
    for (const remove of listeners) remove();
  };
}

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
const SIGPIPE = 13;
