import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { processFolder } from '../../model/kernel/lab-process.ts';
import { bootId } from '../boot.ts';
import { catchErrno } from '../errno.ts';
import { cgroupPids } from './process-cgroup.ts';
import type { ProcessKey, ProcessRecord } from './process-record.ts';
import { type ProcessStatus, readProcessStatus } from './process-status.ts';
import { PROGRAM_FILES } from './program-script.ts';

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
  const supervised = readNumber(join(folder, PROGRAM_FILES.service, 'supervise/pid'));
  const hasSupervisor = main !== null && supervised !== null;
  const program = hasSupervisor ? ownProcess(supervised, record, main.pid) : main;
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
