import type { ProcessDescription } from '../../../model/kernel/lab-process.ts';
import { sysError } from '../../errno.ts';
import type { NetnsSession } from '../../netns/sessions.ts';
import { sleep } from '../../sleep.ts';
import { openProcess } from '../pidfd.ts';
import { isProcessReady, lastLines } from '../process-ready.ts';
import {
  type ProcessKey,
  type ProcessRecord,
  readProcessLog,
  readProcessRecord,
  writeProcessRecord,
} from '../process-record.ts';
import { lookAtProcess, type ProcessLook } from '../program-state.ts';
import { isTermed } from '../spawn-program.ts';
import { awaitUnitOutput } from '../units/unit-output.ts';

const READY_TIMEOUT_SECONDS = 10;
const AT_ONCE_MS = 1000;
/** How long what a program has written is waited for after its end: what it has started may go on. */
const LAST_WORDS_MS = 200;
const POLL_MS = 10;
/** A program that has run for so long, without a better sign, is started. */
const SETTLE_MS = 50;
/** Its supervisor has to be there before. */
const SUPERVISED_SETTLE_MS = 400;
const LOG_LINES = 5;

/** Waits until a process that was started is ready. Throws with its last lines when it ends before, or takes too long. */
export function awaitReady(lab: string, description: ProcessDescription, session: NetnsSession): void {
  const key = { lab, netns: description.netns, name: description.name };
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

const output = (key: ProcessKey): string => {
  const lines = lastLines(readProcessLog(key), LOG_LINES);
  return lines.length === 0 ? ' and said nothing' : `: ${lines.join('; ')}`;
};
