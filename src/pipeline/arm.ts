import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { bootId, bootSeconds } from '../kernel/boot.ts';
import { asUnit, type Detached, findSystemdRun, startDetached } from '../kernel/spawn.ts';
import { EXIT, netformError } from '../model/error.ts';
import type { Confirm } from '../model/journal.ts';
import { removeNote } from '../store/note.ts';
import { ensureFolder, ROOTS } from '../store/roots.ts';
import { programPath } from './shipped.ts';

const ARMED_WITHIN_MS = 5000;
const POLL_MS = 10;

/**
 * Starts the watcher that undoes this run of a lab unless it is confirmed within `seconds`, and comes back when it is
 * ready. Throws E_WATCHER when it is not within five seconds: then nothing may be changed.
 */
export async function arm(lab: string, run: string, seconds: number): Promise<Confirm> {
  ensureFolder(ROOTS, ROOTS.run);
  removeNote(ROOTS, lab);
  const ready = join(ROOTS.run, `armed.${run}`);
  const log = join(ROOTS.run, `confirm.${lab}.log`);
  const watcher = { file: process.execPath, args: [...process.execArgv, WATCHER, lab, run, ready], log };
  const systemdRun = findSystemdRun();
  const unit = systemdRun === null ? null : asUnit(`netform-confirm-${lab}`, watcher, systemdRun);
  try {
    if (!(await isReady(unit ?? watcher, ready)) && !(unit && (await isReady(watcher, ready)))) throw notArmed(log);
  } finally {
    rmSync(ready, { force: true });
  }
  return { seconds, deadline: bootSeconds() + seconds, bootId: bootId() };
}

const WATCHER = programPath('watcher');

async function isReady(program: Detached, ready: string): Promise<boolean> {
  startDetached(program);
  const deadline = performance.now() + ARMED_WITHIN_MS;
  while (!existsSync(ready)) {
    if (performance.now() > deadline) return false;
    await setTimeout(POLL_MS);
  }
  return true;
}

function notArmed(log: string): Error {
  const said = existsSync(log) ? readFileSync(log, 'utf8').trim() : '';
  return netformError('E_WATCHER', EXIT.internal, 'the watcher that would undo the run did not start', {
    details: said === '' ? [] : said.split('\n').slice(0, 10),
    hint: 'nothing was changed',
  });
}
