import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compileHelpers } from '../../bench/build.ts';
import { labFiles } from '../../bench/files.ts';
import { star } from '../../bench/labs.ts';
import { type Machine, withMachine } from '../support/machine.ts';

/** By the name of a system call: how often it was made. */
type Calls = { readonly [name: string]: number };
type Traced = { readonly [command: string]: Calls };

const [FEW, MANY] = [20, 100];
const folder = mkdtempSync(join(tmpdir(), 'netform-bench-'));
const traced = new Map<number, Traced>();

beforeAll(async () => {
  compileHelpers(folder);
  for (const count of [FEW, MANY]) traced.set(count, await traceStar(count));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('starting opens few files more than node itself does', () => {
  const opened = (command: string): number => callsOf(FEW, command)['openat'] ?? 0;
  expect(opened('version') - opened('node')).toBeLessThan(10);
});

test.each(['apply', 'noop', 'plan', 'destroy'])(
  '%s makes as many system calls for each namespace of many as of few',
  (command) => {
    const each = (total(MANY, command) - total(FEW, command)) / (MANY - FEW);
    expect(each).toBeLessThan((1.3 * total(FEW, command)) / FEW);
    expect(each).toBeLessThan(200);
  },
);

test('apply stays near the lower bound in C', () => {
  expect(total(MANY, 'apply')).toBeLessThan(4 * total(MANY, 'C'));
});

test('reading a lab takes fewer system calls than making it', () => {
  expect(total(MANY, 'plan')).toBeLessThan(total(MANY, 'apply'));
  expect(total(MANY, 'noop')).toBeLessThan(total(MANY, 'apply'));
});

test('apply waits for the disk as often for many namespaces as for few', () => {
  expect(callsOf(MANY, 'apply')['fsync']).toBe(callsOf(FEW, 'apply')['fsync']);
});

/** The system calls of a star of so many namespaces: made, made again, planned, removed; made by the lower bound. */
async function traceStar(count: number): Promise<Traced> {
  const { lines, topology } = await labFiles(folder, `star-${count}`, star(count));
  const netform = `${process.execPath} bin/run.js`;
  return await withMachine(async (m) => ({
    node: await trace(m, `${process.execPath} -e 0`),
    version: await trace(m, `${netform} --version`),
    apply: await trace(m, `${netform} apply --yes ${topology}`),
    noop: await trace(m, `${netform} apply --yes ${topology}`),
    plan: await trace(m, `${netform} plan ${topology}`),
    destroy: await trace(m, `${netform} destroy --yes`),
    C: await trace(m, `${folder}/lowerbound apply ${lines}`),
  }));
}

async function trace(m: Machine, command: string): Promise<Calls> {
  const table = await m.must(`strace -f -qq -c -U name,calls -o /run/calls -- ${command} >/dev/null; cat /run/calls`);
  const rows = [...table.matchAll(/^\s*(\w+)\s+(\d+)$/gm)];
  return Object.fromEntries(rows.map(([, name = '', calls]) => [name, Number(calls)]));
}

const callsOf = (count: number, command: string): Calls => traced.get(count)?.[command] ?? {};

/** Without what threads say to each other, which depends on how busy the machine is. */
function total(count: number, command: string): number {
  const { total: all = Number.NaN, futex = 0 } = callsOf(count, command);
  return all - futex;
}
