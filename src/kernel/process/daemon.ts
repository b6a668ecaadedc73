import { closeSync, constants, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Spec } from '../../model/json.ts';
import { type ProcessDescription, processFolder } from '../../model/kernel/lab-process.ts';
import { bootId } from '../boot.ts';
import { catchErrno, sysError } from '../errno.ts';
import { openFolderMaker, removeEmptyFolders } from '../files/created-folders.ts';
import { netnsCookie } from '../libc.ts';
import { inNetns } from '../netns/netns.ts';
import type { NetnsSession } from '../netns/sessions.ts';
import { sleep } from '../sleep.ts';
import { spawnGated } from './gate.ts';
import { openProcess } from './pidfd.ts';
import { cgroupPids, chooseCgroup, enterCgroup, makeCgroup, removeCgroup } from './process-cgroup.ts';
import { isProcessReady, lastLines } from './process-ready.ts';
import {
  type ProcessKey,
  type ProcessRecord,
  processLog,
  readProcessRecord,
  removeEmptyRunFolders,
  removeProcessRecord,
  writeProcessRecord,
} from './process-record.ts';
import { readProcessStatus } from './process-status.ts';

const READY_TIMEOUT_MS = 10_000;
const TERM_TIMEOUT_MS = 3000;
const KILL_TIMEOUT_MS = 3000;
const POLL_MS = 10;
/** A program that has run for so long, without a better sign, is started. */
const SETTLE_MS = 50;
const LOG_LINES = 5;
const PRIVATE = 0o700;

/**
 * Starts a process: what there is of it is ended first. Its control group is made and written down before the child is
 * born, the child waits until it is written down itself. Comes back before it is ready.
 */
export function startDaemon(lab: string, description: ProcessDescription, session: NetnsSession): void {
  const key = keyOf(lab, description);
  stopDaemon(key, { forGood: false });
  const { folder, privateFolders } = description;
  if (folder !== null) mkdirSync(folder, { recursive: true, mode: PRIVATE });
  makeMountPoints(privateFolders);
  const record: ProcessRecord = {
    version: 1,
    bootId: bootId(),
    cgroup: chooseCgroup(),
    pid: 0,
    startTime: '',
    cookie: netnsCookie(session.socket),
    spec: description as unknown as Spec,
  };
  writeProcessRecord(key, record);
  if (record.cgroup !== null) makeCgroup(record.cgroup);
  const log = openSync(processLog(key), LOG_FLAGS, 0o600);
  try {
    const child = inNetns(session.fd, () => spawnGated(description, log));
    try {
      const startTime = readProcessStatus(child.pid)?.startTime ?? '';
      if (record.cgroup !== null) enterCgroup(record.cgroup, child.pid);
      writeProcessRecord(key, { ...record, pid: child.pid, startTime });
      writeFileSync(pidFile(key), `${child.pid}\n`, { mode: 0o600 });
      child.open();
    } finally {
      child.close();
    }
  } finally {
    closeSync(log);
  }
}

const LOG_FLAGS =
  constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND | constants.O_NOFOLLOW;

/** Waits until a process that was started is ready. Throws with its last lines when it ends before, or takes too long. */
export function awaitReady(lab: string, description: ProcessDescription, session: NetnsSession): void {
  const key = keyOf(lab, description);
  const record = readProcessRecord(key);
  const begun = Date.now();
  for (;;) {
    const age = Date.now() - begun;
    if (record === null || !isAlive(record))
      throw sysError('ECHILD', `${description.name} ended at once${output(key)}`);
    const isSettled = description.ready.by !== 'running' || age >= SETTLE_MS;
    if (isSettled && isProcessReady(description.ready, session)) return;
    if (age > READY_TIMEOUT_MS)
      throw sysError('ETIMEDOUT', `${description.name} was not ready after ${READY_TIMEOUT_MS / 1000} s${output(key)}`);
    sleep(POLL_MS);
  }
}

/** Has a process read its files again. Throws ESRCH when it is gone. */
export function reloadDaemon(lab: string, description: ProcessDescription): void {
  const key = keyOf(lab, description);
  const record = readProcessRecord(key);
  const handle = record === null ? null : openProcess(record);
  if (record === null || handle === null) throw sysError('ESRCH', `${description.name} does not run any more`);
  try {
    writeProcessRecord(key, { ...record, spec: description as unknown as Spec });
    handle.signal(`SIG${description.reload ?? 'HUP'}`);
  } finally {
    handle.close();
  }
}

/**
 * Ends a process and all that it has started: asked first (SIGTERM), then killed with its control group, or, without one,
 * its session. `forGood`: its output goes too, and the folder for what it writes.
 */
export function stopDaemon(key: ProcessKey, { forGood }: { readonly forGood: boolean }): void {
  const record = readProcessRecord(key);
  if (record !== null && record.bootId === bootId()) endProcesses(record);
  if (!forGood) return;
  const { folder, privateFolders } = (record?.spec ?? {}) as unknown as Partial<ProcessDescription>;
  if (typeof folder === 'string') {
    rmSync(folder, { recursive: true, force: true });
    removeEmptyRunFolders(dirname(folder));
  }
  removeProcessRecord(key);
  if (Object.keys(privateFolders ?? {}).length > 0) removeEmptyFolders();
}

function endProcesses(record: ProcessRecord): void {
  const handle = record.pid > 0 ? openProcess(record) : null;
  if (handle !== null) {
    handle.signal('SIGTERM');
    if (!handle.waitForEnd(TERM_TIMEOUT_MS)) {
      catchErrno(['ESRCH'], () => process.kill(-record.pid, 'SIGKILL'));
      handle.signal('SIGKILL');
      handle.waitForEnd(KILL_TIMEOUT_MS);
    }
    handle.close();
  }
  if (record.cgroup !== null) removeCgroup(record.cgroup, KILL_TIMEOUT_MS);
}

/** Whether the program itself runs. */
export const isAlive = ({ pid, startTime, bootId: boot }: ProcessRecord): boolean => {
  const status = pid > 0 && boot === bootId() ? readProcessStatus(pid) : null;
  return status !== null && !status.isZombie && status.startTime === startTime;
};

/** The numbers of a process and of what it has started, as far as they can be known. */
export const processPids = (record: ProcessRecord): readonly number[] => {
  const own = isAlive(record) ? [record.pid] : [];
  const inGroup = record.cgroup === null || record.bootId !== bootId() ? [] : cgroupPids(record.cgroup);
  return [...new Set([...own, ...inGroup])];
};

/** The places at which private folders are seen have to be there. */
function makeMountPoints(folders: ProcessDescription['privateFolders']): void {
  for (const source of Object.values(folders)) mkdirSync(source, { recursive: true, mode: PRIVATE });
  const missing = Object.keys(folders).filter((path) => !existsSync(path));
  if (missing.length === 0) return;
  const maker = openFolderMaker(missing.map((path) => join(path, 'any')));
  for (const path of missing) maker.around(join(path, 'any'), () => {});
  maker.finish();
}

function output(key: ProcessKey): string {
  const text = catchErrno(['ENOENT'], () => readFileSync(processLog(key), 'utf8')) ?? '';
  const lines = lastLines(text, LOG_LINES);
  return lines.length === 0 ? ' and said nothing' : `: ${lines.join('; ')}`;
}

const pidFile = (key: ProcessKey): string => join(processFolder(key.lab, key.netns, key.name), 'pid');

const keyOf = (lab: string, { netns, name }: ProcessDescription): ProcessKey => ({ lab, netns, name });
