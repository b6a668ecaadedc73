import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import type { Instruction } from '../model/instruction.ts';
import type { Failure, Machine } from '../model/machine.ts';

/**
 * Faults on purpose, for the campaign. Nothing of src imports this file, and the shipped build leaves it out:
 * `scripts/build.mjs --faults` builds dist-faults, where it is put around the machine and around the journal.
 *
 * NETFORM_FAULT is a list, with commas, of `ACTION@PLACE:N[:DETAIL]`. PLACE: `instruction` counts what the machine is
 * asked for, from 1; `rollback` counts likewise after the first fault; `journal` counts the records that are appended.
 * ACTION: `fail` (DETAIL is the errno; ETIMEDOUT does what was asked and fails all the same), `kill` (-9, when the Nth is
 * done), `tear` (-9 when half of the record is written), `signal` (DETAIL is the signal, to ourselves) and `run` (DETAIL
 * is a file for sh, run before the Nth). With NETFORM_FAULT_LOG, that file gets the three counts as JSON.
 */
type Fault = { readonly action: string; readonly place: Place; readonly nth: number; readonly detail: string };
type Place = 'instruction' | 'rollback' | 'journal';

const counts = { instruction: 0, rollback: 0, journal: 0 };
let faults: readonly Fault[] = [];
let fired = false;

/** The machine with the faults that the environment names at this moment; the counts start again. */
export function withFaults(make: () => Machine): () => Machine {
  return () => {
    Object.assign(counts, { instruction: 0, rollback: 0, journal: 0 });
    faults = parse(process.env['NETFORM_FAULT'] ?? '');
    fired = false;
    const machine = make();
    return { ...machine, execute: (batch) => faulty(machine, batch), close: () => closed(machine) };
  };
}

/** A function that appends a record to a journal, with the faults of that place. `tear` writes half of a text. */
export function withJournalFaults<A extends readonly unknown[], R>(
  append: (...given: A) => R,
  tear: (...given: A) => void,
): (...given: A) => R {
  return (...given) => {
    counts.journal += 1;
    const [fault] = faults.filter(({ place, nth }) => place === 'journal' && nth === counts.journal);
    if (fault?.action === 'fail') throw failing(fault);
    if (fault?.action === 'tear') {
      tear(...given);
      die();
    }
    const result = append(...given);
    if (fault?.action === 'kill') die();
    if (fault?.action === 'signal') signal(fault);
    return result;
  };
}

function faulty(machine: Machine, batch: readonly Instruction[]): readonly Failure[] {
  const place = fired ? 'rollback' : 'instruction';
  const first = counts[place] + 1;
  counts[place] += batch.length;
  const here = faults.filter((fault) => fault.place === place && fault.nth >= first && fault.nth <= counts[place]);
  const [fault] = here;
  const one = fault && batch[fault.nth - first];
  if (!one) return machine.execute(batch);
  if (fault.action === 'run') {
    spawnSync('sh', [fault.detail], { stdio: 'ignore' });
    return machine.execute(batch);
  }
  fired = true;
  if (fault.action === 'kill') {
    machine.execute(batch.slice(0, fault.nth - first + 1));
    die();
  }
  if (fault.action === 'signal') {
    signal(fault);
    return machine.execute(batch);
  }
  const done = fault.detail === 'ETIMEDOUT' ? batch : batch.filter((instruction) => instruction !== one);
  const failures = new Map(machine.execute(done).map((failure) => [failure.instruction, failure]));
  failures.set(one, { instruction: one, code: fault.detail, message: failing(fault).message });
  return batch.flatMap((instruction) => failures.get(instruction) ?? []);
}

function closed(machine: Machine): void {
  const log = process.env['NETFORM_FAULT_LOG'];
  if (log !== undefined) appendFileSync(log, `${JSON.stringify(counts)}\n`);
  machine.close();
}

function parse(text: string): readonly Fault[] {
  return text.split(',').flatMap((each): readonly Fault[] => {
    const [, action, place, nth, detail] = /^(\w+)@(instruction|rollback|journal):(\d+)(?::(.+))?$/.exec(each) ?? [];
    if (action === undefined || !isPlace(place)) return [];
    return [{ action, place, nth: Number(nth), detail: detail ?? 'EIO' }];
  });
}

const isPlace = (text: string | undefined): text is Place => text !== undefined && text in counts;

const failing = ({ detail }: Fault): Error & { readonly code: string } =>
  Object.assign(new Error(`${detail} on purpose`), { code: detail });

function signal({ detail }: Fault): void {
  fired = true;
  process.kill(process.pid, detail);
}

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
}
