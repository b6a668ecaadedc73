import { flockFile } from '../kernel/lock.ts';
import { realMachine } from '../kernel/machine.ts';
import { mayConfigure } from '../kernel/privilege.ts';
import { EXIT, netformError } from '../model/error.ts';
import type { Live, Query } from '../model/live.ts';
import type { Machine } from '../model/machine.ts';
import { step } from '../report/step.ts';
import { withLock } from '../store/lock.ts';
import { ROOTS } from '../store/roots.ts';

/** Work that looks at the real machine. Throws E_PERMISSION before anything else when this process may not. */
export async function onMachine<T>(work: (machine: Machine) => Promise<T> | T): Promise<T> {
  const lacks = mayConfigure();
  if (lacks !== null) {
    throw netformError('E_PERMISSION', EXIT.usage, lacks, { hint: 'run it with sudo; nothing was changed' });
  }
  // Every mode is given with the file; what the user's shell says about new files has no part in it.
  process.umask(0o022);
  const real = realMachine();
  const machine = { ...real, read: (query: Query) => readTold(real, query) };
  try {
    return await work(machine);
  } finally {
    machine.close();
  }
}

/** The same while no other run may change anything. `timeoutMs` is how long another one is waited for. */
export const aloneOnMachine = <T>(
  lock: { readonly command: string; readonly timeoutMs: number },
  work: (machine: Machine) => Promise<T> | T,
): Promise<T> =>
  onMachine((machine) => withLock(ROOTS, { ...lock, flock: flockFile, whileWaiting }, () => work(machine)));

function readTold(machine: Machine, query: Query): Live {
  const { length } = query.netns;
  const what = length < 2 ? 'the machine' : `${length} namespaces`;
  return step(`reading ${what}`, length, () => machine.read(query));
}

async function whileWaiting(waiting: Promise<void>): Promise<void> {
  // Loaded here: it takes longer than most runs.
  const { during } = await import('../report/progress.ts');
  return during('waiting for another run to end', waiting);
}
