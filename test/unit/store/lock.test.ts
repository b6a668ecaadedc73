import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isRunRecent, type LockOptions, withLock } from '../../../src/store/lock.ts';
import { openStore, type Store } from '../../../src/store/store.ts';

let folder: string;
let store: Store;
let held = false;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netform-lock-'));
  store = openStore({ state: join(folder, 'lib'), run: join(folder, 'run'), owner: process.getuid?.() ?? 0 });
  held = false;
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Stands for the kernel's lock: taken once, free again when the holder's work has ended. */
const options = (command: string, timeoutMs = 0): LockOptions => ({
  command,
  timeoutMs,
  flock: () => {
    if (held) return false;
    held = true;
    return true;
  },
});

const free = (): void => {
  held = false;
};

test('the second one is told who holds the lock, since when and doing what', async () => {
  await withLock(store, options('apply red.yaml'), async () => {
    const second = withLock(store, options('destroy red'), () => 'never');
    await expect(second).rejects.toMatchObject({ code: 'E_LOCKED', exitCode: 8 });
    const message = new RegExp(`process ${process.pid} \\(apply red.yaml\\), since 20\\d\\d-.*Z`);
    await expect(withLock(store, options('plan'), () => 'never')).rejects.toThrow(message);
  });
});

test('a waiting one gets it when it is free', async () => {
  held = true;
  setTimeout(free, 150);
  await expect(withLock(store, options('apply', 5000), () => 'done')).resolves.toBe('done');
});

test('the file stays, names the last holder only, and is for its owner', async () => {
  const path = join(store.run, 'lock');
  await withLock(store, options('apply a-topology-with-a-long-name.yaml'), free);
  await expect(withLock(store, options('plan'), () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(readFileSync(path, 'utf8')).toMatch(/^\d+\nplan\n\S+Z\n$/);
  expect([store.run, path].map((one) => statSync(one).mode & 0o777)).toEqual([0o700, 0o600]);
});

test('M20: a run is recent while it holds the lock, and a moment after', async () => {
  expect(isRunRecent(store, 60_000), 'there was none').toBe(false);
  await withLock(store, options('apply'), () => {});
  free();
  expect(isRunRecent(store, 60_000)).toBe(true);
  expect(isRunRecent(store, -60_000), 'long ago').toBe(false);
});
