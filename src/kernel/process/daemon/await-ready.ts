import type { ProcessDescription } from '../../../model/kernel/lab-process.ts';
import { sysError } from '../../errno.ts';
import type { NetnsSession } from '../../netns/sessions.ts';
import { sleep } from '../../sleep.ts';
import { openProcess } from '../pidfd.ts';
import { isProcessReady, lastLines } from '../process-ready.ts';
import {
  type ProcessKey,
  type ProcessRecord,
  processKeyOf,
  readProcessLog,
  readProcessRecord,
  writeProcessRecord,
} from '../process-record.ts';
import { lookAtProcess, type ProcessLook } from '../program-state.ts';
import { isTermed } from '../spawn-program.ts';
import { awaitUnitOutput } from '../units/unit-output.ts';
import type { AttemptStep } from './attempt-step.ts';

const READY_TIMEOUT_SECONDS = 10;
const AT_ONCE_MS = 1000;
/** How long what a program has written is waited for after its end: what it has started may go on. */
const LAST_WORDS_MS = 200;
const POLL_MS = 10;
/** A program that has run for so long, without a better sign, is started. */
const SETTLE_MS = 50;
/** Its supervisor has to be there before. */
const SUPERVISED_SETTLE_MS = 400;

/** A process that was started. */
export type ReadyRequest = {
  readonly lab: string;
  readonly process: ProcessDescription;
  readonly session: NetnsSession;
  readonly attempt: AttemptStep;
};

type AwaitedProcess = ReadyRequest & { readonly key: ProcessKey; readonly record: ProcessRecord | null };

/**
 * Waits until processes that were started together are ready. One fails, with its last lines, when it ends before, or when it takes
 * too long: on a machine that is busy with the start of many, its time begins again with each other one that has become ready.
 */
export function awaitReady(requests: readonly ReadyRequest[]): void {
  const begun = Date.now();
  let progress = begun;
  let pending: AwaitedProcess[] = [];
  for (const one of requests) {
    const key = processKeyOf(one.lab, one.process);
    one.attempt(() => void pending.push({ ...one, key, record: readProcessRecord(key) }));
  }
  while (pending.length > 0) {
    const round = Date.now();
    const waiting: AwaitedProcess[] = [];
    for (const one of pending) {
      one.attempt(() => {
        if (isReadyNow(one, Date.now() - begun)) progress = Date.now();
        else waiting.push(one);
      });
    }
    const late = Date.now() - progress;
    pending = waiting.filter((one) => one.attempt(() => checkTime(one, late)));
    // To look at many leaves them time, too.
    if (pending.length > 0) sleep(Math.max(POLL_MS, Date.now() - round));
  }
}

/** Whether a process is ready after so many milliseconds, which is then written down. Throws ECHILD when it has ended. */
function isReadyNow({ key, record, process, session }: AwaitedProcess, age: number): boolean {
  const found = record === null ? ENDED : lookAtProcess(key, record);
  const hasEnded = !found.isRunning || (found.restarts ?? 0) > 0 || (found.exitCode ?? null) !== null;
  if (record === null || hasEnded) throw endedEarly(key, record, age);
  const { ready, terms } = process;
  const isSupervised = (terms?.restart ?? 'never') !== 'never';
  const settleMs = isSupervised && !record.unit ? SUPERVISED_SETTLE_MS : SETTLE_MS;
  if ((ready.by === 'running' && age < settleMs) || found.pid <= 0) return false;
  if (!isProcessReady(ready, { session, pid: found.pid })) return false;
  if (isTermed(process)) writeProcessRecord(key, { ...record, wasReady: true });
  return true;
}

function checkTime({ key, process }: AwaitedProcess, late: number): void {
  const seconds = process.terms?.readySeconds ?? READY_TIMEOUT_SECONDS;
  if (late > seconds * 1000)
    throw sysError('ETIMEDOUT', `${key.name} was not ready after ${seconds} s${lastOutput(key)}`);
}

const ENDED: ProcessLook = { isRunning: false, pid: 0 };

/** The error of a process that has ended after so many milliseconds, with its exit code and last lines. */
function endedEarly(key: ProcessKey, record: ProcessRecord | null, age: number): Error {
  if (record?.unit) awaitUnitOutput();
  else if (record !== null) awaitLastWords(record);
  const when = age < AT_ONCE_MS ? 'at once' : 'before it was ready';
  const how = record === null ? '' : endText(lookAtProcess(key, record));
  return sysError('ECHILD', `${key.name} ended ${when}${how}${lastOutput(key)}`);
}

function awaitLastWords(record: ProcessRecord): void {
  const handle = openProcess(record);
  handle?.waitForEnd(LAST_WORDS_MS);
  handle?.close();
}

const endText = ({ exitCode }: { readonly exitCode?: number | null }): string =>
  exitCode == null ? '' : ` with exit code ${exitCode}`;

const lastOutput = (key: ProcessKey): string => {
  const lines = lastLines(readProcessLog(key));
  return lines.length === 0 ? ' and said nothing' : `: ${lines.join('; ')}`;
};
