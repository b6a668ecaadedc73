import { spawnSync } from 'node:child_process';
import { appendFileSync, writeSync } from 'node:fs';
import type { Instruction } from '../src/model/instruction.ts';
import type { JournalRecord } from '../src/model/journal.ts';
import type { Failure, Machine } from '../src/model/machine.ts';
import type { Session } from '../src/pipeline/session.ts';
import { encodeJournalLine } from '../src/store/journal-record.ts';

/**
 * Faults on purpose, for the campaign: it wraps the machine and the store that it gives the pipeline. Nothing of src
 * imports this file, and what is shipped does not contain it.
 *
 * NETFORM_FAULT is a list, with commas, of `ACTION@PLACE:N[:DETAIL]`. PLACE: `instruction` counts the instructions that
 * the machine executes, from 1; `rollback` counts likewise after the first fault; `journal` counts the records that are
 * appended. N with a `-` behind it means all from there on.
 * ACTION: `fail` (DETAIL is the errno; ETIMEDOUT executes the instruction and fails all the same), `kill` (-9, when the
 * Nth is done), `tear` (-9 when half of the record is written), `signal` (DETAIL is the signal, to this process) and `run`
 * (DETAIL is a file for sh, run before the Nth). With NETFORM_FAULT_LOG, that file gets the three counts as JSON.
 */
type Fault = {
  readonly action: string;
  readonly place: FaultSite;
  readonly nth: number;
  readonly last: number;
  readonly detail: string;
};
type FaultSite = 'instruction' | 'rollback' | 'journal';

/** The faults of one session, and what it has done so far. */
type FaultState = {
  readonly faults: readonly Fault[];
  readonly counts: { instruction: number; rollback: number; journal: number };
  hasFired: boolean;
};

/** A session with the faults that the environment names at this moment. */
export function withFaults(session: Session): Session {
  const { machine, store } = session;
  const state: FaultState = {
    faults: parseFaults(process.env['NETFORM_FAULT'] ?? ''),
    counts: { instruction: 0, rollback: 0, journal: 0 },
    hasFired: false,
  };
  return {
    ...session,
    machine: {
      ...machine,
      execute: (batch) => executeWithFaults(state, machine, batch),
      close: () => {
        logCounts(state);
        machine.close();
      },
    },
    store: { ...store, appendRecord: (fd, record) => appendWithFaults(state, store, { fd, record }) },
  };
}

type Append = { readonly fd: number; readonly record: JournalRecord };

function appendWithFaults(state: FaultState, store: Session['store'], { fd, record }: Append): void {
  state.counts.journal += 1;
  const fault = state.faults.find((one) => one.place === 'journal' && isFaultAt(one, state.counts.journal));
  if (fault?.action === 'fail') throw faultError(fault);
  if (fault?.action === 'tear') {
    writeSync(fd, encodeJournalLine(record).slice(0, 40));
    killSelf();
  }
  store.appendRecord(fd, record);
  if (fault?.action === 'kill') killSelf();
  if (fault?.action === 'signal') signalSelf(state, fault);
}

function executeWithFaults(state: FaultState, machine: Machine, batch: readonly Instruction[]): readonly Failure[] {
  const { counts, faults } = state;
  const place = state.hasFired ? 'rollback' : 'instruction';
  const first = counts[place] + 1;
  counts[place] += batch.length;
  const fault = faults.find((one) => one.place === place && one.nth <= counts[place] && one.last >= first);
  if (!fault) return machine.execute(batch);
  const from = Math.max(0, fault.nth - first);
  if (fault.action === 'run') {
    spawnSync('sh', [fault.detail], { stdio: 'ignore' });
    return machine.execute(batch);
  }
  state.hasFired = true;
  if (fault.action === 'kill') {
    machine.execute(batch.slice(0, from + 1));
    killSelf();
  }
  if (fault.action === 'signal') {
    signalSelf(state, fault);
    return machine.execute(batch);
  }
  const refused = new Set(batch.slice(from, fault.last - first + 1));
  const done = fault.detail === 'ETIMEDOUT' ? batch : batch.filter((instruction) => !refused.has(instruction));
  const failures = new Map(machine.execute(done).map((failure) => [failure.instruction, failure]));
  const { message } = faultError(fault);
  for (const instruction of refused) failures.set(instruction, { instruction, code: fault.detail, message });
  return batch.flatMap((instruction) => failures.get(instruction) ?? []);
}

const isFaultAt = ({ nth, last }: Fault, at: number): boolean => at >= nth && at <= last;

function logCounts({ counts }: FaultState): void {
  const log = process.env['NETFORM_FAULT_LOG'];
  if (log !== undefined) appendFileSync(log, `${JSON.stringify(counts)}\n`);
}

function parseFaults(text: string): readonly Fault[] {
  return text.split(',').flatMap((each): readonly Fault[] => {
    const [, action, place, n, more, detail] = FAULT.exec(each) ?? [];
    if (action === undefined || !isFaultSite(place)) return [];
    const last = more === '-' ? Number.POSITIVE_INFINITY : Number(n);
    return [{ action, place, nth: Number(n), last, detail: detail ?? 'EIO' }];
  });
}

const FAULT = /^(\w+)@(instruction|rollback|journal):(\d+)(-?)(?::(.+))?$/;

const isFaultSite = (text: string | undefined): text is FaultSite =>
  text === 'instruction' || text === 'rollback' || text === 'journal';

const faultError = ({ detail }: Fault): Error & { readonly code: string } =>
  Object.assign(new Error(`${detail} on purpose`), { code: detail });

function signalSelf(state: FaultState, { detail }: Fault): void {
  state.hasFired = true;
  process.kill(process.pid, detail);
}

function killSelf(): never {
  process.kill(process.pid, 'SIGKILL');
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
}
