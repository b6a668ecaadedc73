import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import type { Instruction } from '../src/model/instruction.ts';
import type { Failure, Machine } from '../src/model/machine.ts';

/**
 * Faults on purpose, for the campaign. Nothing of src imports this file, and the shipped build leaves it out:
 * `scripts/build.mjs --faults` builds dist-faults, where it is put around the machine and around the journal.
 *
 * NETFORM_FAULT is a list, with commas, of `ACTION@PLACE:N[:DETAIL]`. PLACE: `instruction` counts what the machine is
 * asked for, from 1; `rollback` counts likewise after the first fault; `journal` counts the records that are appended.
 * N with a `-` behind it stands for all from there on.
 * ACTION: `fail` (DETAIL is the errno; ETIMEDOUT does what was asked and fails all the same), `kill` (-9, when the Nth is
 * done), `tear` (-9 when half of the record is written), `signal` (DETAIL is the signal, to ourselves) and `run` (DETAIL
 * is a file for sh, run before the Nth). With NETFORM_FAULT_LOG, that file gets the three counts as JSON.
 */
type Fault = {
  readonly action: string;
  readonly place: FaultSite;
  readonly nth: number;
  readonly last: number;
  readonly detail: string;
};
type FaultSite = 'instruction' | 'rollback' | 'journal';

const counts = { instruction: 0, rollback: 0, journal: 0 };
let faults: readonly Fault[] = [];
let hasFired = false;

/** The machine with the faults that the environment names at this moment; the counts start again. */
export function withFaults(make: () => Machine): () => Machine {
  return () => {
    Object.assign(counts, { instruction: 0, rollback: 0, journal: 0 });
    faults = parseFaults(process.env['NETFORM_FAULT'] ?? '');
    hasFired = false;
    const machine = make();
    return { ...machine, execute: (batch) => executeWithFaults(machine, batch), close: () => closeWithLog(machine) };
  };
}

/** A function that appends a record to a journal, with the faults of that place. `tear` writes half of a text. */
export function withJournalFaults<A extends readonly unknown[], R>(
  append: (...given: A) => R,
  tear: (...given: A) => void,
): (...given: A) => R {
  return (...given) => {
    counts.journal += 1;
    const [fault] = faults.filter((one) => one.place === 'journal' && isFaultAt(one, counts.journal));
    if (fault?.action === 'fail') throw faultError(fault);
    if (fault?.action === 'tear') {
      tear(...given);
      killSelf();
    }
    const result = append(...given);
    if (fault?.action === 'kill') killSelf();
    if (fault?.action === 'signal') signalSelf(fault);
    return result;
  };
}

function executeWithFaults(machine: Machine, batch: readonly Instruction[]): readonly Failure[] {
  const place = hasFired ? 'rollback' : 'instruction';
  const first = counts[place] + 1;
  counts[place] += batch.length;
  const fault = faults.find((one) => one.place === place && one.nth <= counts[place] && one.last >= first);
  if (!fault) return machine.execute(batch);
  const from = Math.max(0, fault.nth - first);
  if (fault.action === 'run') {
    spawnSync('sh', [fault.detail], { stdio: 'ignore' });
    return machine.execute(batch);
  }
  hasFired = true;
  if (fault.action === 'kill') {
    machine.execute(batch.slice(0, from + 1));
    killSelf();
  }
  if (fault.action === 'signal') {
    signalSelf(fault);
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

function closeWithLog(machine: Machine): void {
  const log = process.env['NETFORM_FAULT_LOG'];
  if (log !== undefined) appendFileSync(log, `${JSON.stringify(counts)}\n`);
  machine.close();
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

const isFaultSite = (text: string | undefined): text is FaultSite => text !== undefined && text in counts;

const faultError = ({ detail }: Fault): Error & { readonly code: string } =>
  Object.assign(new Error(`${detail} on purpose`), { code: detail });

function signalSelf({ detail }: Fault): void {
  hasFired = true;
  process.kill(process.pid, detail);
}

function killSelf(): never {
  process.kill(process.pid, 'SIGKILL');
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
}
