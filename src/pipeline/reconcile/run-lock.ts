import { closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { tryFlock } from '../../kernel/files/flock.ts';
import { EXIT, netformError } from '../../model/error.ts';
import { elapsedMs } from '../../model/values/elapsed.ts';
import { checkPrivateFile, ensurePrivateFolder, type Store } from '../../store/store.ts';

const RETRY_MS = 100;

/** Runs work while no other run of this reconcile is at work. Throws E_LOCKED when one is for too long. */
export async function withRunLock<T>(
  store: Store,
  { name, timeoutMs }: { readonly name: string; readonly timeoutMs: number },
  work: () => Promise<T>,
): Promise<T> {
  ensurePrivateFolder(store, store.run);
  const path = join(store.run, `reconcile.${name}`);
  checkPrivateFile(store, path);
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  const deadline = elapsedMs() + timeoutMs;
  try {
    while (!tryFlock(fd)) {
      if (elapsedMs() >= deadline)
        throw netformError('E_LOCKED', EXIT.locked, `another run of netform reconcile ${name} is at work`, {
          hint: 'wait for it, or give --lock-timeout a longer time',
        });
      await setTimeout(RETRY_MS);
    }
    return await work();
  } finally {
    closeSync(fd);
  }
}
