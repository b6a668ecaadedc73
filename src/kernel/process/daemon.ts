import { closeSync, constants, existsSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
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
import { checkConfiguration, type GatedChild, spawnGated } from './gate.ts';
import { openProcess } from './pidfd.ts';
import { cgroupPids, chooseCgroup, enterCgroup, makeCgroup, removeCgroup } from './process-cgroup.ts';
import { isProcessReady, lastLines } from './process-ready.ts';
import {
  hasOtherUnits,
  type ProcessKey,
  type ProcessRecord,
  processLog,
  readProcessLog,
  readProcessRecord,
  removeEmptyRunFolders,
  removeProcessRecord,
  writeProcessRecord,
} from './process-record.ts';
import { readProcessStatus, sessionPids } from './process-status.ts';
import { PROGRAM_FILES } from './program-script.ts';
import { findMain, isAlive, lookAtProcess, type ProcessLook, readProgramState } from './program-state.ts';
import { type DaemonPlace, fullEnvironment, isTermed, spawnProgram } from './spawn-program.ts';
import { chooseUnit, removeSlices, startUnit, stopUnit, unitCgroup } from './units/unit.ts';
import { awaitUnitOutput } from './units/unit-output.ts';

const READY_TIMEOUT_SECONDS = 10;
const AT_ONCE_MS = 1000;
const TERM_TIMEOUT_MS = 3000;
const KILL_TIMEOUT_MS = 3000;
/** How long what a program has written is waited for after its end: what it has started may go on. */
const LAST_WORDS_MS = 200;
const POLL_MS = 10;
/** A program that has run for so long, without a better sign, is started. */
const SETTLE_MS = 50;
/** Its supervisor has to be there before. */
const SUPERVISED_SETTLE_MS = 400;
const LOG_LINES = 5;
const PRIVATE = 0o700;

/**
 * Starts a process: what there is of it is ended first. Where systemd runs it is a unit, whose name is written down before.
 * Elsewhere its control group is made and written down before the child is born, and the child waits until it is written down
 * itself. Comes back before it is ready.
 */
export function startDaemon(lab: string, description: ProcessDescription, { session, bytesOf }: DaemonPlace): void {
  const key = keyOf(lab, description);
  stopDaemon(key, { forGood: false });
  const unit = chooseUnit(key, session);
  const record: ProcessRecord = {
    version: 1,
    bootId: bootId(),
    cgroup: unit === null ? chooseCgroup() : unitCgroup(key, unit),
    pid: 0,
    startTime: '',
    cookie: netnsCookie(session.socket),
    spec: description as unknown as Spec,
    ...(unit === null ? {} : { unit }),
  };
  writeProcessRecord(key, record);
  const { folder, privateFolders } = description;
  if (folder !== null) mkdirSync(folder, { recursive: true, mode: PRIVATE });
  makeMountPoints(privateFolders);
  if (unit !== null) {
    startUnit(key, description, { unit, environment: fullEnvironment(description, bytesOf) });
    return;
  }
  if (record.cgroup !== null) makeCgroup(record.cgroup);
  const child = isTermed(description)
    ? spawnProgram(key, description, { session, bytesOf })
    : spawnWithLog(key, description, session);
  try {
    const startTime = readProcessStatus(child.pid)?.startTime ?? '';
    if (record.cgroup !== null) enterCgroup(record.cgroup, child.pid);
    writeProcessRecord(key, { ...record, pid: child.pid, startTime });
    writeFileSync(pidFile(key), `${child.pid}\n`, { mode: 0o600 });
    child.open();
  } finally {
    child.close();
  }
}

function spawnWithLog(key: ProcessKey, description: ProcessDescription, session: NetnsSession): GatedChild {
  const log = openSync(processLog(key), LOG_FLAGS, 0o600);
  try {
    return inNetns(session.fd, () => spawnGated(description, log));
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
  const { name, ready } = description;
  const seconds = description.terms?.readySeconds ?? READY_TIMEOUT_SECONDS;
  const isSupervised = (description.terms?.restart ?? 'never') !== 'never';
  const settleMs = isSupervised && !record?.unit ? SUPERVISED_SETTLE_MS : SETTLE_MS;
  const begun = Date.now();
  for (;;) {
    const age = Date.now() - begun;
    const found = record === null ? ENDED : lookAtProcess(key, record);
    const hasEnded = !found.isRunning || (found.restarts ?? 0) > 0 || (found.exitCode ?? null) !== null;
    if (record === null || hasEnded) throw endedEarly(key, record, age);
    const isSettled = ready.by !== 'running' || age >= settleMs;
    if (isSettled && found.pid > 0 && isProcessReady(ready, { session, pid: found.pid })) {
      if (isTermed(description)) writeProcessRecord(key, { ...record, wasReady: true });
      return;
    }
    if (age > seconds * 1000) throw sysError('ETIMEDOUT', `${name} was not ready after ${seconds} s${output(key)}`);
    sleep(POLL_MS);
  }
}

const ENDED: ProcessLook = { isRunning: false, pid: 0 };

/** The error of a process that has ended after so many milliseconds, with its exit code and last lines. */
function endedEarly(key: ProcessKey, record: ProcessRecord | null, age: number): Error {
  if (record?.unit) awaitUnitOutput();
  else if (record !== null) awaitLastWords(record);
  const when = age < AT_ONCE_MS ? 'at once' : 'before it was ready';
  const how = record === null ? '' : endText(lookAtProcess(key, record));
  return sysError('ECHILD', `${key.name} ended ${when}${how}${output(key)}`);
}

function awaitLastWords(record: ProcessRecord): void {
  const handle = openProcess(record);
  handle?.waitForEnd(LAST_WORDS_MS);
  handle?.close();
}

const endText = ({ exitCode }: { readonly exitCode?: number | null }): string =>
  exitCode == null ? '' : ` with exit code ${exitCode}`;

/** Has a process's configuration checked in its namespace. Throws with what the program says of it. */
export function checkDaemon(description: ProcessDescription, session: NetnsSession): void {
  makeMountPoints(description.privateFolders);
  const complaint = inNetns(session.fd, () => checkConfiguration(description));
  if (complaint !== null)
    throw sysError(
      'EINVAL',
      `${description.name} refuses its configuration: ${lastLines(complaint, LOG_LINES).join('; ')}`,
    );
}

/** Has a process read its files again. Throws ESRCH when it is gone. */
export function reloadDaemon(lab: string, description: ProcessDescription): void {
  const key = keyOf(lab, description);
  const record = readProcessRecord(key);
  const main = record === null ? null : findMain(key, record);
  const handle = main === null ? null : openProcess(main);
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
  if (record !== null && record.bootId === bootId()) endProcesses(key, record);
  for (const name of Object.values(PROGRAM_FILES))
    rmSync(join(processFolder(key.lab, key.netns, key.name), name), { recursive: true, force: true });
  if (!forGood) return;
  if (record?.unit && !hasOtherUnits(key, 'lab')) removeSlices(key.lab, { isLastLab: !hasOtherUnits(key, 'machine') });
  const { folder } = (record?.spec ?? {}) as unknown as Partial<ProcessDescription>;
  if (typeof folder === 'string') {
    rmSync(folder, { recursive: true, force: true });
    removeEmptyRunFolders(dirname(folder));
  }
  removeProcessRecord(key);
  // Files of programs were perhaps in a folder beside it, which was not empty when these went.
  removeEmptyFolders();
}

function endProcesses(key: ProcessKey, record: ProcessRecord): void {
  if (record.unit) {
    stopUnit(key, record.unit);
    return;
  }
  const main = isTermed(record.spec) ? readProgramState(key, record).main : null;
  // The script of a program has its end from it; asked itself it would leave the program behind.
  const asked = main === null ? null : openProcess(main);
  const handle = record.pid > 0 ? openProcess(record) : null;
  (asked ?? handle)?.signal('SIGTERM');
  const isGone = asked?.waitForEnd(TERM_TIMEOUT_MS) ?? true;
  const isOver = handle?.waitForEnd(asked === null ? TERM_TIMEOUT_MS : LAST_WORDS_MS) ?? true;
  if (handle !== null && (!isGone || !isOver || record.cgroup === null)) killSession(record);
  for (const one of [asked, handle]) {
    if (!isGone || !isOver) one?.signal('SIGKILL');
    if (!isGone || !isOver) one?.waitForEnd(KILL_TIMEOUT_MS);
    one?.close();
  }
  if (record.cgroup !== null) removeCgroup(record.cgroup, KILL_TIMEOUT_MS);
}

/** Without a control group it is the session that holds together what a process has started. */
const killSession = ({ pid }: ProcessRecord): void => {
  for (const one of sessionPids(pid)) catchErrno(['ESRCH'], () => process.kill(one, 'SIGKILL'));
};

/** The numbers of a process and of what it has started, as far as they can be known. */
export const processPids = (record: ProcessRecord): readonly number[] => {
  if (record.bootId !== bootId()) return [];
  const isThere = isAlive(record);
  // The number of a session that has ended may be another's now.
  const session = isThere && record.cgroup === null ? sessionPids(record.pid) : [];
  const inGroup = record.cgroup === null ? [] : cgroupPids(record.cgroup);
  return [...new Set([...(isThere ? [record.pid] : []), ...session, ...inGroup])];
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

const output = (key: ProcessKey): string => {
  const lines = lastLines(readProcessLog(key), LOG_LINES);
  return lines.length === 0 ? ' and said nothing' : `: ${lines.join('; ')}`;
};

const pidFile = (key: ProcessKey): string => join(processFolder(key.lab, key.netns, key.name), 'pid');

const keyOf = (lab: string, { netns, name }: ProcessDescription): ProcessKey => ({ lab, netns, name });
