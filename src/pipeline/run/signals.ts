/** What has come from outside since the watch began. */
export type SignalWatch = {
  /** 128 + the number of the first signal; null: none has come. */
  readonly exitCode: () => number | null;
  readonly release: () => void;
};

/**
 * Takes INT, TERM, HUP (a session that was dropped) and a closed pipe as wishes instead of ends, until it is released.
 * Further ones change nothing but say so: what has begun is undone first.
 */
export function watchSignals(): SignalWatch {
  let first: number | null = null;
  const listeners = Object.entries(SIGNALS).map(([name, number]) => {
    const listener = () => {
      if (first !== null) process.stderr.write(ROLLBACK_MESSAGE);
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

/** Has each INT, TERM and HUP taken, with the exit code of a program that it ends, until the function that it gives is called. */
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

const ROLLBACK_MESSAGE = 'netform: what was begun is being undone; it ends by itself\n';
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
const SIGPIPE = 13;
