import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { bootId, bootSeconds } from '../../kernel/boot.ts';
import {
  type DetachedProgram,
  findSystemdRun,
  startDetachedProgram,
  toSystemdUnit,
} from '../../kernel/process/detached-process.ts';
import { EXIT, netformError } from '../../model/error.ts';
import type { ConfirmDeadline } from '../../model/journal.ts';
import { elapsedMs } from '../../model/values/elapsed.ts';
import { removeRollbackNote } from '../../store/rollback-note.ts';
import { ensurePrivateFolder, type Store } from '../../store/store.ts';
import { entryPath } from '../assets.ts';

/** A run, and the seconds in which it has to be confirmed. */
type TimedRun = { readonly lab: string; readonly run: string; readonly seconds: number };

const READY_TIMEOUT_MS = 5000;
const POLL_MS = 10;

/**
 * Starts the rollback timer of a run, and resolves when it is ready. Throws E_WATCHER when that takes more than five
 * seconds: nothing may be changed then.
 */
export async function startRollbackTimer(store: Store, { lab, run, seconds }: TimedRun): Promise<ConfirmDeadline> {
  ensurePrivateFolder(store, store.run);
  removeRollbackNote(store, lab);
  const ready = join(store.run, `armed.${run}`);
  const log = join(store.run, `confirm.${lab}.log`);
  const watcher = { file: process.execPath, args: [...process.execArgv, ROLLBACK_TIMER, lab, run, ready], log };
  const systemdRun = findSystemdRun();
  const unit = systemdRun === null ? null : toSystemdUnit(`netform-confirm-${lab}`, watcher, systemdRun);
  try {
    if (!(await startAndAwaitReady(unit ?? watcher, ready)) && !(unit && (await startAndAwaitReady(watcher, ready))))
      throw timerStartError(log);
  } finally {
    rmSync(ready, { force: true });
  }
  return { seconds, deadline: bootSeconds() + seconds, bootId: bootId() };
}

const ROLLBACK_TIMER = entryPath('rollback-timer');

async function startAndAwaitReady(program: DetachedProgram, ready: string): Promise<boolean> {
  startDetachedProgram(program);
  const deadline = elapsedMs() + READY_TIMEOUT_MS;
  while (!existsSync(ready)) {
    if (elapsedMs() > deadline) return false;
    await setTimeout(POLL_MS);
  }
  return true;
}

function timerStartError(log: string): Error {
  const said = existsSync(log) ? readFileSync(log, 'utf8').trim() : '';
  return netformError('E_WATCHER', EXIT.internal, 'could not start the rollback timer for --confirm', {
    details: said === '' ? [] : said.split('\n').slice(0, 10),
    hint: 'nothing was changed',
  });
}
