import type { Ended, Machine } from '../support/machine.ts';

/** A lab that takes long enough to be interrupted anywhere. */
export const bigLab = (count = 30): string =>
  [
    ...['version: 1', 'name: big', 'bridges: { lan: { subnet: 10.77.0.0/16, address: 10.77.0.1 } }'],
    ...['nat: [{ masquerade: lan }]', 'namespaces:'],
    ...Array.from(
      { length: count },
      (_, i) => `  n${i}: { interfaces: { eth0: { bridge: lan } }, publish: [${8000 + i}:80] }`,
    ),
    '',
  ].join('\n');

export const JOURNAL = '/var/lib/netform/big/journal';

/**
 * Runs netform and sends it a signal so many seconds after it has begun its journal, or has written so many records of it; its
 * output is in /run/out and /run/err.
 */
export const interrupt = (m: Machine, args: string, { signal, after, records = 0 }: Interruption): Promise<Ended> =>
  m.sh(`
    ${NETFORM} ${args} </dev/null >/run/out 2>/run/err & pid=$!
    n=0; while { [ ! -e ${JOURNAL} ] || [ $(wc -l <${JOURNAL}) -lt ${records} ]; } && [ $n -lt 2000 ] && kill -0 $pid; do sleep 0.005; n=$((n+1)); done
    sleep ${after}; kill -${signal} $pid; wait $pid`);

export type Interruption = { readonly signal: string; readonly after: number; readonly records?: number };

export const NETFORM = `${process.execPath} bin/run.js`;

/** Waits until `look` gives what is wanted; after so many seconds gives what it gives then. */
export async function eventually<T>(look: () => Promise<T>, wanted: T, within: number): Promise<T> {
  const deadline = performance.now() + within * 1000;
  for (;;) {
    const seen = await look();
    if (seen === wanted || performance.now() > deadline) return seen;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
