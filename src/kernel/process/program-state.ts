import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { processFolder } from '../../model/kernel/lab-process.ts';
import type { ProcessLive } from '../../model/kernel/process-live.ts';
import { bootId } from '../boot.ts';
import { catchErrno } from '../errno.ts';
import type { ProcessIdentity } from './pidfd.ts';
import { cgroupPids } from './process-cgroup.ts';
import type { ProcessKey, ProcessRecord, ProcessUnit } from './process-record.ts';
import { type ProcessStatus, readProcessStatus, sessionPids } from './process-status.ts';
import { PROGRAM_FILES } from './program-script.ts';
import { isTermed } from './spawn-program.ts';
import { isUnitLoaded } from './units/unit.ts';

/** What is there of a program of the user's, as its script has written it down. */
export type ProgramState = {
  /** Its script has started something. */
  readonly isBegun: boolean;
  /** The child of the script, the program or its supervisor; null: it does not run. */
  readonly main: ProgramProcess | null;
  /** The program itself; null: it does not run. Under a supervisor it comes and goes. */
  readonly program: ProgramProcess | null;
  /** How it ended last; null: it has not, or that was not seen. */
  readonly exitCode: number | null;
  readonly restarts: number;
};

export type ProgramProcess = ProcessStatus & { readonly pid: number };

/** Looks at a program by the record of its process. A number in a file counts only as long as it is of the same process. */
export function readProgramState(key: ProcessKey, record: ProcessRecord): ProgramState {
  const folder = processFolder(key.lab, key.netns, key.name);
  const restarts = readNumber(join(folder, PROGRAM_FILES.restarts)) ?? 0;
  const exitCode = readNumber(join(folder, PROGRAM_FILES.exit));
  if (record.pid === 0 || record.bootId !== bootId())
    return { isBegun: false, main: null, program: null, exitCode, restarts };
  const number = readNumber(join(folder, PROGRAM_FILES.main));
  const main = ownProcess(number, record);
  const service = join(folder, PROGRAM_FILES.service);
  const supervised = readNumber(join(service, 'supervise/pid'));
  const program = existsSync(service) && main !== null ? ownProcess(supervised, record, main.pid) : main;
  return { isBegun: number !== null, main, program, exitCode, restarts };
}

/** Only a child of what we have started, or what is in its session or control group, is it. */
function ownProcess(pid: number | null, record: ProcessRecord, parent = record.pid): ProgramProcess | null {
  const status = pid === null || pid === 0 ? null : readProcessStatus(pid);
  if (pid === null || status === null || status.isZombie) return null;
  const isOwn =
    status.parent === parent ||
    status.session === record.pid ||
    (record.cgroup !== null && cgroupPids(record.cgroup).includes(pid));
  return isOwn ? { pid, ...status } : null;
}

function readNumber(path: string): number | null {
  const text = catchErrno(['ENOENT', 'ENOTDIR'], () => readFileSync(path, 'latin1').trim()) ?? '';
  return /^\d+$/.test(text) ? Number(text) : null;
}

/** Whether a process runs, with the number of the program itself, and how it ended. */
export function lookAtProcess(key: ProcessKey, record: ProcessRecord): ProcessLook {
  if (record.unit) return lookAtUnit(key, { ...record, unit: record.unit });
  if (!isTermed(record.spec)) {
    const isRunning = isAlive(record);
    return { isRunning, pid: record.pid };
  }
  const { isBegun, main, program, exitCode, restarts } = readProgramState(key, record);
  const isSupervised = record.spec.terms.restart !== 'never';
  const isRunning = isAlive(record) && (main !== null || !isBegun);
  // Its supervisor stays, and does not start again what ended well.
  const isOver = !isRunning || (record.spec.terms.restart === 'on-failure' && program === null);
  return {
    isRunning,
    pid: (isSupervised ? program : main)?.pid ?? 0,
    exitCode: program === null ? exitCode : null,
    ...(isSupervised ? { restarts } : {}),
    ...(isOver && record.wasReady && exitCode === 0 ? { hasFinished: true } : {}),
  };
}

/** Whether a unit of systemd runs, by what its scripts have written down, and by what systemd has under its name. */
function lookAtUnit(key: ProcessKey, record: ProcessRecord & { readonly unit: ProcessUnit }): ProcessLook {
  const terms = isTermed(record.spec) ? record.spec.terms : null;
  const isSupervised = terms !== null && terms.restart !== 'never';
  const program = unitProgram(key, record);
  const folder = processFolder(key.lab, key.netns, key.name);
  const exitCode = program === null ? readNumber(join(folder, PROGRAM_FILES.exit)) : null;
  // One that has ended is not gone yet; one that has not begun yet, or is to be started again, runs.
  const isExpected = record.bootId === bootId() && (isSupervised || exitCode === null) && isUnitLoaded(record.unit);
  const isRunning = program !== null || isExpected;
  const restarts = readNumber(join(folder, PROGRAM_FILES.restarts)) ?? 0;
  return {
    ...{ isRunning, pid: program?.pid ?? 0, exitCode },
    ...(isSupervised ? { restarts } : {}),
    ...(terms !== null && !isRunning && record.wasReady && exitCode === 0 ? { hasFinished: true } : {}),
  };
}

/** The program of a unit: the number that its script has written down, as long as it is in the control group of the unit. */
function unitProgram(key: ProcessKey, { cgroup, bootId: boot }: ProcessRecord): ProgramProcess | null {
  if (cgroup === null || boot !== bootId()) return null;
  const pid = readNumber(join(processFolder(key.lab, key.netns, key.name), PROGRAM_FILES.main));
  const status = pid !== null && cgroupPids(cgroup).includes(pid) ? readProcessStatus(pid) : null;
  return pid === null || status === null || status.isZombie ? null : { pid, ...status };
}

/** A program, or the process that stands for it, as long as it runs: what is asked to end or to read its files again. */
export function findMain(key: ProcessKey, record: ProcessRecord): ProcessIdentity | null {
  if (record.unit) return unitProgram(key, record);
  return record.pid > 0 ? record : null;
}

export type ProcessLook = Pick<ProcessLive, 'exitCode' | 'restarts' | 'pid'> & {
  readonly isRunning: boolean;
  /** It ended with 0 after it was ready. */
  readonly hasFinished?: true;
};

/** Whether the program itself runs; of a program of the user's: its script. */
export const isAlive = ({ pid, startTime, bootId: boot }: ProcessRecord): boolean => {
  const status = pid > 0 && boot === bootId() ? readProcessStatus(pid) : null;
  return status !== null && !status.isZombie && status.startTime === startTime;
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
